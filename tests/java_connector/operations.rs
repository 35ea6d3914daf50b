//! The section "Connector Operations", and what it explains.

use std::num::NonZeroU32;

use host_harness::SearchOptions;
use host_harness::model::{ConnectorObject, Delta, ErrorKind, Filter, Operation, Start, Value};
use serde_json::json;

use super::{cli, count, group_ids, java_file, managed, newcomer, people, text};
use crate::support::{GROUP, USER, Zoom, all, create, delete, get, harness, kind, refused, update};

#[tokio::test(flavor = "multi_thread")]
async fn the_schema_tells_the_classes_and_the_options_of_each_operation() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    zoom.simulator.reset();
    let schema = connector.schema().await.expect("a schema");
    let classes: Vec<_> = schema.object_classes.iter().map(|class| class.name.as_str()).collect();
    assert_eq!(classes, [USER, GROUP]);
    for operation in [Operation::Search, Operation::Create, Operation::UpdateDelta, Operation::Delete] {
        let support = schema.operations.iter().find(|support| support.operation == operation).expect("an operation");
        assert_eq!(support.object_classes, [USER, GROUP], "{operation}");
        assert!(support.options.iter().all(|name| schema.options.iter().any(|option| option.name == *name)));
        let pages = support.options.iter().any(|name| name == "PAGE_SIZE");
        assert_eq!(pages, operation == Operation::Search, "{operation}");
    }
    assert_eq!(zoom.simulator.stats().requests, 0, "Zoom is not asked");
    let config = java_file(&zoom, "schema", &[]);
    assert_eq!(cli(&config, &["schema"]).await.documents()[0]["objectClasses"][1]["uidNativeName"], "GROUP_ID");
}

