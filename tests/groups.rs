//! Groups: all of them, by whatever page they are on.

use std::collections::HashSet;

use host_harness::model::{Delta, Value};
use serde_json::json;
use zoom_simulator::Options;

use crate::support::{GROUP, Zoom, all, create, delete, get, kind, texts, try_all, update, users, value};

#[tokio::test(flavor = "multi_thread")]
async fn groups_beyond_the_first_page_are_listed() {
    let zoom = Zoom::start(Options { groups: 710, ..users(5, 0, 0) }).await;
    let connector = zoom.connector(&[]).await;
    zoom.simulator.reset();
    let found = all(&connector, GROUP, None).await;
    let names: HashSet<_> = found.iter().map(|object| object.name.clone()).collect();
    let expected: HashSet<_> =
        zoom.groups().iter().map(|group| group["name"].as_str().expect("a name").to_owned()).collect();
    assert_eq!((found.len(), names), (710, expected));
    assert_eq!(zoom.calls(), [("GET /v2/groups".into(), 3)]);
    assert!(found.iter().all(|object| value(object, "TOTAL_MEMBERS").and_then(|value| value.as_i64()).is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_created_renamed_and_deleted() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[("entitlementDeletionEnabled", "true")]).await;
    let uid = create(&connector, GROUP, &[("GROUP_NAME", "Night shift".into())]).await.expect("a uid").value;
    assert_eq!(get(&connector, GROUP, &uid).await.name, "Night shift");
    update(&connector, GROUP, &uid, &[Delta::replace("__NAME__", ["Day shift"])]).await.expect("renamed");
    assert_eq!(get(&connector, GROUP, &uid).await.name, "Day shift");
    zoom.simulator.reset();
    update(&connector, GROUP, &uid, &[Delta::replace("__NAME__", ["Day shift"])]).await.expect("nothing to do");
    assert!(zoom.changes().is_empty());
    delete(&connector, GROUP, &uid).await.expect("deleted");
    assert!(zoom.groups().iter().all(|group| group["id"] != uid.as_str()));
    assert_eq!(kind(delete(&connector, GROUP, &uid).await).map(|kind| kind.to_string()), Some("unknown-uid".into()));
    let renamed = update(&connector, GROUP, &uid, &[Delta::replace("__NAME__", ["x"])]).await;
    assert_eq!(kind(renamed).map(|kind| kind.to_string()), Some("unknown-uid".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_in_use_names_the_group_that_has_it() {
    let zoom = Zoom::start(Options { groups: 310, ..users(5, 0, 0) }).await;
    let group = zoom.groups().last().expect("a group").clone();
    let name: Value = group["name"].as_str().expect("a name").into();
    let connector = zoom.connector(&[]).await;
    let error = create(&connector, GROUP, &[("__NAME__", name.clone())]).await.expect_err("exists");
    assert_eq!(
        (error.kind.to_string(), error.uid.map(|uid| uid.value)),
        ("already-exists".into(), group["id"].as_str().map(str::to_owned))
    );
    let lenient = zoom.connector(&[("duplicateErrorReturnsId", "true")]).await;
    assert_eq!(create(&lenient, GROUP, &[("__NAME__", name)]).await.expect("the id").value, group["id"]);
    let other = zoom.groups()[0]["id"].as_str().expect("an id").to_owned();
    let taken = Delta::replace("__NAME__", [group["name"].as_str().expect("a name")]);
    assert_eq!(
        kind(update(&connector, GROUP, &other, &[taken]).await).map(|kind| kind.to_string()),
        Some("already-exists".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_deleted_only_where_the_configuration_allows_it() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.groups()[0]["id"].as_str().expect("an id").to_owned();
    zoom.simulator.reset();
    let error = delete(&connector, GROUP, &id).await.expect_err("refused");
    assert_eq!(error.kind.to_string(), "unsupported-operation");
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("entitlementDeletionEnabled")));
    assert!(zoom.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_permission_is_never_no_groups() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    zoom.switch(json!({ "paid_account": false }));
    let connector = zoom.connector(&[]).await;
    let error = try_all(&connector, GROUP, None).await.expect_err("refused");
    assert_eq!(error.kind().to_string(), "permission-denied");
    zoom.switch(json!({ "paid_account": null, "scopes": ["user:read:admin"] }));
    let connector = zoom.connector(&[]).await;
    let error = try_all(&connector, GROUP, None).await.expect_err("refused");
    assert_eq!(error.kind().to_string(), "permission-denied");
    assert!(error.to_string().contains("group:read"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_tells_the_groups_and_a_group_how_many_members() {
    let zoom = Zoom::start(users(60, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let group =
        zoom.groups().into_iter().find(|group| group["members"].as_array().is_some_and(|members| !members.is_empty()));
    let group = group.expect("a group with members");
    let id = group["id"].as_str().expect("an id");
    let found = get(&connector, GROUP, id).await;
    let members = group["members"].as_array().expect("members");
    let total = value(&found, "TOTAL_MEMBERS").and_then(|value| value.as_i64());
    assert_eq!(total.and_then(|total| usize::try_from(total).ok()), Some(members.len()));
    let member = members[0].as_str().expect("an id");
    assert!(texts(&get(&connector, crate::support::USER, member).await, "GROUP_IDS").contains(&id.to_owned()));
}
