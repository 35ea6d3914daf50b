//! The section "Caveats". Most of its rows are limits; where the limit is the Java connector's and not Zoom's, the
//! tests show that it is gone.

use host_harness::Secret;
use host_harness::model::{Delta, ErrorKind, Filter, Value};
use serde_json::json;
use zoom_simulator::{Options, Plan};

use super::{AT_ONCE, adjust, count, group_ids, newcomer, people, text};
use crate::support::{GROUP, USER, Zoom, all, create, get, kind, refused, texts, try_all, update, users, value};

/// Better: on an account that is not a paid one users are managed all the same, and groups, which Zoom refuses there,
/// are an error that says so and never an empty list.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_not_paid_has_users_and_is_told_why_it_has_no_groups() {
    let zoom = Zoom::start(people()).await;
    zoom.switch(json!({ "paid_account": false }));
    let connector = zoom.connector(&[]).await;
    connector.test().await.expect("a connection");
    assert_eq!(all(&connector, USER, None).await.len(), 16);
    zoom.simulator.reset();
    let error = refused(try_all(&connector, GROUP, None).await.expect_err("refused"));
    assert_eq!((error.kind, error.provider_code.as_deref()), (ErrorKind::PermissionDenied, Some("200")));
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("paid Zoom account")), "{:?}", error.hint);
    assert_eq!(zoom.calls(), [("GET /v2/groups".into(), 1)]);
}

/// Better: the limits of a free account for a second are waited for, and those for a day are named at once.
#[tokio::test(flavor = "multi_thread")]
async fn the_rate_limits_of_a_free_account_are_waited_for_or_told() {
    let zoom = Zoom::start(Options { plan: Plan::Free, ..users(8, 2, 0) }).await;
    zoom.simulator.freeze_clock();
    let connector = zoom.connector(&[("deepImport", "false")]).await;
    // Three lists, where two a second are allowed. The second is over when the third was refused.
    let found = {
        let mut search = std::pin::pin!(all(&connector, USER, None));
        loop {
            tokio::select! {
                found = &mut search => break found,
                () = tokio::task::yield_now() => {}
            }
            if zoom.simulator.stats().status.contains_key("429") {
                zoom.simulator.advance_clock(std::time::Duration::from_secs(1));
                break search.await;
            }
        }
    };
    assert_eq!(found.len(), 8);
    let stats = zoom.simulator.stats();
    let refused = stats.status["429"];
    assert!(refused >= 1 && stats.by_route["GET /v2/users"] == 3 + refused, "{stats:?}");

    zoom.switch(json!({ "plan": "off" }));
    for number in 0..50 {
        create(&connector, USER, &newcomer(&format!("nina{number}@example.com"))).await.expect("one of 50 a day");
    }
    zoom.switch(json!({ "plan": "free" }));
    zoom.simulator.reset();
    let error = create(&connector, USER, &newcomer("nina@example.com")).await.expect_err("the day's are used up");
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("tomorrow")), "{:?}", error.hint);
    assert_eq!(zoom.simulator.stats().by_route["POST /v2/users"], 1, "asked once");
}

