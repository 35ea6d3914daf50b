//! Look-ups: objects that a filter names are read, not searched for.

use host_harness::SearchOptions;
use host_harness::model::Filter;

use crate::support::{GROUP, USER, Zoom, all, get, harness, texts, users};

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_found_by_id_and_by_address_with_one_call_for_each_record_and_with_everything() {
    let zoom = Zoom::start(users(50, 0, 0)).await;
    // Both switches off: a look-up reads everything all the same.
    let connector = zoom.connector(&[("deepGet", "false"), ("deepImport", "false")]).await;
    let id = zoom.member();
    let email = zoom.user(&id)["email"].as_str().expect("an address").to_owned();
    let filters = [
        Filter::equals("__UID__", id.as_str()),
        Filter::equals("user_id", id.as_str()),
        Filter::equals("__NAME__", email.as_str()),
        Filter::equals("EMAIL", email.to_uppercase()),
        Filter::EqualsIgnoreCase("EMAIL".into(), email.to_uppercase()),
        Filter::And(vec![Filter::equals("__UID__", id.as_str()), Filter::equals("STATUS", "active")]),
    ];
    for filter in filters {
        zoom.simulator.reset();
        let found = all(&connector, USER, Some(filter.clone())).await;
        assert_eq!(found.iter().map(|object| object.uid.value.as_str()).collect::<Vec<_>>(), [&id], "{filter:?}");
        assert_eq!(texts(&found[0], "LANGUAGE").concat(), zoom.user(&id)["language"], "{filter:?}");
        let calls = [("GET /v2/phone/users/{id}".into(), 1), ("GET /v2/users/{id}".into(), 1)];
        assert_eq!(zoom.calls(), calls, "{filter:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_keys_are_several_reads_and_an_object_comes_once() {
    let zoom = Zoom::start(users(50, 5, 5)).await;
    let connector = zoom.connector(&[]).await;
    let ids = [zoom.member(), zoom.ids("inactive")[0].clone(), zoom.ids("pending")[0].clone()];
    let email = zoom.user(&ids[0])["email"].as_str().expect("an address").to_owned();
    let mut keys: Vec<_> = ids.iter().map(|id| Filter::equals("__UID__", id.as_str())).collect();
    keys.push(Filter::equals("__NAME__", email.as_str()));
    keys.push(Filter::equals("__UID__", "nobody"));
    zoom.simulator.reset();
    let found = all(&connector, USER, Some(Filter::Or(keys))).await;
    let mut found: Vec<_> = found.into_iter().map(|object| object.uid.value).collect();
    let mut expected = ids.to_vec();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    // The phone is not read of one who is pending.
    assert_eq!(zoom.calls(), [("GET /v2/phone/users/{id}".into(), 2), ("GET /v2/users/{id}".into(), 5)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_the_rest_of_the_filter_excludes_finds_nothing() {
    let zoom = Zoom::start(users(10, 1, 0)).await;
    let connector = zoom.connector(&[]).await;
    let id = zoom.member();
    let filter = Filter::And(vec![Filter::equals("__UID__", id.as_str()), Filter::equals("STATUS", "inactive")]);
    assert!(all(&connector, USER, Some(filter)).await.is_empty());
    assert!(all(&connector, USER, Some(Filter::equals("__UID__", "nobody"))).await.is_empty());
    // An address is no uid where the user has an id.
    let email = zoom.user(&id)["email"].as_str().expect("an address").to_owned();
    assert!(all(&connector, USER, Some(Filter::equals("__UID__", email.as_str()))).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pending_user_has_zooms_id_although_lists_do_not_tell_it() {
    let zoom = Zoom::start(users(10, 0, 3)).await;
    let connector = zoom.connector(&[("deepImport", "false")]).await;
    let mut found: Vec<_> = all(&connector, USER, Some(Filter::equals("STATUS", "pending"))).await;
    found.sort_by(|one, other| one.uid.value.cmp(&other.uid.value));
    let mut ids = zoom.ids("pending");
    ids.sort();
    assert_eq!(found.iter().map(|object| object.uid.value.clone()).collect::<Vec<_>>(), ids);
    // Where Zoom gives no id even to the one who asks by address, the address stands in.
    zoom.switch(serde_json::json!({ "pending_id_in_user": false }));
    let found = all(&connector, USER, Some(Filter::equals("STATUS", "pending"))).await;
    assert!(found.iter().all(|object| object.uid.value == object.name && object.name.contains('@')));
    let again = get(&connector, USER, &found[0].uid.value).await;
    assert_eq!(again.name, found[0].name);
}

#[tokio::test(flavor = "multi_thread")]
async fn attributes_to_get_narrow_and_save_the_calls_that_nothing_needs() {
    let zoom = Zoom::start(users(40, 0, 0)).await;
    let config = zoom.property_file("attributes_to_get");
    let run = harness(&config, &["--output", "json", "search", USER, "--attributes", "last_name,DEPT"]).await;
    let objects = run.documents();
    assert_eq!(objects.len(), 40);
    for object in &objects {
        let names: Vec<_> = object["attributes"].as_object().expect("attributes").keys().collect();
        assert_eq!(names, ["DEPT", "LAST_NAME"]);
    }
    assert_eq!(zoom.calls(), [("GET /v2/users".into(), 3)], "three statuses, and nobody's own record");
    let run = harness(&config, &["--output", "json", "search", USER, "--attributes", "JOB_TITLE"]).await;
    assert_eq!(run.documents().len(), 40);
    assert_eq!(zoom.calls(), [("GET /v2/users".into(), 3), ("GET /v2/users/{id}".into(), 40)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_found_by_id_with_one_call_and_by_name_through_the_list() {
    let zoom = Zoom::start(zoom_simulator::Options { groups: 350, ..users(10, 0, 0) }).await;
    let connector = zoom.connector(&[]).await;
    let group = zoom.groups().last().expect("a group").clone();
    let (id, name) = (group["id"].as_str().expect("an id"), group["name"].as_str().expect("a name"));
    zoom.simulator.reset();
    assert_eq!(get(&connector, GROUP, id).await.name, name);
    assert_eq!(zoom.calls(), [("GET /v2/groups/{id}".into(), 1)]);
    let found = all(&connector, GROUP, Some(Filter::equals("GROUP_NAME", name))).await;
    assert_eq!(found.iter().map(|object| object.uid.value.as_str()).collect::<Vec<_>>(), [id]);
    assert_eq!(zoom.calls(), [("GET /v2/groups".into(), 2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn explaining_a_search_makes_no_call() {
    let zoom = Zoom::start(users(10, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    zoom.simulator.reset();
    let explain = async |filter: Option<Filter>| {
        let plan = connector.explain(USER, filter.as_ref(), &SearchOptions::default()).await.expect("a plan");
        plan.calls.into_iter().map(|call| (call.path, call.count)).collect::<Vec<_>>()
    };
    let (list, read) = (|| ("/users".to_owned(), None), |count| ("/users/{userId}".to_owned(), count));
    let (phones, sites) = (|| ("/phone/users".to_owned(), None), || ("/phone/sites".to_owned(), None));
    assert_eq!(explain(None).await, [list(), list(), list(), read(None), phones(), sites()]);
    assert_eq!(explain(Some(Filter::equals("STATUS", "inactive"))).await, [list(), read(None), phones(), sites()]);
    let phone = ("/phone/users/{userId}".to_owned(), Some(1));
    assert_eq!(explain(Some(Filter::equals("__UID__", "x"))).await, [read(Some(1)), phone, sites()]);
    assert!(zoom.calls().is_empty());
}
