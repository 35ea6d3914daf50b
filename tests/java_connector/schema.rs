//! The section "Connector Schema", as far as it is about the user: of each attribute the type, what can be done with
//! it, what is read of it and what a change of it makes of the user at Zoom.

use std::collections::BTreeSet;

use host_harness::Connector;
use host_harness::model::{Delta, ErrorKind, Filter, Value};
use serde_json::{Value as Json, json};

use super::{AT_ONCE, adjust, group_ids, managed, newcomer, newcomer_with, people, phone, shape, text, without_phone};
use crate::support::{USER, Zoom, all, create, get, kind, texts, update, value};

/// Every user reads as the simulator has it: a text that is empty there is none here.
async fn reads_as(zoom: &Zoom, connector: &Connector, name: &str, field: &str) {
    let found = all(connector, USER, None).await;
    let told = |json: &Json| match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut values = BTreeSet::new();
    for object in found.iter().filter(|object| texts(object, "STATUS") != ["pending"]) {
        let expected = told(&zoom.user(&object.uid.value)[field]);
        let read = value(object, name).map(|value| value.to_string()).unwrap_or_default();
        assert_eq!(read, expected, "{name} of {}", object.name);
        values.insert(expected);
    }
    assert!(values.iter().any(|value| !value.is_empty()), "nobody has {name}");
}

/// An update of one attribute makes one call with one field, and reads back.
async fn is_changed(zoom: &Zoom, connector: &Connector, name: &str, field: &str, to: impl Into<Value>) {
    let (id, to) = (zoom.member(), to.into());
    zoom.simulator.reset();
    update(connector, USER, &id, &[Delta::replace(name, [to.clone()])]).await.expect("changed");
    let sent: Vec<_> = zoom.simulator.log().into_iter().filter(|call| call.method != "GET").collect();
    let [sent] = sent.as_slice() else { panic!("{sent:?}") };
    let expected = match &to {
        Value::Text(text) => json!(text),
        number => json!(number.as_i64()),
    };
    assert_eq!((sent.method.as_str(), sent.path.as_str()), ("PATCH", format!("/v2/users/{id}").as_str()));
    assert_eq!(sent.request_body, json!({ field: expected }));
    assert_eq!(zoom.user(&id)[field], expected);
    assert_eq!(value(&get(connector, USER, &id).await, name), Some(to));
}

/// An attribute of a new user is a field of the call that creates.
async fn is_created(zoom: &Zoom, connector: &Connector, name: &'static str, field: &str, value: impl Into<Value>) {
    let email = format!("{}@example.com", name.to_lowercase());
    let attributes = [("EMAIL", email.as_str().into()), (name, value.into())];
    zoom.simulator.reset();
    let id = create(connector, USER, &attributes).await.expect("a uid").value;
    let log = zoom.simulator.log();
    let sent = log.iter().find(|call| call.method == "POST" && call.path == "/v2/users").expect("a call");
    let sent = &sent.request_body["user_info"][field];
    assert_eq!((sent.is_null(), sent), (false, &zoom.user(&id)[field]), "{name}");
}

/// Zoom sets it: no update does, and no creation.
async fn is_refused(zoom: &Zoom, connector: &Connector, name: &'static str, to: impl Into<Value>) {
    let (id, to) = (zoom.member(), to.into());
    zoom.simulator.reset();
    let changed = update(connector, USER, &id, &[Delta::replace(name, [to.clone()])]).await;
    assert_eq!(kind(changed), Some(ErrorKind::InvalidAttributeValue));
    let created = create(connector, USER, &newcomer_with(name, to)).await;
    assert_eq!(kind(created), Some(ErrorKind::InvalidAttributeValue));
    assert_eq!(zoom.calls(), [], "Zoom is not asked");
}

