//! Creating and changing users.

use host_harness::model::{Change, Delta, ErrorKind, Value};
use serde_json::json;

use crate::support::{USER, Zoom, create, delete, get, kind, texts, update, users, value};

fn new_user(email: &str) -> Vec<(&'static str, Value)> {
    vec![("__NAME__", email.into()), ("FIRST_NAME", "Nina".into()), ("LAST_NAME", "New".into())]
}

fn adjust(name: &str, add: &[&str], remove: &[&str]) -> Delta {
    let values = |texts: &[&str]| texts.iter().map(|text| Value::from(*text)).collect();
    Delta { name: name.into(), change: Change::Adjust { add: values(add), remove: values(remove) } }
}

// --------------------------------------------------------------------------------------- creating

#[tokio::test(flavor = "multi_thread")]
async fn a_new_user_is_looked_up_invited_and_pending() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    zoom.simulator.reset();
    let mut attributes = new_user("nina.new@example.com");
    attributes.push(("TYPE", Value::Integer(2)));
    let uid = create(&connector, USER, &attributes).await.expect("a uid");
    let expected = r#"POST /v2/users {"action":"create","user_info":{"email":"nina.new@example.com","first_name":"Nina","last_name":"New","type":2}}"#;
    let calls = zoom.simulator.stats().by_route;
    assert_eq!((calls["GET /v2/users/{id}"], calls["POST /v2/users"], calls.len()), (1, 1, 3), "and a token");
    assert_eq!(zoom.changes(), [expected]);
    assert_eq!(uid.name_hint.as_deref(), Some("nina.new@example.com"));
    let found = get(&connector, USER, &uid.value).await;
    assert_eq!((found.name.as_str(), texts(&found, "STATUS").concat()), ("nina.new@example.com", "pending".into()));
    assert_eq!(zoom.user(&uid.value)["status"], "pending");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_a_type_is_created_as_a_basic_one() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let uid = create(&connector, USER, &new_user("nina@example.com")).await.expect("a uid");
    assert_eq!(zoom.user(&uid.value)["type"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_zoom_does_not_tell_is_looked_up() {
    for told in ["empty", "absent"] {
        let zoom = Zoom::start(users(5, 0, 0)).await;
        zoom.switch(json!({ "pending_id_in_created": told }));
        let connector = zoom.connector(&[]).await;
        let uid = create(&connector, USER, &new_user("nina@example.com")).await.expect("a uid");
        assert_eq!(uid.value, zoom.user("nina@example.com")["id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_exists_is_named_and_not_created_again() {
    let zoom = Zoom::start(users(5, 0, 1)).await;
    for status in ["active", "pending"] {
        let id = zoom.ids(status)[0].clone();
        let email = zoom.user(&id)["email"].as_str().expect("an address").to_owned();
        let connector = zoom.connector(&[]).await;
        zoom.simulator.reset();
        let error = create(&connector, USER, &new_user(&email)).await.expect_err("exists");
        assert_eq!(error.kind.to_string(), "already-exists");
        assert_eq!(error.uid.map(|uid| uid.value).as_deref(), Some(id.as_str()));
        assert!(zoom.changes().is_empty());
        let lenient = zoom.connector(&[("duplicateErrorReturnsId", "true")]).await;
        assert_eq!(create(&lenient, USER, &new_user(&email)).await.expect("the id").value, id);
        assert!(zoom.changes().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_another_account_is_an_error_of_its_own() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    for answer in ["used", "active_elsewhere"] {
        zoom.switch(json!({ "foreign_address_answer": answer }));
        let error = create(&connector, USER, &new_user("someone@foreign.example")).await.expect_err("exists");
        assert_eq!((error.kind.to_string(), error.uid), ("already-exists".into(), None));
        assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("outside this account")), "{:?}", error.hint);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_user_joins_groups_while_pending() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let groups: Vec<_> = zoom.groups().iter().map(|group| group["id"].as_str().expect("an id").to_owned()).collect();
    let attributes: Vec<_> = new_user("nina@example.com")
        .into_iter()
        .map(|(name, value)| host_harness::model::Attribute::new(name, [value]))
        .chain([host_harness::model::Attribute::new("GROUP_IDS", [groups[0].as_str(), groups[2].as_str()])])
        .collect();
    let uid = connector.create(USER, &attributes, &Default::default()).await.expect("a uid");
    let mut found = texts(&get(&connector, USER, &uid.value).await, "GROUP_IDS");
    let mut expected = vec![groups[0].clone(), groups[2].clone()];
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_created_is_refused_before_any_call() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    zoom.simulator.reset();
    let with = |name: &'static str, value: Value| {
        let mut attributes = new_user("nina@example.com");
        attributes.push((name, value));
        attributes
    };
    let refused = async |attributes: Vec<(&str, Value)>| {
        let error = create(&connector, USER, &attributes).await.expect_err("refused");
        (error.kind.to_string(), error.attributes.join(","))
    };
    let invalid = |name: &str| ("invalid-attribute-value".to_owned(), name.to_owned());
    assert_eq!(refused(vec![("FIRST_NAME", "Nina".into())]).await, invalid("EMAIL"));
    assert_eq!(refused(with("__UID__", "u".into())).await, invalid("__UID__"));
    assert_eq!(refused(with("NO_SUCH_THING", "x".into())).await, invalid("NO_SUCH_THING"));
    assert_eq!(refused(with("first_name", "again".into())).await, invalid("FIRST_NAME"));
    assert_eq!(refused(with("TYPE", "two".into())).await, invalid("TYPE"));
    assert_eq!(refused(with("LANGUAGE", "de-DE".into())).await, invalid("LANGUAGE"));
    assert_eq!(refused(with("__ENABLE__", false.into())).await, invalid("__ENABLE__"));
    assert!(zoom.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_zoom_refuses_names_the_attribute() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let mut attributes = new_user("nina@example.com");
    attributes.push(("DISPLAY_NAME", "x".repeat(200).into()));
    let error = create(&connector, USER, &attributes).await.expect_err("refused");
    assert_eq!(
        (error.kind.to_string(), error.provider_code.as_deref()),
        ("invalid-attribute-value".into(), Some("300"))
    );
    assert_eq!(error.attributes, ["DISPLAY_NAME"]);
    let error = create(&connector, USER, &new_user("no address")).await.expect_err("refused");
    assert_eq!(error.attributes, ["EMAIL"]);
    zoom.switch(json!({ "blocked_domains": ["example.com"] }));
    let error = create(&connector, USER, &new_user("nina@example.com")).await.expect_err("refused");
    assert_eq!((error.attributes, error.provider_code.as_deref()), (vec!["EMAIL".to_owned()], Some("1107")));
}

#[tokio::test(flavor = "multi_thread")]
async fn licences_that_are_used_up_are_one_message() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    zoom.switch(json!({ "seats_basic": 0, "seats_licensed": 0 }));
    let connector = zoom.connector(&[]).await;
    let mut hints = Vec::new();
    for plan in [1, 2] {
        let mut attributes = new_user("nina@example.com");
        attributes.push(("TYPE", Value::Integer(plan)));
        let error = create(&connector, USER, &attributes).await.expect_err("refused");
        hints.push(error.hint.expect("a hint"));
    }
    assert!(hints[0].contains("no licence") && hints[0] == hints[1], "{hints:?}");
}

// --------------------------------------------------------------------------------------- changing

#[tokio::test(flavor = "multi_thread")]
async fn changes_go_out_as_one_call_for_each_sort_of_change() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    zoom.switch(json!({ "managed_domains": ["example.com"] }));
    let connector = zoom.connector(&[("immediateLogoutOnDeactivate", "true")]).await;
    let id = zoom.member();
    let groups: Vec<_> = zoom.groups().iter().map(|group| group["id"].as_str().expect("an id").to_owned()).collect();
    // In the first group and no other to begin with.
    update(&connector, USER, &id, &[Delta::replace("GROUP_IDS", [groups[0].as_str()])]).await.expect("changed");
    zoom.simulator.reset();
    let deltas = [
        Delta::replace("DEPT", ["Research"]),
        Delta::replace("job_title", ["Fellow"]),
        Delta::replace("EMAIL", ["renamed@example.com"]),
        adjust("GROUP_IDS", &[&groups[1]], &[&groups[0]]),
        Delta::replace("__ENABLE__", [false]),
    ];
    update(&connector, USER, &id, &deltas).await.expect("changed");
    let user = zoom.user(&id);
    assert_eq!(
        zoom.changes(),
        [
            format!(r#"PATCH /v2/users/{id} {{"dept":"Research","job_title":"Fellow"}}"#),
            format!(r#"PUT /v2/users/{id}/email {{"email":"renamed@example.com"}}"#),
            format!(r#"POST /v2/groups/{}/members {{"members":[{{"id":"{id}"}}]}}"#, groups[1]),
            format!("DELETE /v2/groups/{}/members/{id}", groups[0]),
            format!(r#"PUT /v2/users/{id}/status {{"action":"deactivate"}}"#),
            format!("DELETE /v2/users/{id}/token"),
        ]
    );
    assert_eq!((&user["dept"], &user["job_title"]), (&json!("Research"), &json!("Fellow")));
    assert_eq!((&user["email"], &user["status"]), (&json!("renamed@example.com"), &json!("inactive")));
    assert_eq!(user["group_ids"], json!([groups[1]]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_that_changes_nothing_makes_no_writing_call() {
    let zoom = Zoom::start(users(20, 2, 2)).await;
    let connector = zoom.connector(&[]).await;
    let active = zoom.member();
    for id in [active, zoom.ids("inactive")[0].clone(), zoom.ids("pending")[0].clone()] {
        let object = get(&connector, USER, &id).await;
        let mut deltas = vec![Delta::replace("__NAME__", [object.name.to_uppercase().as_str()])];
        for name in ["FIRST_NAME", "LAST_NAME", "TIME_ZONE", "LANGUAGE", "GROUP_IDS", "STATUS"] {
            if object.attribute(name).is_some_and(|attribute| !attribute.values.as_slice().is_empty()) {
                deltas.push(Delta::replace(name, texts(&object, name)));
            }
        }
        if let Some(enabled) = value(&object, "__ENABLE__") {
            deltas.push(Delta::replace("__ENABLE__", [enabled]));
        }
        zoom.simulator.reset();
        // The same status twice over is no contradiction.
        let result = update(&connector, USER, &id, &deltas).await;
        assert!(result.is_ok(), "{result:?}");
        assert_eq!(zoom.calls(), [("GET /v2/users/{id}".into(), 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attribute_is_cleared_by_replacing_it_with_nothing() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.member();
    update(&connector, USER, &id, &[Delta::replace("DEPT", ["Research"])]).await.expect("changed");
    update(&connector, USER, &id, &[Delta::replace::<Value>("DEPT", [])]).await.expect("cleared");
    assert_eq!(zoom.user(&id)["dept"].as_str().unwrap_or_default(), "");
    assert!(texts(&get(&connector, USER, &id).await, "DEPT").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inactive_user_is_changed_only_with_being_activated_which_comes_first() {
    let zoom = Zoom::start(users(20, 1, 0)).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.ids("inactive")[0].clone();
    zoom.simulator.reset();
    let error = update(&connector, USER, &id, &[Delta::replace("DEPT", ["Lab"])]).await.expect_err("refused");
    assert_eq!(error.kind.to_string(), "precondition-failed");
    assert!(zoom.changes().is_empty());
    let deltas = [Delta::replace("DEPT", ["Lab"]), Delta::replace("STATUS", ["active"])];
    update(&connector, USER, &id, &deltas).await.expect("changed");
    assert_eq!(
        zoom.changes(),
        [
            format!(r#"PUT /v2/users/{id}/status {{"action":"activate"}}"#),
            format!(r#"PATCH /v2/users/{id} {{"dept":"Lab"}}"#),
        ]
    );
    assert_eq!((&zoom.user(&id)["dept"], &zoom.user(&id)["status"]), (&json!("Lab"), &json!("active")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_user_is_not_changed_and_that_is_said() {
    let zoom = Zoom::start(users(5, 0, 1)).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.ids("pending")[0].clone();
    zoom.simulator.reset();
    let error = update(&connector, USER, &id, &[Delta::replace("FIRST_NAME", ["Ann"])]).await.expect_err("refused");
    assert_eq!(error.kind.to_string(), "precondition-failed");
    assert!(error.message.contains("pending"), "{}", error.message);
    assert!(zoom.changes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_before_a_call_failed_is_said() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.member();
    let deltas = [
        Delta::replace("DEPT", ["Lab"]),
        adjust("GROUP_IDS", &["no-such-group"], &[]),
        Delta::replace("__ENABLE__", [false]),
    ];
    let error = update(&connector, USER, &id, &deltas).await.expect_err("refused");
    assert_eq!(
        (error.kind.to_string(), error.attributes.concat()),
        ("invalid-attribute-value".into(), "GROUP_IDS".into())
    );
    assert_eq!(error.done, ["changed DEPT"]);
    assert_eq!((&zoom.user(&id)["dept"], &zoom.user(&id)["status"]), (&json!("Lab"), &json!("active")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_changed_by_its_own_call_where_zoom_lets_it() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.member();
    let rename = |to: &str| [Delta::replace("__NAME__", [to])];
    let error = update(&connector, USER, &id, &rename("a@example.com")).await.expect_err("no managed domain");
    assert_eq!((error.kind.to_string(), error.attributes.concat()), ("invalid-attribute-value".into(), "EMAIL".into()));
    zoom.switch(json!({ "managed_domains": ["example.com"] }));
    let effects = connector
        .update_delta(USER, &host_harness::model::Uid::new(&id), &rename("a@example.com"), &Default::default())
        .await
        .expect("renamed");
    assert_eq!(effects, vec![host_harness::model::Attribute::new("__NAME__", ["a@example.com"])]);
    for address in ["b@example.com", "c@example.com"] {
        update(&connector, USER, &id, &rename(address)).await.expect("renamed");
    }
    let error = update(&connector, USER, &id, &rename("d@example.com")).await.expect_err("three a day");
    assert_eq!(error.kind.to_string(), "rate-limited");
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("24 hours")), "{:?}", error.hint);
}

#[tokio::test(flavor = "multi_thread")]
async fn memberships_are_added_removed_and_replaced() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.member();
    let groups: Vec<_> = zoom.groups().iter().map(|group| group["id"].as_str().expect("an id").to_owned()).collect();
    let member_of = || {
        let mut ids: Vec<_> = zoom.user(&id)["group_ids"]
            .as_array()
            .expect("groups")
            .iter()
            .map(|id| id.as_str().expect("an id").to_owned())
            .collect();
        ids.sort();
        ids
    };
    let sorted = |positions: &[usize]| {
        let mut ids: Vec<_> = positions.iter().map(|position| groups[*position].clone()).collect();
        ids.sort();
        ids
    };
    update(&connector, USER, &id, &[Delta::replace("GROUP_IDS", [groups[0].as_str(), groups[1].as_str()])])
        .await
        .expect("replaced");
    assert_eq!(member_of(), sorted(&[0, 1]));
    update(&connector, USER, &id, &[adjust("GROUP_IDS", &[&groups[2]], &[])]).await.expect("added");
    assert_eq!(member_of(), sorted(&[0, 1, 2]));
    update(&connector, USER, &id, &[adjust("GROUP_IDS", &[], &[&groups[0], &groups[1]])]).await.expect("removed");
    assert_eq!(member_of(), sorted(&[2]));
    update(&connector, USER, &id, &[Delta::replace::<Value>("GROUP_IDS", [])]).await.expect("cleared");
    assert_eq!(member_of(), sorted(&[]));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_changed() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let result = update(&connector, USER, "nobody", &[Delta::replace("DEPT", ["Lab"])]).await;
    assert_eq!(kind(result).map(|kind| kind.to_string()), Some("unknown-uid".into()));
    let id = zoom.member();
    for (delta, name) in [
        (Delta::replace("NO_SUCH_THING", ["x"]), "NO_SUCH_THING"),
        (Delta::replace("CREATED_AT", ["x"]), "CREATED_AT"),
        (Delta::replace("__UID__", ["x"]), "__UID__"),
        (Delta::replace("FIRST_NAME", ["x", "y"]), "FIRST_NAME"),
    ] {
        let error = update(&connector, USER, &id, &[delta]).await.expect_err("refused");
        assert_eq!(
            (error.kind.to_string(), error.attributes.concat()),
            ("invalid-attribute-value".into(), name.into())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_uid_names_the_user_to_change_or_delete() {
    let zoom = Zoom::start(users(10, 0, 1)).await;
    let connector = zoom.connector(&[]).await;
    let email = zoom.user(&zoom.member())["email"].as_str().expect("an address").to_owned();
    for name in ["me", email.as_str()] {
        let updated = update(&connector, USER, name, &[Delta::replace("DEPT", ["x"])]).await.map(drop);
        let deleted = delete(&connector, USER, name).await;
        assert_eq!(
            (kind(updated), kind(deleted)),
            (Some(ErrorKind::UnknownUid), Some(ErrorKind::UnknownUid)),
            "{name}"
        );
    }
    assert_eq!(zoom.changes(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_has_expired_keeps_nobody_from_the_list_and_the_address_can_be_invited_again() {
    let zoom = Zoom::start(users(8, 0, 2)).await;
    let connector = zoom.connector(&[]).await;
    let email = zoom.user(&zoom.ids("pending")[0])["email"].as_str().expect("an address").to_owned();
    zoom.simulator.freeze_clock();
    zoom.simulator.advance_clock(std::time::Duration::from_secs(31 * 24 * 60 * 60));
    let objects = crate::support::all(&connector, USER, None).await;
    assert_eq!(objects.len(), 8);
    let pending = objects.iter().find(|object| object.name == email).expect("the row of the list");
    assert_eq!(pending.uid.value, email, "Zoom tells no id: the address stands in");
    assert_eq!(texts(pending, "STATUS"), ["pending"]);
    assert!(pending.attribute("LANGUAGE").is_none(), "nothing is known of it, and nothing is made up");
    zoom.simulator.reset();
    // The local Zoom does not take the address twice; what is seen here is that it is asked.
    create(&connector, USER, &new_user(&email)).await.expect_err("in use");
    assert_eq!(zoom.changes().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_address_finds_nobody_at_creation() {
    let zoom = Zoom::start(users(8, 0, 0)).await;
    let connector = zoom.connector(&[("duplicateErrorReturnsId", "true")]).await;
    let id = zoom.member();
    for name in ["me", id.as_str()] {
        let error = create(&connector, USER, &new_user(name)).await.expect_err("no address");
        assert_eq!(error.kind.to_string(), "invalid-attribute-value", "{error:?}");
    }
}
