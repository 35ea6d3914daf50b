//! The section "Connector Schema", as far as it is about Zoom Phone.

use host_harness::model::{ConnectorObject, Delta, ErrorKind, Filter, Value};
use serde_json::{Value as Json, json};
use zoom_simulator::Options;

use super::{
    AT_ONCE, adjust, extension, managed, newcomer, newcomer_with, numbers, other_site, people, phone, shape, site_of,
    sites, text, with_phone, without_phone,
};
use crate::support::{USER, Zoom, all, create, get, kind, texts, update, value};

/// What an attribute of everybody's phone reads as, compared with the simulator; of those without a phone it is
/// nothing.
async fn reads_as(zoom: &Zoom, name: &str, expected: impl Fn(&str) -> Json) {
    let connector = zoom.connector(&[]).await;
    let json = |object: &ConnectorObject| {
        let attribute = object.attribute(name).unwrap_or_else(|| panic!("{name} of {}", object.name));
        let values = attribute.values.as_slice().iter();
        values
            .map(|value| value.as_text().map_or_else(|| json!(value.as_i64()), |text| json!(text)))
            .collect::<Vec<_>>()
    };
    let mut phones = 0;
    for object in all(&connector, USER, None).await {
        let id = object.uid.value.as_str();
        match phone(zoom, id) {
            None => assert!(json(&object).is_empty(), "{name} of {}", object.name),
            Some(_) => {
                phones += 1;
                let (mut read, mut held) = (json(&object), expected(id).as_array().expect("values").clone());
                read.sort_by_key(ToString::to_string);
                held.sort_by_key(ToString::to_string);
                assert_eq!(read, held, "{name} of {}", object.name);
            }
        }
    }
    assert!(phones > 1, "{phones} phones");
}