/// Better: the Java connector has but the first of the four ways.
#[tokio::test(flavor = "multi_thread")]
async fn users_are_created_in_each_of_the_four_ways() {
    let zoom = Zoom::start(people()).await;
    zoom.switch(json!({ "managed_domains": ["example.com"], "api_users": true, "sso_pre_provision": true }));
    let connector = zoom.connector(&[]).await;
    for (action, status, login) in [
        ("create", "pending", 100),
        ("autoCreate", "active", 100),
        ("custCreate", "active", 99),
        ("ssoCreate", "active", 101),
    ] {
        let email = format!("{}@example.com", action.to_lowercase());
        let mut attributes = newcomer(&email);
        attributes.push(("CREATE_ACTION", action.into()));
        if action == "autoCreate" {
            attributes.push(("__PASSWORD__", Value::Secret(Secret::new("Correct4Horse"))));
        }
        zoom.simulator.reset();
        let id = create(&connector, USER, &attributes).await.expect("a uid").value;
        let log = zoom.simulator.log();
        let sent = log.iter().find(|call| call.method == "POST" && call.path == "/v2/users").expect("a call");
        assert_eq!(sent.request_body["action"], action);
        let user = zoom.user(&id);
        assert_eq!((text(&user["email"]), text(&user["status"])), (email.as_str(), status));
        assert_eq!(user["login_types"], json!([login]), "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_created_pending_where_no_other_way_is_named() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    zoom.simulator.reset();
    let id = create(&connector, USER, &newcomer("nina@example.com")).await.expect("a uid").value;
    let sent = r#"POST /v2/users {"action":"create","user_info":{"email":"nina@example.com","first_name":"Nina","last_name":"New","type":1}}"#;
    assert_eq!(zoom.changes(), [sent]);
    assert_eq!(zoom.user(&id)["status"], "pending");
    assert_eq!(texts(&get(&connector, USER, &id).await, "STATUS"), ["pending"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_user_becomes_active_when_the_person_accepts_and_not_before() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let id = create(&connector, USER, &newcomer("nina@example.com")).await.expect("a uid").value;
    zoom.simulator.reset();
    let error = update(&connector, USER, &id, &[Delta::replace("STATUS", ["active"])]).await.expect_err("refused");
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("accepted the invitation")), "{:?}", error.hint);
    assert!(zoom.changes().is_empty());
    let state = |object: &host_harness::model::ConnectorObject| {
        (texts(object, "STATUS").concat(), texts(object, "VERIFIED").concat())
    };
    assert_eq!(state(&get(&connector, USER, &id).await), ("pending".into(), "0".into()));
    zoom.simulator.activate(&id).expect("accepted");
    assert_eq!(state(&get(&connector, USER, &id).await), ("active".into(), "1".into()), "the same user");
}

/// Better: whatever Zoom tells of a pending user is there, and the id too, which Zoom's lists leave out.
#[tokio::test(flavor = "multi_thread")]
async fn a_pending_user_is_looked_up_by_id_and_by_address_with_all_that_zoom_tells() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.ids("pending")[0].clone();
    let user = zoom.user(&id);
    let row = zoom.connector(&[("deepImport", "false")]).await;
    let listed = all(&row, USER, Some(Filter::equals("STATUS", "pending"))).await;
    assert!(listed.iter().any(|listed| listed.uid.value == id), "lists tell no id of the pending");
    let by_address = Filter::equals("EMAIL", text(&user["email"]));
    zoom.simulator.reset();
    for found in [all(&connector, USER, Some(by_address)).await, vec![get(&connector, USER, &id).await]] {
        let [found] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!((&found.uid.value, found.name.as_str()), (&id, text(&user["email"])));
        for (name, field) in [("STATUS", "status"), ("FIRST_NAME", "first_name"), ("LAST_NAME", "last_name")] {
            assert_eq!(texts(found, name).concat(), text(&user[field]), "{name}");
        }
        assert_eq!(value(found, "TYPE").and_then(|value| value.as_i64()), user["type"].as_i64());
        assert_eq!(json!(texts(found, "GROUP_IDS")), user["group_ids"]);
        assert_eq!(
            (value(found, "__ENABLE__"), value(found, "ZOOM_PHONE_FEATURE")),
            (Some(true.into()), Some(false.into()))
        );
    }
    let calls = zoom.calls();
    assert_eq!(count(&calls, "GET /v2/users/{id}"), 2);
    // The phone is asked for at the same time, before it is known that nobody has one who is pending.
    assert!(calls.iter().all(|(route, _)| route.ends_with("/users/{id}")), "no list is read: {calls:?}");
}

/// Better: the change that Zoom would take and not make is refused; and the one that Zoom makes, groups, can be made.
#[tokio::test(flavor = "multi_thread")]
async fn a_pending_user_is_not_changed_and_can_be_put_into_groups() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[AT_ONCE]).await;
    let id = create(&connector, USER, &newcomer("nina@example.com")).await.expect("a uid").value;
    let before = zoom.user(&id);
    zoom.simulator.reset();
    for delta in [
        Delta::replace("FIRST_NAME", ["Ann"]),
        Delta::replace("TYPE", [2]),
        Delta::replace("EMAIL", ["ann@example.com"]),
        Delta::replace("__ENABLE__", [false]),
        Delta::replace("ZOOM_PHONE_FEATURE", [true]),
    ] {
        let refused = update(&connector, USER, &id, &[delta]).await;
        assert_eq!(kind(refused), Some(ErrorKind::PreconditionFailed));
    }
    assert_eq!((zoom.changes(), zoom.user(&id)), (Vec::new(), before));
    let group = group_ids(&zoom).remove(1);
    update(&connector, USER, &id, &[adjust("GROUP_IDS", [group.as_str()], [])]).await.expect("in a group");
    assert_eq!(zoom.user(&id)["group_ids"], json!([group]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_active_user_is_read_and_changed() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.member();
    update(
        &connector,
        USER,
        &id,
        &[Delta::replace("FIRST_NAME", ["Ann"]), Delta::replace("TIME_ZONE", ["Asia/Tokyo"])],
    )
    .await
    .expect("changed");
    let user = zoom.user(&id);
    assert_eq!((text(&user["first_name"]), text(&user["timezone"])), ("Ann", "Asia/Tokyo"));
    let found = get(&connector, USER, &id).await;
    assert_eq!(
        (texts(&found, "FIRST_NAME").concat(), texts(&found, "TIME_ZONE").concat()),
        ("Ann".into(), "Asia/Tokyo".into())
    );
}

/// Better: Zoom answers that it has made the change, and does not make it; here that is an error.
#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_user_is_read_and_not_changed() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.ids("inactive")[0].clone();
    let user = zoom.user(&id);
    let found = get(&connector, USER, &id).await;
    for (name, field) in [("STATUS", "status"), ("FIRST_NAME", "first_name"), ("LANGUAGE", "language")] {
        assert_eq!(texts(&found, name).concat(), text(&user[field]), "{name}");
    }
    assert_eq!(value(&found, "__ENABLE__"), Some(false.into()));
    zoom.simulator.reset();
    let error = update(&connector, USER, &id, &[Delta::replace("FIRST_NAME", ["Ann"])]).await.expect_err("refused");
    assert_eq!(error.kind, ErrorKind::PreconditionFailed);
    assert!(error.message.contains("inactive") && error.hint.is_some(), "{error:?}");
    assert_eq!((zoom.changes(), zoom.user(&id)), (Vec::new(), user));
}

/// Better: activating and changing are one update, and so are changing and deactivating, which loses none of the
/// changes.
#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_user_is_changed_in_the_update_that_activates() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.ids("inactive")[0].clone();
    zoom.simulator.reset();
    let deltas = [Delta::replace("FIRST_NAME", ["Ann"]), Delta::replace("__ENABLE__", [true])];
    update(&connector, USER, &id, &deltas).await.expect("activated and changed");
    let patch = |name: &str| format!(r#"PATCH /v2/users/{id} {{"first_name":"{name}"}}"#);
    let put = |action: &str| format!(r#"PUT /v2/users/{id}/status {{"action":"{action}"}}"#);
    assert_eq!(zoom.changes(), [put("activate"), patch("Ann")]);
    let deltas = [Delta::replace("__ENABLE__", [false]), Delta::replace("FIRST_NAME", ["Anna"])];
    update(&connector, USER, &id, &deltas).await.expect("changed and deactivated");
    assert_eq!(zoom.changes(), [patch("Anna"), put("deactivate")]);
    let user = zoom.user(&id);
    assert_eq!((text(&user["first_name"]), text(&user["status"])), ("Anna", "inactive"));
}
