//! Zoom Phone: what a change of it takes, and what is refused before anything is changed.

use host_harness::Connector;
use host_harness::model::{Change, ConnectorError, Delta, Value};
use serde_json::{Value as Json, json};
use zoom_simulator::Options;

use crate::support::{USER, Zoom, create, get, texts, update, users, value};

/// A Zoom in which the first of its phone users and one without a phone are at hand.
struct Phones {
    zoom: Zoom,
    /// A user with a phone, and a user without.
    with: String,
    without: String,
}

impl Phones {
    async fn start() -> Self {
        Self::of(Options { phone_users: 4, sites: 3, ..users(20, 0, 0) }).await
    }

    async fn of(options: Options) -> Self {
        let zoom = Zoom::start(options).await;
        let phones = phones(&zoom);
        let has = |id: &String| phones.iter().any(|phone| phone["id"] == id.as_str());
        let active = zoom.ids("active");
        let with = active.iter().find(|id| has(id)).expect("a phone user").clone();
        let without = active.iter().rfind(|id| !has(id)).expect("a user without a phone").clone();
        Self { zoom, with, without }
    }

    async fn connector(&self) -> Connector {
        self.zoom.connector(&[("phoneProvisioningInterval", "0")]).await
    }

    /// The phone of a user, as the simulator holds it.
    fn phone(&self, id: &str) -> Json {
        phones(&self.zoom)
            .into_iter()
            .find(|phone| phone["id"] == id)
            .map_or(Json::Null, |phone| phone["phone"].clone())
    }

    /// Numbers that nobody has.
    fn free(&self) -> Vec<String> {
        let state = self.zoom.simulator.state();
        let numbers = state["phone"]["numbers"].as_array().expect("numbers").iter();
        let free = numbers.filter(|number| number["assignee"].is_null());
        free.map(|number| number["number"]["number"].as_str().expect("a number").to_owned()).collect()
    }

    async fn refused(&self, id: &str, deltas: &[Delta]) -> Box<ConnectorError> {
        self.zoom.simulator.reset();
        let error = update(&self.connector().await, USER, id, deltas).await.expect_err("refused");
        assert_eq!(self.zoom.changes(), Vec::<String>::new(), "nothing was changed");
        error
    }
}

fn phones(zoom: &Zoom) -> Vec<Json> {
    zoom.simulator.state()["phone"]["users"].as_array().expect("phone users").clone()
}

fn sites(zoom: &Zoom) -> Vec<Json> {
    zoom.simulator.state()["phone"]["sites"].as_array().expect("sites").clone()
}

fn adjust(name: &str, add: Vec<Value>, remove: Vec<Value>) -> Delta {
    Delta { name: name.into(), change: Change::Adjust { add, remove } }
}

fn on() -> Delta {
    Delta::replace("ZOOM_PHONE_FEATURE", [true])
}