/// A new user with a phone, and these attributes of it.
async fn created(zoom: &Zoom, attributes: &[(&'static str, Value)]) -> String {
    let connector = zoom.connector(&[AT_ONCE]).await;
    let mut all = newcomer_with("ZOOM_PHONE_FEATURE", true);
    all.extend(attributes.iter().cloned());
    create(&connector, USER, &all).await.expect("a uid").value
}

/// For a user who has no phone, nothing of it can be set: nothing is called that changes anything.
async fn is_refused_without_a_phone(zoom: &Zoom, name: &'static str, to: impl Into<Value>) {
    let connector = zoom.connector(&[]).await;
    let (id, to) = (without_phone(zoom), to.into());
    zoom.simulator.reset();
    let error = update(&connector, USER, &id, &[Delta::replace(name, [to.clone()])]).await.expect_err("refused");
    assert_eq!((error.kind, error.attributes), (ErrorKind::InvalidAttributeValue, vec![name.to_owned()]));
    let mut attributes = newcomer("nora@example.com");
    attributes.push((name, to));
    assert_eq!(kind(create(&connector, USER, &attributes).await), Some(ErrorKind::InvalidAttributeValue));
    assert!(zoom.changes().is_empty());
}

async fn changed(zoom: &Zoom, id: &str, delta: Delta) -> Vec<String> {
    let connector = zoom.connector(&[]).await;
    zoom.simulator.reset();
    update(&connector, USER, id, &[delta]).await.expect("changed");
    zoom.changes()
}

async fn shaped(zoom: &Zoom, name: &str) -> String {
    shape(&zoom.connector(&[]).await, name).await
}

/// Better: it is read from the phone itself, whatever the user's record says of it or leaves out.
#[tokio::test(flavor = "multi_thread")]
async fn zoom_phone_feature_is_whether_the_user_has_a_phone() {
    let zoom = managed().await;
    assert_eq!(shaped(&zoom, "ZOOM_PHONE_FEATURE").await, "boolean create update");
    let connector = zoom.connector(&[AT_ONCE]).await;
    for told in ["off", "empty", "real"] {
        zoom.switch(json!({ "feature_in_user": told }));
        for object in all(&connector, USER, None).await {
            let has = phone(&zoom, &object.uid.value).is_some();
            assert_eq!(value(&object, "ZOOM_PHONE_FEATURE"), Some(has.into()), "{}", object.name);
        }
    }
    zoom.simulator.reset();
    let id = create(&connector, USER, &newcomer_with("ZOOM_PHONE_FEATURE", true)).await.expect("a uid").value;
    let log = zoom.simulator.log();
    let sent = log.iter().find(|call| call.method == "POST" && call.path == "/v2/users").expect("a call");
    assert_eq!(sent.request_body["user_info"]["feature"], json!({ "zoom_phone": true }));
    assert!(phone(&zoom, &id).is_some());
    update(&connector, USER, &id, &[Delta::replace("ZOOM_PHONE_FEATURE", [false])]).await.expect("switched off");
    assert_eq!(phone(&zoom, &id), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn site_id_is_the_site_of_the_phone_and_sites_are_never_made() {
    let zoom = managed().await;
    assert_eq!(shaped(&zoom, "SITE_ID").await, "text create update");
    reads_as(&zoom, "SITE_ID", |id| json!([phone(&zoom, id).expect("a phone")["site_id"]])).await;
    let (id, before) = (with_phone(&zoom), sites(&zoom));
    let site = text(&other_site(&zoom, &id)["id"]).to_owned();
    let changes = changed(&zoom, &id, Delta::replace("SITE_ID", [site.as_str()])).await;
    assert_eq!(changes, [format!(r#"PATCH /v2/phone/users/{id} {{"site_id":"{site}"}}"#)]);
    assert_eq!(phone(&zoom, &id).expect("a phone")["site_id"], site.as_str());
    let connector = zoom.connector(&[]).await;
    zoom.simulator.reset();
    let unknown = update(&connector, USER, &id, &[Delta::replace("SITE_ID", ["no-such-site"])]).await;
    assert_eq!(kind(unknown), Some(ErrorKind::InvalidAttributeValue));
    assert!(zoom.changes().is_empty());
    let id = created(&zoom, &[("SITE_ID", site.as_str().into())]).await;
    assert_eq!(phone(&zoom, &id).expect("a phone")["site_id"], site.as_str());
    assert_eq!(sites(&zoom), before);
    is_refused_without_a_phone(&zoom, "SITE_ID", site.as_str()).await;
}

/// Better: sites beyond the first page of thirty are found.
#[tokio::test(flavor = "multi_thread")]
async fn site_name_is_enough_to_say_where_a_new_phone_is() {
    let zoom = Zoom::start(Options { sites: 40, ..people() }).await;
    zoom.switch(json!({ "managed_domains": ["example.com"], "managed_users_start_active": true }));
    assert_eq!(shaped(&zoom, "SITE_NAME").await, "text create update");
    reads_as(&zoom, "SITE_NAME", |id| json!([site_of(&zoom, id)["name"]])).await;
    let last = sites(&zoom).pop().expect("a site");
    let id = created(&zoom, &[("SITE_NAME", text(&last["name"]).into())]).await;
    assert_eq!(site_of(&zoom, &id), last);
    let main = sites(&zoom).remove(0);
    let changes = changed(&zoom, &id, Delta::replace("SITE_NAME", [text(&main["name"])])).await;
    assert_eq!(changes, [format!(r#"PATCH /v2/phone/users/{id} {{"site_id":{}}}"#, main["id"])]);
    assert_eq!(site_of(&zoom, &id), main);
    is_refused_without_a_phone(&zoom, "SITE_NAME", "Main Site").await;
}

/// Better: it names a site as well as the name does.
#[tokio::test(flavor = "multi_thread")]
async fn site_code_is_the_code_of_the_site() {
    let zoom = managed().await;
    assert_eq!(shaped(&zoom, "SITE_CODE").await, "integer create update");
    reads_as(&zoom, "SITE_CODE", |id| json!([site_of(&zoom, id)["site_code"]])).await;
    let id = with_phone(&zoom);
    let site = other_site(&zoom, &id);
    let code = i32::try_from(site["site_code"].as_i64().expect("a code")).expect("a small one");
    let changes = changed(&zoom, &id, Delta::replace("SITE_CODE", [code])).await;
    assert_eq!(changes, [format!(r#"PATCH /v2/phone/users/{id} {{"site_id":{}}}"#, site["id"])]);
    assert_eq!(site_of(&zoom, &id), site);
    let id = created(&zoom, &[("SITE_CODE", code.into())]).await;
    assert_eq!(site_of(&zoom, &id), site);
    is_refused_without_a_phone(&zoom, "SITE_CODE", code).await;
}

/// Better: it is read, which the Java connector never does, and can be changed.
#[tokio::test(flavor = "multi_thread")]
async fn zoom_phone_status_is_activate_or_deactivate() {
    let zoom = managed().await;
    assert_eq!(shaped(&zoom, "ZOOM_PHONE_STATUS").await, "text create update");
    reads_as(&zoom, "ZOOM_PHONE_STATUS", |id| json!([phone(&zoom, id).expect("a phone")["status"]])).await;
    let id = with_phone(&zoom);
    for status in ["deactivate", "activate"] {
        let changes = changed(&zoom, &id, Delta::replace("ZOOM_PHONE_STATUS", [status])).await;
        let body = json!({ "activation_status": status, "batch_type": "activate", "user_ids": [id] });
        assert_eq!(changes, [format!("PUT /v2/phone/users/batch {body}")]);
        assert_eq!(phone(&zoom, &id).expect("a phone")["status"], status);
        let connector = zoom.connector(&[]).await;
        assert_eq!(texts(&get(&connector, USER, &id).await, "ZOOM_PHONE_STATUS"), [status]);
    }
    let id = created(&zoom, &[("ZOOM_PHONE_STATUS", "deactivate".into())]).await;
    assert_eq!(phone(&zoom, &id).expect("a phone")["status"], "deactivate");
    is_refused_without_a_phone(&zoom, "ZOOM_PHONE_STATUS", "activate").await;
}

/// It is a text with the whole number: the code of the site, and the extension there.
#[tokio::test(flavor = "multi_thread")]
async fn extension_number_is_the_whole_number_at_the_site() {
    let zoom = managed().await;
    assert_eq!(shaped(&zoom, "EXTENSION_NUMBER").await, "text create update");
    let held = |id: &str| phone(&zoom, id).expect("a phone")["extension_number"].to_string();
    reads_as(&zoom, "EXTENSION_NUMBER", |id| json!([held(id)])).await;
    let id = with_phone(&zoom);
    let site = site_of(&zoom, &id);
    let other = extension(&site, 7_777);
    let changes = changed(&zoom, &id, Delta::replace("EXTENSION_NUMBER", [other.as_str()])).await;
    assert_eq!(changes, [format!(r#"PATCH /v2/phone/users/{id} {{"extension_number":"{other}"}}"#)]);
    assert_eq!(held(&id), other);
    let taken = other;
    let other = other_site(&zoom, &id);
    let elsewhere = extension(&other, 8_888);
    let wanted = [("SITE_ID", text(&other["id"]).into()), ("EXTENSION_NUMBER", elsewhere.as_str().into())];
    let new = created(&zoom, &wanted).await;
    assert_eq!((site_of(&zoom, &new), held(&new)), (other, elsewhere));
    let connector = zoom.connector(&[]).await;
    let error = update(&connector, USER, &new, &[Delta::replace("EXTENSION_NUMBER", [taken.as_str()])]).await;
    assert_eq!(kind(error), Some(ErrorKind::InvalidAttributeValue), "it is the other site's");
    is_refused_without_a_phone(&zoom, "EXTENSION_NUMBER", taken.as_str()).await;
}

/// Better: new plans come before old ones go, since a phone has at least one; and one for another is one call.
#[tokio::test(flavor = "multi_thread")]
async fn zoom_phone_calling_plans_are_added_switched_and_removed() {
    let zoom = managed().await;
    assert_eq!(shaped(&zoom, "ZOOM_PHONE_CALLING_PLANS").await, "integer several create update");
    reads_as(&zoom, "ZOOM_PHONE_CALLING_PLANS", |id| phone(&zoom, id).expect("a phone")["calling_plans"].clone()).await;
    let id = created(&zoom, &[("ZOOM_PHONE_CALLING_PLANS", 200.into())]).await;
    let plans = || phone(&zoom, &id).expect("a phone")["calling_plans"].clone();
    assert_eq!(plans(), json!([200]));
    let path = format!("/v2/phone/users/{id}/calling_plans");
    let changes = changed(&zoom, &id, Delta::replace("ZOOM_PHONE_CALLING_PLANS", [202])).await;
    assert_eq!(changes, [format!(r#"PUT {path} {{"source_type":200,"target_type":202}}"#)]);
    let changes = changed(&zoom, &id, Delta::replace("ZOOM_PHONE_CALLING_PLANS", [100, 4000])).await;
    let added = format!(r#"POST {path} {{"calling_plans":[{{"type":100}},{{"type":4000}}]}}"#);
    assert_eq!(changes, [added, format!("DELETE {path}/202")]);
    assert_eq!(plans(), json!([100, 4000]));
    let changes = changed(&zoom, &id, adjust("ZOOM_PHONE_CALLING_PLANS", [], [4000])).await;
    assert_eq!((changes, plans()), (vec![format!("DELETE {path}/4000")], json!([100])));
    let connector = zoom.connector(&[]).await;
    let none = update(&connector, USER, &id, &[Delta::replace::<Value>("ZOOM_PHONE_CALLING_PLANS", [])]).await;
    assert_eq!(kind(none), Some(ErrorKind::InvalidAttributeValue));
    is_refused_without_a_phone(&zoom, "ZOOM_PHONE_CALLING_PLANS", 200).await;
}

/// They read with a plus, whichever way Zoom writes them, and are taken in any form.
#[tokio::test(flavor = "multi_thread")]
async fn zoom_phone_numbers_are_assigned_and_unassigned() {
    let zoom = managed().await;
    assert_eq!(shaped(&zoom, "ZOOM_PHONE_NUMBERS").await, "text several create update");
    for plus in [true, false] {
        zoom.switch(json!({ "phone_numbers_with_plus": plus }));
        reads_as(&zoom, "ZOOM_PHONE_NUMBERS", |id| json!(numbers(&zoom, Some(id)))).await;
    }
    let free: Vec<_> = numbers(&zoom, None).into_iter().take(2).collect();
    let id = created(&zoom, &[("ZOOM_PHONE_NUMBERS", free[0].as_str().into())]).await;
    assert_eq!(numbers(&zoom, Some(&id)), free[..1].iter().cloned().collect());
    let path = format!("/v2/phone/users/{id}/phone_numbers");
    let bare = free[1].trim_start_matches('+');
    let changes = changed(&zoom, &id, adjust("ZOOM_PHONE_NUMBERS", [bare], [free[0].as_str()])).await;
    let added = format!(r#"POST {path} {{"phone_numbers":[{{"number":"{}"}}]}}"#, free[1]);
    assert_eq!((changes.len(), &changes[0]), (2, &added));
    assert!(changes[1].starts_with(&format!("DELETE {path}/")), "{changes:?}");
    assert_eq!(numbers(&zoom, Some(&id)), free[1..].iter().cloned().collect());
    let connector = zoom.connector(&[]).await;
    let by_number = Filter::ContainsAllValues("ZOOM_PHONE_NUMBERS".into(), vec![free[1].as_str().into()]);
    let found = all(&connector, USER, Some(by_number)).await;
    assert_eq!(found.iter().map(|user| user.uid.value.as_str()).collect::<Vec<_>>(), [id.as_str()]);
    assert!(!numbers(&zoom, None).contains(&free[1]), "and it is nobody else's");
    is_refused_without_a_phone(&zoom, "ZOOM_PHONE_NUMBERS", free[0].as_str()).await;
}