#[tokio::test(flavor = "multi_thread")]
async fn user_id_is_the_uid_of_every_user() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let schema = connector.schema().await.expect("a schema");
    assert_eq!(schema.object_class(USER).expect("a class").uid_native_name.as_deref(), Some("USER_ID"));
    let found = all(&connector, USER, None).await;
    let ids: BTreeSet<_> = found.iter().map(|user| user.uid.value.as_str()).collect();
    let users = zoom.users();
    assert_eq!(ids, users.iter().map(|user| text(&user["id"])).collect());
    let id = zoom.member();
    zoom.simulator.reset();
    let found = all(&connector, USER, Some(Filter::equals("USER_ID", id.as_str()))).await;
    assert_eq!(found.iter().map(|user| user.uid.value.as_str()).collect::<Vec<_>>(), [id.as_str()]);
    assert!(zoom.calls().iter().all(|(route, _)| route != "GET /v2/users"), "no list is read");
    is_refused(&zoom, &connector, "USER_ID", "another").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn email_is_the_name_of_a_user() {
    let zoom = managed().await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape_of_name(&connector).await, "__NAME__ text required create update");
    for user in all(&connector, USER, None).await {
        assert_eq!(user.name, text(&zoom.user(&user.uid.value)["email"]));
    }
    let id = create(&connector, USER, &newcomer("nina@example.com")).await.expect("a uid").value;
    zoom.simulator.reset();
    update(&connector, USER, &id, &[Delta::replace("EMAIL", ["new@example.com"])]).await.expect("changed");
    assert_eq!(zoom.changes(), [format!(r#"PUT /v2/users/{id}/email {{"email":"new@example.com"}}"#)]);
    assert_eq!(zoom.user(&id)["email"], "new@example.com");
    let found = all(&connector, USER, Some(Filter::equals("EMAIL", "NEW@example.com"))).await;
    assert_eq!((found.len(), found[0].name.as_str()), (1, "new@example.com"), "in any letter case");
}

async fn shape_of_name(connector: &Connector) -> String {
    let schema = connector.schema().await.expect("a schema");
    let name = schema.object_class(USER).expect("a class").attribute("EMAIL").expect("an attribute").name.clone();
    format!("{name} {}", shape(connector, "EMAIL").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn first_name_is_read_created_and_changed() {
    let zoom = managed().await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "FIRST_NAME").await, "text create update");
    reads_as(&zoom, &connector, "FIRST_NAME", "first_name").await;
    is_created(&zoom, &connector, "FIRST_NAME", "first_name", "Zoë").await;
    is_changed(&zoom, &connector, "FIRST_NAME", "first_name", "José").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn last_name_is_read_created_and_changed() {
    let zoom = managed().await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "LAST_NAME").await, "text create update");
    reads_as(&zoom, &connector, "LAST_NAME", "last_name").await;
    is_created(&zoom, &connector, "LAST_NAME", "last_name", "Sørensen").await;
    is_changed(&zoom, &connector, "LAST_NAME", "last_name", "O'Brien").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn language_is_read_and_changed() {
    let zoom = managed().await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "LANGUAGE").await, "text update", "Zoom takes none for a new user");
    reads_as(&zoom, &connector, "LANGUAGE", "language").await;
    is_changed(&zoom, &connector, "LANGUAGE", "language", "nl-NL").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn time_zone_is_read_and_changed() {
    let zoom = managed().await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "TIME_ZONE").await, "text update", "Zoom takes none for a new user");
    reads_as(&zoom, &connector, "TIME_ZONE", "timezone").await;
    is_changed(&zoom, &connector, "TIME_ZONE", "timezone", "Pacific/Auckland").await;
}

/// It is any number, and no number of Zoom Phone. It reads with the code of its country, which need not be given.
#[tokio::test(flavor = "multi_thread")]
async fn phone_number_is_read_with_the_code_of_its_country_and_changed() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "PHONE_NUMBER").await, "text update");
    let mut seen = 0;
    for user in all(&connector, USER, None).await {
        let first = zoom.user(&user.uid.value)["phone_numbers"][0].clone();
        let expected = first.as_object().map(|first| format!("{} {}", text(&first["code"]), text(&first["number"])));
        assert_eq!(texts(&user, "PHONE_NUMBER"), expected.iter().cloned().collect::<Vec<_>>(), "{}", user.name);
        seen += usize::from(expected.is_some());
    }
    assert!(seen > 0, "nobody has a number");
    let (id, free) = (without_phone(&zoom), super::numbers(&zoom, None));
    let deltas = [Delta::replace("PHONE_NUMBER", ["+49 3055501"]), Delta::replace("PHONE_COUNTRY", ["DE"])];
    update(&connector, USER, &id, &deltas).await.expect("changed");
    let held = zoom.user(&id)["phone_numbers"][0].clone();
    assert_eq!((text(&held["country"]), text(&held["code"]), text(&held["number"])), ("DE", "+49", "3055501"));
    assert_eq!(texts(&get(&connector, USER, &id).await, "PHONE_NUMBER"), ["+49 3055501"]);
    assert_eq!((phone(&zoom, &id), super::numbers(&zoom, None)), (None, free), "the phone has nothing to do with it");
    update(&connector, USER, &id, &[Delta::replace::<Value>("PHONE_NUMBER", [])]).await.expect("cleared");
    assert!(texts(&get(&connector, USER, &id).await, "PHONE_NUMBER").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn phone_country_is_read_and_goes_with_a_number() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "PHONE_COUNTRY").await, "text update");
    for user in all(&connector, USER, None).await {
        let country = zoom.user(&user.uid.value)["phone_numbers"][0]["country"].as_str().map(str::to_owned);
        assert_eq!(texts(&user, "PHONE_COUNTRY"), country.into_iter().collect::<Vec<_>>(), "{}", user.name);
    }
    let users = zoom.users();
    let is_bare = |user: &&Json| user["status"] == "active" && user["phone_numbers"] == json!([]);
    let id = text(&users.iter().find(is_bare).expect("a user without a number")["id"]).to_owned();
    zoom.simulator.reset();
    for (name, to) in [("PHONE_COUNTRY", "FR"), ("PHONE_NUMBER", "15550100")] {
        let alone = update(&connector, USER, &id, &[Delta::replace(name, [to])]).await.expect_err("refused");
        assert_eq!(alone.kind, ErrorKind::InvalidAttributeValue, "Zoom takes neither without the other");
    }
    assert!(zoom.changes().is_empty());
    let both = [Delta::replace("PHONE_COUNTRY", ["FR"]), Delta::replace("PHONE_NUMBER", ["+33 15550100"])];
    update(&connector, USER, &id, &both).await.expect("changed");
    assert_eq!(zoom.user(&id)["phone_numbers"][0]["country"], "FR");
    assert_eq!(texts(&get(&connector, USER, &id).await, "PHONE_COUNTRY"), ["FR"]);
}