#[tokio::test(flavor = "multi_thread")]
async fn what_takes_a_phone_is_refused_without_one_and_it_is_said_what_to_set() {
    let phones = Phones::start().await;
    for delta in [
        Delta::replace("ZOOM_PHONE_NUMBERS", [phones.free()[0].as_str()]),
        Delta::replace("ZOOM_PHONE_CALLING_PLANS", [200]),
        Delta::replace("SITE_NAME", ["Main Site"]),
        Delta::replace("EXTENSION_NUMBER", ["10112345"]),
        Delta::replace("ZOOM_PHONE_STATUS", ["deactivate"]),
    ] {
        let error = phones.refused(&phones.without, std::slice::from_ref(&delta)).await;
        assert_eq!(error.kind.to_string(), "invalid-attribute-value");
        assert_eq!(error.attributes, [delta.name.as_str()]);
        assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("ZOOM_PHONE_FEATURE")), "{:?}", error.hint);
    }
    // At creation no call is made at all.
    let connector = phones.connector().await;
    phones.zoom.simulator.reset();
    let attributes = [("__NAME__", "new@example.com".into()), ("ZOOM_PHONE_CALLING_PLANS", Value::Integer(200))];
    let error = create(&connector, USER, &attributes).await.expect_err("refused");
    assert_eq!(error.attributes, ["ZOOM_PHONE_CALLING_PLANS"]);
    assert_eq!(phones.zoom.simulator.stats().requests, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn clearing_what_a_user_without_a_phone_does_not_have_is_nothing_to_do() {
    let phones = Phones::start().await;
    let connector = phones.connector().await;
    phones.zoom.simulator.reset();
    let deltas = [
        Delta::replace::<Value>("ZOOM_PHONE_NUMBERS", []),
        Delta::replace::<Value>("SITE_ID", []),
        Delta::replace("ZOOM_PHONE_FEATURE", [false]),
    ];
    update(&connector, USER, &phones.without, &deltas).await.expect("nothing to do");
    assert_eq!(phones.zoom.changes(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn switching_the_phone_off_takes_everything_with_it_and_nothing_can_be_set_beside() {
    let phones = Phones::start().await;
    let off = || Delta::replace("ZOOM_PHONE_FEATURE", [false]);
    let error = phones.refused(&phones.with, &[off(), Delta::replace("ZOOM_PHONE_CALLING_PLANS", [200])]).await;
    assert_eq!(error.attributes, ["ZOOM_PHONE_CALLING_PLANS"]);
    let id = &phones.with;
    let connector = phones.connector().await;
    phones.zoom.simulator.reset();
    let deltas = [off(), Delta::replace::<Value>("ZOOM_PHONE_NUMBERS", []), Delta::replace::<Value>("SITE_ID", [])];
    update(&connector, USER, id, &deltas).await.expect("switched off");
    assert_eq!(phones.zoom.changes(), [format!(r#"PATCH /v2/users/{id} {{"feature":{{"zoom_phone":false}}}}"#)]);
    assert_eq!(phones.phone(id), Json::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_comes_and_goes_is_waited_for_until_it_stays() {
    let phones = Phones::start().await;
    phones.zoom.switch(json!({ "phone_provisioning_reads": 3, "phone_provisioning_flaps": true }));
    let connector = phones.zoom.connector(&[("phoneProvisioningInterval", "0"), ("phoneProvisioningHits", "3")]).await;
    phones.zoom.simulator.reset();
    update(&connector, USER, &phones.without, &[on()]).await.expect("switched on");
    let looks = phones.zoom.traffic().into_iter().filter(|call| call.starts_with("GET /v2/phone/users/")).count();
    // The look before; three in vain; one that finds it, one in vain again; three in a row.
    assert_eq!(looks, 1 + 3 + 2 + 3);
    assert_eq!(value(&get(&connector, USER, &phones.without).await, "ZOOM_PHONE_FEATURE"), Some(Value::Boolean(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_does_not_come_in_time_is_an_error_that_says_what_is_done_and_what_is_not() {
    let phones = Phones::start().await;
    phones.zoom.switch(json!({ "phone_provisioning_reads": 1_000_000 }));
    let connector = phones.zoom.connector(&[("phoneProvisioningInterval", "0"), ("phoneProvisioningLimit", "0")]).await;
    let deltas = [
        Delta::replace("DEPT", ["Lab"]),
        on(),
        Delta::replace("ZOOM_PHONE_CALLING_PLANS", [200]),
        Delta::replace("SITE_CODE", [101]),
    ];
    let error = update(&connector, USER, &phones.without, &deltas).await.expect_err("too late");
    assert_eq!((error.kind.to_string(), error.retryable), ("operation-timeout".into(), true));
    assert_eq!(error.done, ["changed DEPT", "switched Zoom Phone on"]);
    let left = error.details.iter().find(|(name, _)| name == "not done").map(|(_, left)| left.as_str());
    assert_eq!(left, Some("wait for the phone, to change SITE_ID, ZOOM_PHONE_CALLING_PLANS"));
    // When the phone is there, the same update goes on where it stood.
    let connector = phones.connector().await;
    phones.zoom.simulator.finish_provisioning();
    phones.zoom.simulator.reset();
    update(&connector, USER, &phones.without, &deltas).await.expect("done");
    let id = &phones.without;
    let switch = format!(r#"PUT /v2/phone/users/{id}/calling_plans {{"source_type":3000,"target_type":200}}"#);
    assert_eq!(phones.zoom.changes(), [switch]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_does_not_wait_so_long_gets_the_same_error_at_once() {
    let phones = Phones::start().await;
    phones.zoom.switch(json!({ "phone_provisioning_reads": 1_000_000 }));
    let connector = phones.zoom.connector(&[("phoneProvisioningInterval", "60000")]).await;
    let options = host_harness::Options { deadline: Some(std::time::Duration::from_secs(30)), ..Default::default() };
    let uid = host_harness::model::Uid::new(&phones.without);
    let error = connector.update_delta(USER, &uid, &[on()], &options).await.expect_err("too late");
    let error = crate::support::refused(error);
    assert_eq!(
        (error.kind.to_string(), error.done.concat()),
        ("operation-timeout".into(), "switched Zoom Phone on".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_is_named_by_id_name_or_code_and_what_names_none_or_several_is_refused() {
    let phones = Phones::of(Options { phone_users: 4, sites: 320, ..users(20, 0, 0) }).await;
    let (id, connector) = (&phones.with, phones.connector().await);
    let all = sites(&phones.zoom);
    let text = |json: &Json| json.as_str().expect("text").to_owned();
    // Sites beyond the first page of the list.
    for (site, delta) in [
        (&all[310], Delta::replace("SITE_ID", [text(&all[310]["id"])])),
        (&all[311], Delta::replace("SITE_NAME", [text(&all[311]["name"])])),
        (
            &all[312],
            Delta::replace(
                "SITE_CODE",
                [i32::try_from(all[312]["site_code"].as_i64().expect("a code")).expect("small")],
            ),
        ),
    ] {
        phones.zoom.simulator.reset();
        update(&connector, USER, id, &[delta]).await.expect("moved");
        let moved = format!(r#"PATCH /v2/phone/users/{id} {{"site_id":"{}"}}"#, text(&site["id"]));
        assert_eq!(phones.zoom.changes(), [moved]);
    }
    // Two that mean the same site are as good as one; two that do not mean any.
    let (one, other) = (text(&all[1]["id"]), text(&all[2]["name"]));
    let both = [Delta::replace("SITE_ID", [one.as_str()]), Delta::replace("SITE_NAME", [text(&all[1]["name"])])];
    update(&connector, USER, id, &both).await.expect("moved");
    assert_eq!(phones.phone(id)["site_id"], all[1]["id"]);
    let contradiction = [Delta::replace("SITE_CODE", [101]), Delta::replace("SITE_NAME", [other.as_str()])];
    let error = phones.refused(id, &contradiction).await;
    assert_eq!(error.attributes, ["SITE_CODE", "SITE_NAME"]);
    // Also where one of them is where the phone is already.
    let here = Delta::replace("SITE_ID", [text(&all[1]["id"])]);
    let error = phones.refused(id, &[here, Delta::replace("SITE_NAME", [other.as_str()])]).await;
    assert_eq!(error.attributes, ["SITE_ID", "SITE_NAME"]);
    for (name, value) in
        [("SITE_ID", Value::from("nowhere")), ("SITE_NAME", "Nowhere".into()), ("SITE_CODE", Value::Integer(7))]
    {
        let error = phones.refused(id, &[Delta::replace(name, [value])]).await;
        assert_eq!(
            (error.kind.to_string(), error.attributes.concat()),
            ("invalid-attribute-value".into(), name.into())
        );
        assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("Main Site")), "{:?}", error.hint);
    }
    let error = phones.refused(id, &[Delta::replace::<Value>("SITE_ID", [])]).await;
    assert_eq!(error.attributes, ["SITE_ID"]);
    // Two sites of one name.
    let name = text(&all[5]["name"]);
    assert!(phones.zoom.simulator.rename_site(&text(&all[6]["id"]), &name));
    let error = update(&phones.connector().await, USER, id, &[Delta::replace("SITE_NAME", [name.as_str()])]).await;
    let error = error.expect_err("ambiguous");
    assert!(error.message.contains("more than one site"), "{}", error.message);
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains(&text(&all[6]["id"]))), "{:?}", error.hint);
}

#[tokio::test(flavor = "multi_thread")]
async fn site_and_extension_change_in_one_call_and_a_taken_extension_is_named() {
    let phones = Phones::start().await;
    let (id, connector) = (&phones.with, phones.connector().await);
    let all = sites(&phones.zoom);
    let here = phones.phone(id)["site_id"].clone();
    let site = all.iter().find(|site| site["id"] != here).expect("another site");
    let extension = format!("{}54321", site["site_code"]);
    phones.zoom.simulator.reset();
    let deltas = [
        Delta::replace("EXTENSION_NUMBER", [extension.as_str()]),
        Delta::replace("SITE_NAME", [site["name"].as_str().expect("a name")]),
    ];
    update(&connector, USER, id, &deltas).await.expect("moved");
    let body = format!(r#"PATCH /v2/phone/users/{id} {{"extension_number":"{extension}","site_id":{}}}"#, site["id"]);
    assert_eq!(phones.zoom.changes(), [body]);
    assert_eq!(texts(&get(&connector, USER, id).await, "EXTENSION_NUMBER"), [extension.as_str()]);
    // The extension of the old site moves with nobody: that it is asked for again is not passed over.
    let there = all.iter().find(|other| other["id"] != site["id"]).expect("a third site");
    let kept = [
        Delta::replace("EXTENSION_NUMBER", [extension.as_str()]),
        Delta::replace("SITE_NAME", [there["name"].as_str().expect("a name")]),
    ];
    let error = update(&connector, USER, id, &kept).await.expect_err("another site's extension");
    assert_eq!(error.attributes, ["EXTENSION_NUMBER"]);
    // Somebody else wants the same.
    let other = phones_of(&phones).into_iter().find(|other| other != id).expect("another phone user");
    let error = update(&connector, USER, &other, &deltas).await.expect_err("taken");
    assert_eq!(
        (error.kind.to_string(), error.attributes.concat()),
        ("invalid-attribute-value".into(), "EXTENSION_NUMBER".into())
    );
    for wrong in ["12a", ""] {
        let error = phones.refused(id, &[Delta::replace("EXTENSION_NUMBER", [wrong])]).await;
        assert_eq!(error.attributes, ["EXTENSION_NUMBER"]);
    }
}

fn phones_of(phones: &Phones) -> Vec<String> {
    self::phones(&phones.zoom).iter().map(|phone| phone["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn plans_change_without_a_moment_without_any() {
    let phones = Phones::start().await;
    let (id, connector) = (&phones.with, phones.connector().await);
    let plans = |plans: &[i32]| Delta::replace("ZOOM_PHONE_CALLING_PLANS", plans.iter().copied());
    update(&connector, USER, id, &[plans(&[3000])]).await.expect("one plan");
    phones.zoom.simulator.reset();
    update(&connector, USER, id, &[plans(&[100, 4000])]).await.expect("two plans");
    assert_eq!(
        phones.zoom.changes(),
        [
            format!(r#"POST /v2/phone/users/{id}/calling_plans {{"calling_plans":[{{"type":100}},{{"type":4000}}]}}"#),
            format!("DELETE /v2/phone/users/{id}/calling_plans/3000"),
        ]
    );
    let swap = adjust("ZOOM_PHONE_CALLING_PLANS", vec![Value::Integer(200)], vec![Value::Integer(100)]);
    update(&connector, USER, id, &[swap]).await.expect("swapped");
    let switch = format!(r#"PUT /v2/phone/users/{id}/calling_plans {{"source_type":100,"target_type":200}}"#);
    assert_eq!(phones.zoom.changes(), [switch]);
    let remove = adjust("ZOOM_PHONE_CALLING_PLANS", vec![], vec![Value::Integer(4000), Value::Integer(83_000)]);
    update(&connector, USER, id, &[remove]).await.expect("removed");
    assert_eq!(phones.zoom.changes(), [format!("DELETE /v2/phone/users/{id}/calling_plans/4000")]);
    // The last one stays.
    for last in [plans(&[]), adjust("ZOOM_PHONE_CALLING_PLANS", vec![], vec![Value::Integer(200)])] {
        let error = phones.refused(id, &[last]).await;
        assert_eq!(error.attributes, ["ZOOM_PHONE_CALLING_PLANS"]);
    }
    assert_eq!(phones.phone(id)["calling_plans"], json!([200]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_nobody_is_left_of_is_an_error_about_licences() {
    let phones = Phones::start().await;
    phones.zoom.switch(json!({ "seats_calling_plans": { "202": 0 } }));
    let connector = phones.connector().await;
    let error =
        update(&connector, USER, &phones.with, &[Delta::replace("ZOOM_PHONE_CALLING_PLANS", [202, 4010])]).await;
    let error = error.expect_err("no seat");
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("licence")), "{:?}", error.hint);
    phones.zoom.switch(json!({ "seats_zoom_phone": 0 }));
    let error = update(&connector, USER, &phones.without, &[on()]).await.expect_err("no licence");
    assert_eq!(error.provider_code.as_deref(), Some("1102"));
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("licence")), "{:?}", error.hint);
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_the_same_with_and_without_a_plus() {
    let phones = Phones::start().await;
    let free = phones.free();
    for with_plus in [true, false] {
        phones.zoom.switch(json!({ "phone_numbers_with_plus": with_plus }));
        let (id, connector) = (&phones.with, phones.connector().await);
        let plain: Vec<_> = free.iter().take(2).map(|number| number.trim_start_matches('+').to_owned()).collect();
        update(&connector, USER, id, &[Delta::replace("ZOOM_PHONE_NUMBERS", plain.iter().map(String::as_str))])
            .await
            .expect("replaced");
        let object = get(&connector, USER, id).await;
        assert_eq!(texts(&object, "ZOOM_PHONE_NUMBERS"), free[..2], "always with it");
        phones.zoom.simulator.reset();
        update(&connector, USER, id, &[Delta::replace("ZOOM_PHONE_NUMBERS", [free[1].as_str(), plain[0].as_str()])])
            .await
            .expect("the same");
        assert_eq!(phones.zoom.changes(), Vec::<String>::new());
    }
    let error = phones.refused(&phones.with, &[Delta::replace("ZOOM_PHONE_NUMBERS", ["next to the door"])]).await;
    assert_eq!(error.attributes, ["ZOOM_PHONE_NUMBERS"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_numbers_make_room_for_new_ones_where_a_user_has_as_many_as_can_be() {
    let phones = Phones::of(Options { phone_users: 4, ..users(20, 0, 0) }).await;
    let (id, connector) = (&phones.with, phones.connector().await);
    let free = phones.free();
    let numbers = |numbers: &[String]| Delta::replace("ZOOM_PHONE_NUMBERS", numbers.iter().map(String::as_str));
    let order = |calls: Vec<String>| {
        calls.iter().map(|call| call.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    // Ten is what Zoom documents.
    update(&connector, USER, id, &[numbers(&free[..10])]).await.expect("ten numbers");
    phones.zoom.simulator.reset();
    update(&connector, USER, id, &[numbers(&free[1..11])]).await.expect("ten others");
    assert_eq!(order(phones.zoom.changes()), ["DELETE", "POST"]);
    // Where there is room, new ones come first.
    update(&connector, USER, id, &[numbers(&free[1..3])]).await.expect("two numbers");
    phones.zoom.simulator.reset();
    update(&connector, USER, id, &[numbers(&free[2..4])]).await.expect("another one");
    assert_eq!(order(phones.zoom.changes()), ["POST", "DELETE"]);
    // An account may allow fewer, and only refuses: then it is the other way round.
    phones.zoom.switch(json!({ "phone_numbers_per_user": 2 }));
    phones.zoom.simulator.reset();
    update(&connector, USER, id, &[numbers(&free[3..5])]).await.expect("another one");
    assert_eq!(order(phones.zoom.changes()), ["POST", "DELETE", "POST"]);
    assert_eq!(texts(&get(&connector, USER, id).await, "ZOOM_PHONE_NUMBERS"), free[3..5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_somebody_else_is_refused_and_what_was_done_before_is_said() {
    let phones = Phones::start().await;
    let connector = phones.connector().await;
    let id = &phones.with;
    let state = phones.zoom.simulator.state();
    let taken = state["phone"]["numbers"]
        .as_array()
        .expect("numbers")
        .iter()
        .find(|number| number["assignee"].is_string() && number["assignee"] != id.as_str());
    let taken = taken.expect("a number of somebody else")["number"]["number"].as_str().expect("a number").to_owned();
    let deltas = [
        Delta::replace("JOB_TITLE", ["Operator"]),
        adjust("ZOOM_PHONE_CALLING_PLANS", vec![Value::Integer(4010)], vec![]),
        adjust("ZOOM_PHONE_NUMBERS", vec![taken.as_str().into()], vec![]),
        Delta::replace("ZOOM_PHONE_STATUS", ["deactivate"]),
    ];
    let error = update(&connector, USER, id, &deltas).await.expect_err("taken");
    assert_eq!(
        (error.kind.to_string(), error.attributes.concat()),
        ("invalid-attribute-value".into(), "ZOOM_PHONE_NUMBERS".into())
    );
    assert_eq!(error.done, ["changed JOB_TITLE", "added the calling plans 4010"]);
    let left = error.details.iter().find(|(name, _)| name == "not done").map(|(_, left)| left.clone());
    assert_eq!(left, Some(format!("add the numbers {taken}; deactivate the phone")));
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_let_through_first_and_shut_out_last() {
    let phones = Phones::start().await;
    let (id, connector) = (&phones.with, phones.connector().await);
    let status = |status: &str| Delta::replace("ZOOM_PHONE_STATUS", [status]);
    let extra = || adjust("ZOOM_PHONE_CALLING_PLANS", vec![Value::Integer(4010)], vec![]);
    update(&connector, USER, id, &[status("activate")]).await.expect("active");
    phones.zoom.simulator.reset();
    let order = |calls: Vec<String>| {
        calls.iter().map(|call| call.split(' ').next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    update(&connector, USER, id, &[status("deactivate"), extra()]).await.expect("shut out");
    assert_eq!(order(phones.zoom.changes()), ["POST", "PUT"]);
    assert_eq!(texts(&get(&connector, USER, id).await, "ZOOM_PHONE_STATUS"), ["deactivate"]);
    let less = adjust("ZOOM_PHONE_CALLING_PLANS", vec![], vec![Value::Integer(4010)]);
    phones.zoom.simulator.reset();
    update(&connector, USER, id, &[less, status("activate")]).await.expect("let through");
    assert_eq!(order(phones.zoom.changes()), ["PUT", "DELETE"]);
    let error = phones.refused(id, &[status("active")]).await;
    assert_eq!(error.attributes, ["ZOOM_PHONE_STATUS"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_zoom_phone_has_users_without_phones() {
    for kind in ["forbidden", "missing"] {
        let zoom = Zoom::start(users(10, 0, 0)).await;
        zoom.switch(json!({ "zoom_phone": kind }));
        let connector = zoom.connector(&[]).await;
        let id = zoom.member();
        let object = get(&connector, USER, &id).await;
        assert_eq!(value(&object, "ZOOM_PHONE_FEATURE"), Some(Value::Boolean(false)), "{kind}");
        assert!(texts(&object, "SITE_NAME").is_empty());
        zoom.simulator.reset();
        let error = update(&connector, USER, &id, &[on()]).await.expect_err("no phone to have");
        assert_eq!((error.kind.to_string(), zoom.changes().len()), ("unsupported-operation".into(), 0));
        // One refusal answers for all.
        assert_eq!(crate::support::all(&connector, USER, None).await.len(), 10);
        assert!(zoom.traffic().iter().all(|call| !call.contains("/phone/users")));
    }
    // A missing scope is another thing: nothing is known then, and that is an error.
    let zoom = Zoom::start(users(10, 0, 0)).await;
    zoom.switch(json!({ "scopes": ["user:read:admin"] }));
    let connector = zoom.connector(&[]).await;
    let error =
        connector.get(USER, &zoom.member(), host_harness::SearchOptions::default()).await.expect_err("no scope");
    assert_eq!(crate::support::refused(error).kind.to_string(), "permission-denied");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_multiple_sites_has_phones_without_a_site() {
    let phones = Phones::of(Options { phone_users: 4, sites: 0, ..users(20, 0, 0) }).await;
    let connector = phones.connector().await;
    phones.zoom.simulator.reset();
    let object = get(&connector, USER, &phones.with).await;
    assert_eq!(value(&object, "ZOOM_PHONE_FEATURE"), Some(Value::Boolean(true)));
    assert!(texts(&object, "SITE_ID").is_empty() && texts(&object, "SITE_NAME").is_empty());
    assert!(phones.zoom.traffic().iter().all(|call| !call.contains("/phone/sites")));
    let error = phones.refused(&phones.with, &[Delta::replace("SITE_NAME", ["Main Site"])]).await;
    assert!(error.message.contains("ites"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_is_active_from_the_start_gets_the_phone_at_creation() {
    let phones = Phones::start().await;
    phones.zoom.switch(json!({ "managed_domains": ["example.com"] }));
    let connector = phones.connector().await;
    let number = phones.free()[0].clone();
    phones.zoom.simulator.reset();
    let attributes = [
        ("__NAME__", "new.phone@example.com".into()),
        ("CREATE_ACTION", "autocreate".into()),
        ("__PASSWORD__", Value::Secret("If42!LfHx".into())),
        ("ZOOM_PHONE_FEATURE", Value::Boolean(true)),
        ("SITE_NAME", "Main Site".into()),
        ("ZOOM_PHONE_NUMBERS", number.as_str().into()),
        ("ZOOM_PHONE_CALLING_PLANS", Value::Integer(200)),
    ];
    let uid = create(&connector, USER, &attributes).await.expect("a user").value;
    let changes = phones.zoom.changes();
    let made = r#"POST /v2/users {"action":"autoCreate","user_info":{"email":"new.phone@example.com","feature":{"zoom_phone":true},"password":"********","type":1}}"#;
    let expected = [
        made.to_owned(),
        format!(r#"PUT /v2/phone/users/{uid}/calling_plans {{"source_type":3000,"target_type":200}}"#),
        format!(r#"POST /v2/phone/users/{uid}/phone_numbers {{"phone_numbers":[{{"number":"{number}"}}]}}"#),
    ];
    assert_eq!(changes, expected, "the main site is where a phone begins");
    assert_eq!(phones.phone(&uid)["calling_plans"], json!([200]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_user_gets_the_phone_with_the_acceptance_and_the_rest_later() {
    let phones = Phones::start().await;
    let connector = phones.connector().await;
    let mut attributes = vec![("__NAME__", "invited@example.com".into()), ("ZOOM_PHONE_FEATURE", Value::Boolean(true))];
    let uid = create(&connector, USER, &attributes).await.expect("invited").value;
    assert_eq!(value(&get(&connector, USER, &uid).await, "ZOOM_PHONE_FEATURE"), Some(Value::Boolean(false)));
    phones.zoom.simulator.activate(&uid).expect("an invitation");
    phones.zoom.simulator.finish_provisioning();
    assert_eq!(value(&get(&connector, USER, &uid).await, "ZOOM_PHONE_FEATURE"), Some(Value::Boolean(true)));
    // What takes a phone that is there is not lost without a word.
    attributes[0] = ("__NAME__", "other@example.com".into());
    attributes.push(("SITE_NAME", "Main Site".into()));
    let error = create(&connector, USER, &attributes).await.expect_err("pending");
    assert_eq!(error.kind.to_string(), "precondition-failed");
    assert_eq!(error.done, ["created the user other@example.com"]);
    assert_eq!(error.uid.map(|uid| uid.value), phones.zoom.user("other@example.com")["id"].as_str().map(str::to_owned));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_phone_is_not_managed_there_are_no_attributes_and_no_calls_of_it() {
    let zoom = Zoom::start(Options { phone_users: 4, ..users(20, 0, 0) }).await;
    zoom.switch(json!({ "scopes": ["user:read:admin", "user:write:admin"] }));
    let connector = zoom.connector(&[("zoomPhone", "false")]).await;
    let schema = connector.schema().await.expect("a schema");
    let class = schema.object_class(USER).expect("the class");
    assert!(
        class
            .attributes
            .iter()
            .all(|attribute| !attribute.name.contains("PHONE_") || attribute.name.starts_with("PHONE_"))
    );
    zoom.simulator.reset();
    let id = zoom.member();
    assert!(get(&connector, USER, &id).await.attribute("ZOOM_PHONE_FEATURE").is_none());
    assert_eq!(crate::support::all(&connector, USER, None).await.len(), 20);
    update(&connector, USER, &id, &[Delta::replace("DEPT", ["Lab"])]).await.expect("changed");
    assert!(zoom.traffic().iter().all(|call| !call.contains("/phone/")));
    let error = update(&connector, USER, &id, &[on()]).await.expect_err("no such attribute");
    assert_eq!(error.attributes, ["ZOOM_PHONE_FEATURE"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invited_user_joins_groups_at_once_whatever_else_has_to_wait() {
    let phones = Phones::start().await;
    let connector = phones.connector().await;
    let group = phones.zoom.groups()[0]["id"].as_str().expect("an id").to_owned();
    let attributes = [
        ("__NAME__", "waits@example.com".into()),
        ("ZOOM_PHONE_FEATURE", Value::Boolean(true)),
        ("SITE_NAME", "Main Site".into()),
        ("GROUP_IDS", group.as_str().into()),
    ];
    let error = create(&connector, USER, &attributes).await.expect_err("pending");
    assert_eq!(error.kind.to_string(), "precondition-failed");
    assert_eq!(
        error.done,
        ["created the user waits@example.com".to_owned(), format!("added the user to the group {group}")]
    );
    assert_eq!(phones.zoom.user("waits@example.com")["group_ids"], json!([group]));
}