#[tokio::test(flavor = "multi_thread")]
async fn testing_finds_out_whether_zoom_answers_and_takes_the_credentials() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    connector.test().await.expect("all is well");
    assert_eq!(zoom.calls(), [("GET /v2/users/{id}".into(), 1)]);
    let config = java_file(&zoom, "test", &[]);
    assert_eq!(harness(&config, &["test"]).await.code, 0);
    zoom.switch(json!({ "app_deactivated": true }));
    assert_eq!(harness(&config, &["test"]).await.code, 5);
    zoom.switch(json!({ "app_deactivated": false, "scopes": ["group:read:admin"] }));
    let error = refused(zoom.connector(&[]).await.test().await.expect_err("a scope is missing"));
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert!(error.message.contains("user:read:user"), "the missing scope is named: {}", error.message);
    drop(zoom);
    assert_eq!(harness(&config, &["--set", "ioErrorRetries=0", "test"]).await.code, 6, "nobody is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn users_and_groups_are_searched() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let users = zoom.users();
    let inactive = users.iter().filter(|user| user["status"] == "inactive");
    let expected: Vec<_> = inactive.map(|user| text(&user["id"])).collect();
    let found = all(&connector, USER, Some(Filter::equals("STATUS", "inactive"))).await;
    assert_eq!(found.iter().map(|user| user.uid.value.as_str()).collect::<Vec<_>>(), expected);
    let group = zoom.groups().remove(1);
    let name = Filter::equals("GROUP_NAME", text(&group["name"]));
    let found = all(&connector, GROUP, Some(name)).await;
    assert_eq!(found.iter().map(|group| group.uid.value.as_str()).collect::<Vec<_>>(), [text(&group["id"])]);
    assert_eq!(get(&connector, GROUP, text(&group["id"])).await.name, text(&group["name"]));
    assert!(all(&connector, USER, Some(Filter::equals("EMAIL", "nobody@example.com"))).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn users_and_groups_are_created() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let user = create(&connector, USER, &newcomer("nina@example.com")).await.expect("a uid");
    assert_eq!(user.value, text(&zoom.user("nina@example.com")["id"]));
    let group = create(&connector, GROUP, &[("GROUP_NAME", "Night shift".into())]).await.expect("a uid");
    let held = zoom.groups();
    let made = held.iter().find(|held| held["name"] == "Night shift").expect("a group");
    assert_eq!(group.value, text(&made["id"]));
}

/// Groups are deleted where the configuration allows it, and otherwise that is an error and no silence.
#[tokio::test(flavor = "multi_thread")]
async fn users_and_groups_are_deleted() {
    let zoom = Zoom::start(people()).await;
    let properties = [("deactivateOnDelete", "false"), ("entitlementDeletionEnabled", "true")];
    let connector = zoom.connector(&properties).await;
    let (user, group) = (zoom.member(), group_ids(&zoom).remove(0));
    let careful = zoom.connector(&[]).await;
    zoom.simulator.reset();
    assert_eq!(kind(delete(&careful, GROUP, &group).await), Some(ErrorKind::UnsupportedOperation));
    assert!(zoom.changes().is_empty());
    for (class, id, change) in [
        (USER, &user, format!(r#"DELETE /v2/users/{user} {{"action":"delete"}}"#)),
        (GROUP, &group, format!("DELETE /v2/groups/{group}")),
    ] {
        delete(&connector, class, id).await.expect("deleted");
        assert_eq!(zoom.changes(), [change]);
        assert_eq!(kind(delete(&connector, class, id).await), Some(ErrorKind::UnknownUid), "it is gone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_and_groups_are_changed_by_deltas_and_no_more_than_they_say() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let (id, group) = (zoom.member(), group_ids(&zoom).remove(0));
    let before = zoom.user(&id);
    zoom.simulator.reset();
    let deltas = [Delta::replace("FIRST_NAME", ["Ann"]), Delta::replace("DEPT", ["Research"])];
    update(&connector, USER, &id, &deltas).await.expect("changed");
    assert_eq!(zoom.changes(), [format!(r#"PATCH /v2/users/{id} {{"dept":"Research","first_name":"Ann"}}"#)]);
    let mut expected = before;
    (expected["first_name"], expected["dept"]) = ("Ann".into(), "Research".into());
    assert_eq!(zoom.user(&id), expected);
    update(&connector, GROUP, &group, &[Delta::replace("GROUP_NAME", ["Renamed"])]).await.expect("changed");
    assert_eq!(zoom.changes(), [format!(r#"PATCH /v2/groups/{group} {{"name":"Renamed"}}"#)]);
    update(&connector, USER, &id, &deltas).await.expect("nothing to do");
    assert!(zoom.changes().is_empty(), "what is so already is not sent");
}

fn page(size: Option<u32>, start: Start) -> SearchOptions {
    SearchOptions { page_size: size.and_then(NonZeroU32::new), start, ..SearchOptions::default() }
}

fn has_details(objects: &[ConnectorObject]) -> bool {
    let details = |object: &ConnectorObject| {
        ["LANGUAGE", "ZOOM_PHONE_FEATURE", "SITE_NAME"].iter().any(|name| object.attribute(name).is_some())
    };
    assert!(!objects.is_empty() && objects.iter().all(|object| details(object) == details(&objects[0])));
    details(&objects[0])
}

/// A page keeps the mode in which its search began, and a look-up of one user has everything whatever the mode.
#[tokio::test(flavor = "multi_thread")]
async fn deep_get_completes_the_searches_that_have_a_page_size_or_an_offset() {
    let zoom = Zoom::start(people()).await;
    for (deep_get, reads) in [("true", 4), ("false", 0)] {
        let other = if reads > 0 { "false" } else { "true" };
        let connector = zoom.connector(&[("deepGet", deep_get), ("deepImport", other), ("importBatchSize", "4")]).await;
        let third = Start::Offset(NonZeroU32::new(3).expect("an offset"));
        for options in [page(Some(4), Start::Beginning), page(None, third)] {
            zoom.simulator.reset();
            let active = Filter::equals("STATUS", "active");
            let first = connector.search(USER, Some(&active), &options).await.expect("a page");
            assert_eq!((first.objects.len(), has_details(&first.objects)), (4, reads > 0));
            assert_eq!(count(&zoom.calls(), "GET /v2/users/{id}"), reads);
            let more = page(options.page_size.map(NonZeroU32::get), Start::Cookie(first.next.expect("more")));
            let second = connector.search(USER, Some(&active), &more).await.expect("a page");
            assert_eq!((second.objects.len(), has_details(&second.objects)), (4, reads > 0), "the next page too");
            zoom.simulator.reset();
        }
        let user = get(&connector, USER, &zoom.member()).await;
        assert!(has_details(&[user]), "one user has everything always");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_import_completes_the_searches_without_paging() {
    let zoom = Zoom::start(people()).await;
    for (deep_import, reads) in [("true", 11), ("false", 0)] {
        let other = if reads > 0 { "false" } else { "true" };
        let connector = zoom.connector(&[("deepImport", deep_import), ("deepGet", other)]).await;
        zoom.simulator.reset();
        let found = all(&connector, USER, Some(Filter::equals("STATUS", "active"))).await;
        assert_eq!((found.len(), has_details(&found)), (11, reads > 0));
        let calls = zoom.calls();
        assert_eq!(count(&calls, "GET /v2/users/{id}"), reads, "{calls:?}");
        assert_eq!(count(&calls, "GET /v2/phone/users"), reads.min(1), "{calls:?}");
        let phones = found
            .iter()
            .filter(|user| user.attribute("SITE_NAME").is_some_and(|site| !site.values.as_slice().is_empty()));
        assert_eq!(phones.count(), if reads > 0 { 4 } else { 0 });
    }
}

/// Better: the id comes with the error too, so that the caller can link what exists.
#[tokio::test(flavor = "multi_thread")]
async fn what_exists_is_looked_up_before_it_is_created_and_its_id_is_returned() {
    let zoom = Zoom::start(people()).await;
    let id = zoom.member();
    let (email, group) = (text(&zoom.user(&id)["email"]).to_owned(), zoom.groups().remove(1));
    let named: [(&str, Value); 1] = [("GROUP_NAME", text(&group["name"]).into())];
    for returns_id in ["true", "false"] {
        let connector = zoom.connector(&[("duplicateErrorReturnsId", returns_id)]).await;
        zoom.simulator.reset();
        let user = create(&connector, USER, &newcomer(&email)).await;
        let made = create(&connector, GROUP, &named).await;
        let calls = zoom.calls();
        assert_eq!(calls, [("GET /v2/groups".into(), 1), ("GET /v2/users/{id}".into(), 1)], "nothing is created");
        for (result, expected) in [(user, id.as_str()), (made, text(&group["id"]))] {
            match result {
                Ok(uid) => assert_eq!((returns_id, uid.value.as_str()), ("true", expected)),
                Err(error) => {
                    assert_eq!((returns_id, error.kind), ("false", ErrorKind::AlreadyExists));
                    assert_eq!(error.uid.map(|uid| uid.value).as_deref(), Some(expected));
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_changes_in_a_managed_domain_and_otherwise_the_refusal_is_told() {
    let zoom = Zoom::start(people()).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.member();
    let before = zoom.user(&id);
    let delta = [Delta::replace("EMAIL", ["new@example.com"])];
    let error = update(&connector, USER, &id, &delta).await.expect_err("refused");
    assert_eq!((error.kind, error.attributes), (ErrorKind::InvalidAttributeValue, vec!["EMAIL".to_owned()]));
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("manages the domain")), "{:?}", error.hint);
    assert_eq!(zoom.user(&id), before);
    zoom.switch(json!({ "managed_domains": ["example.com"] }));
    zoom.simulator.reset();
    update(&connector, USER, &id, &delta).await.expect("changed");
    assert_eq!(zoom.changes(), [format!(r#"PUT /v2/users/{id}/email {{"email":"new@example.com"}}"#)]);
    assert_eq!(zoom.user(&id)["email"], "new@example.com");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fourth_change_of_an_address_in_a_day_is_a_rate_limit_and_not_tried_again() {
    let zoom = managed().await;
    zoom.simulator.freeze_clock();
    let connector = zoom.connector(&[]).await;
    let id = zoom.member();
    let rename = |number: u32| [Delta::replace("EMAIL", [format!("name{number}@example.com")])];
    for number in 1..=3 {
        update(&connector, USER, &id, &rename(number)).await.expect("changed");
    }
    zoom.simulator.reset();
    let error = update(&connector, USER, &id, &rename(4)).await.expect_err("three in a day");
    assert_eq!((error.kind, error.http_status), (ErrorKind::RateLimited, Some(429)));
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("24 hours")), "{:?}", error.hint);
    assert_eq!(zoom.changes().len(), 1, "asked once");
    assert_eq!(zoom.user(&id)["email"], "name3@example.com");
    zoom.simulator.advance_clock(std::time::Duration::from_secs(24 * 60 * 60));
    update(&connector, USER, &id, &rename(4)).await.expect("a day later");
}