/// Better: Zoom gives the date of the newest way to log in here; the date of the user is an attribute of its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_creation_of_the_user_is_read() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "USER_CREATED_AT").await, "text");
    reads_as(&zoom, &connector, "USER_CREATED_AT", "user_created_at").await;
    is_refused(&zoom, &connector, "USER_CREATED_AT", "2020-01-01T00:00:00Z").await;
}

/// For users with one way to log in that date is the same.
#[tokio::test(flavor = "multi_thread")]
async fn created_at_is_read_as_the_creation_of_the_newest_way_to_log_in() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "CREATED_AT").await, "text");
    reads_as(&zoom, &connector, "CREATED_AT", "user_created_at").await;
    let before = Filter::LessThan("CREATED_AT".into(), "2022-01-01T00:00:00Z".into());
    let found = all(&connector, USER, Some(before)).await;
    let users = zoom.users();
    let older = users.iter().filter(|user| text(&user["user_created_at"]) < "2022-01-01T00:00:00Z");
    assert_eq!(
        found.iter().map(|user| user.uid.value.as_str()).collect::<BTreeSet<_>>(),
        older.map(|user| text(&user["id"])).collect()
    );
    is_refused(&zoom, &connector, "CREATED_AT", "2020-01-01T00:00:00Z").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn last_login_time_is_read() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "LAST_LOGIN_TIME").await, "text");
    reads_as(&zoom, &connector, "LAST_LOGIN_TIME", "last_login_time").await;
    is_refused(&zoom, &connector, "LAST_LOGIN_TIME", "2020-01-01T00:00:00Z").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn type_is_the_plan_and_a_phone_needs_no_licensed_one() {
    let zoom = managed().await;
    zoom.switch(json!({ "sso_pre_provision": true }));
    let connector = zoom.connector(&[AT_ONCE]).await;
    assert_eq!(shape(&connector, "TYPE").await, "integer create update");
    reads_as(&zoom, &connector, "TYPE", "type").await;
    for plan in [1, 2, 99] {
        let email = format!("plan{plan}@example.com");
        let mut attributes = newcomer(&email);
        attributes.push(("TYPE", plan.into()));
        // Zoom has the last one for users of single sign-on.
        attributes.extend((plan == 99).then(|| ("CREATE_ACTION", "ssoCreate".into())));
        let id = create(&connector, USER, &attributes).await.expect("a uid").value;
        assert_eq!(zoom.user(&id)["type"], plan);
        assert_eq!(value(&get(&connector, USER, &id).await, "TYPE"), Some(plan.into()));
    }
    is_changed(&zoom, &connector, "TYPE", "type", 2).await;
    is_changed(&zoom, &connector, "TYPE", "type", 1).await;
    let id = text(&zoom.user("plan1@example.com")["id"]).to_owned();
    update(&connector, USER, &id, &[Delta::replace("ZOOM_PHONE_FEATURE", [true])]).await.expect("a phone");
    assert!(phone(&zoom, &id).is_some() && zoom.user(&id)["type"] == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn group_ids_are_the_groups_of_the_user() {
    let zoom = managed().await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "GROUP_IDS").await, "text several create update");
    for user in all(&connector, USER, None).await {
        assert_eq!(json!(texts(&user, "GROUP_IDS")), zoom.user(&user.uid.value)["group_ids"]);
    }
    let groups = group_ids(&zoom);
    let id = create(&connector, USER, &newcomer_with("GROUP_IDS", groups[0].as_str())).await.expect("a uid").value;
    assert_eq!(zoom.user(&id)["group_ids"], json!([groups[0]]));
    zoom.simulator.reset();
    update(&connector, USER, &id, &[adjust("GROUP_IDS", [groups[2].as_str()], [groups[0].as_str()])])
        .await
        .expect("changed");
    assert_eq!(
        zoom.changes(),
        [
            format!(r#"POST /v2/groups/{}/members {{"members":[{{"id":"{id}"}}]}}"#, groups[2]),
            format!("DELETE /v2/groups/{}/members/{id}", groups[0]),
        ]
    );
    assert_eq!(zoom.user(&id)["group_ids"], json!([groups[2]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn verified_is_a_text_that_is_1_for_who_is_verified() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "VERIFIED").await, "text");
    reads_as(&zoom, &connector, "VERIFIED", "verified").await;
    assert_eq!(texts(&get(&connector, USER, &zoom.member()).await, "VERIFIED"), ["1"]);
    assert_eq!(texts(&get(&connector, USER, &zoom.ids("pending")[0]).await, "VERIFIED"), ["0"]);
    is_refused(&zoom, &connector, "VERIFIED", "1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn status_is_active_inactive_or_pending_and_can_be_set() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "STATUS").await, "text update");
    for user in all(&connector, USER, None).await {
        assert_eq!(texts(&user, "STATUS").concat(), text(&zoom.user(&user.uid.value)["status"]));
    }
    let id = zoom.member();
    for (status, action) in [("inactive", "deactivate"), ("active", "activate")] {
        zoom.simulator.reset();
        update(&connector, USER, &id, &[Delta::replace("STATUS", [status])]).await.expect("changed");
        assert_eq!(zoom.changes(), [format!(r#"PUT /v2/users/{id}/status {{"action":"{action}"}}"#)]);
        assert_eq!(zoom.user(&id)["status"], status);
    }
    let pending = update(&connector, USER, &id, &[Delta::replace("STATUS", ["pending"])]).await;
    assert_eq!(kind(pending), Some(ErrorKind::InvalidAttributeValue), "nobody is made pending");
}

/// Better: it is a number of 64 bits, since Zoom's have ten digits and more, and it can be set.
#[tokio::test(flavor = "multi_thread")]
async fn personal_meeting_id_is_read_in_its_whole_length_and_changed() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "PERSONAL_MEETING_ID").await, "long update");
    reads_as(&zoom, &connector, "PERSONAL_MEETING_ID", "pmi").await;
    assert!(zoom.users().iter().any(|user| user["pmi"].as_i64() > Some(i32::MAX.into())), "32 bits do not hold it");
    is_changed(&zoom, &connector, "PERSONAL_MEETING_ID", "pmi", 9_876_543_210_i64).await;
}

/// Better: it is read, and it can be changed and ended, where the Java connector only sets it at creation.
#[tokio::test(flavor = "multi_thread")]
async fn zoom_one_feature_type_is_the_workplace_plan_and_can_be_changed_and_ended() {
    let zoom = managed().await;
    let connector = zoom.connector(&[]).await;
    assert_eq!(shape(&connector, "ZOOM_ONE_FEATURE_TYPE").await, "text create update");
    zoom.simulator.reset();
    let id = create(&connector, USER, &newcomer_with("ZOOM_ONE_FEATURE_TYPE", "16")).await.expect("a uid").value;
    let sent = zoom.simulator.log().into_iter().find(|call| call.method == "POST" && call.path == "/v2/users");
    assert_eq!(sent.expect("a call").request_body["user_info"]["feature"], json!({ "zoom_one_type": 16 }));
    reads_as(&zoom, &connector, "ZOOM_ONE_FEATURE_TYPE", "zoom_one_type").await;
    assert_eq!(texts(&get(&connector, USER, &id).await, "ZOOM_ONE_FEATURE_TYPE"), ["16"]);
    zoom.simulator.reset();
    update(&connector, USER, &id, &[Delta::replace("ZOOM_ONE_FEATURE_TYPE", ["32"])]).await.expect("changed");
    assert_eq!(zoom.changes(), [format!(r#"PATCH /v2/users/{id} {{"zoom_one_type":32}}"#)]);
    assert_eq!(zoom.user(&id)["zoom_one_type"], 32);
    update(&connector, USER, &id, &[Delta::replace::<Value>("ZOOM_ONE_FEATURE_TYPE", [])]).await.expect("ended");
    assert_eq!(zoom.user(&id)["zoom_one_type"], Json::Null);
}
