//! Imports: everything there is, with as few calls as it takes.

use std::collections::HashSet;

use host_harness::model::Filter;
use serde_json::json;
use zoom_simulator::Options;

use crate::support::{USER, Zoom, all, harness, texts, try_all, users, value};

#[tokio::test(flavor = "multi_thread")]
async fn an_import_of_list_rows_takes_the_lists_and_one_read_for_each_pending_user() {
    let zoom = Zoom::start(users(2500, 300, 200)).await;
    let config = zoom.property_file("import_of_list_rows");
    let run = harness(&config, &["--set", "deepImport=false", "--output", "json", "search", USER]).await;
    let objects = run.documents();
    let distinct = |field: &str| objects.iter().map(|object| object[field].to_string()).collect::<HashSet<_>>().len();
    assert_eq!((objects.len(), distinct("uid"), distinct("name")), (2500, 2500, 2500));
    let stats = zoom.simulator.stats();
    let routes: Vec<_> = stats.by_route.iter().map(|(route, count)| (route.as_str(), *count)).collect();
    // Pages of 300: seven of active users, one of inactive and one of pending ones.
    assert_eq!(routes, [("GET /v2/users", 9), ("GET /v2/users/{id}", 200), ("POST /oauth/token", 1)]);
    assert!(stats.connections <= 64, "{} connections: as many as calls at a time", stats.connections);
    let log = zoom.simulator.log();
    let lists = log.iter().filter(|entry| entry.path.ends_with("/v2/users"));
    assert!(lists.map(|entry| &entry.query["page_size"]).all(|size| size == "300"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deep_import_reads_each_user_once_and_returns_what_zoom_holds() {
    let zoom = Zoom::start(users(120, 20, 10)).await;
    let connector = zoom.connector(&[]).await;
    zoom.simulator.reset();
    let objects = all(&connector, USER, None).await;
    let calls = zoom.calls();
    let expected =
        [("GET /v2/phone/sites", 1), ("GET /v2/phone/users", 1), ("GET /v2/users", 3), ("GET /v2/users/{id}", 120)];
    assert_eq!(calls, expected.map(|(route, count)| (route.to_owned(), count)));
    assert_eq!(objects.len(), 120);
    for object in &objects {
        let user = zoom.user(&object.uid.value);
        let text = |field: &str| user[field].as_str().unwrap_or_default().to_owned();
        assert_eq!(object.name, text("email"));
        for (name, field) in [
            ("FIRST_NAME", "first_name"),
            ("LAST_NAME", "last_name"),
            ("LANGUAGE", "language"),
            ("TIME_ZONE", "timezone"),
            ("DEPT", "dept"),
            ("STATUS", "status"),
        ] {
            // A pending user has hardly any data, and Zoom tells even less.
            if user["status"] != "pending" || field == "status" {
                assert_eq!(texts(object, name).concat(), text(field), "{name} of {}", object.name);
            }
        }
        let enabled = value(object, "__ENABLE__").and_then(|value| value.as_bool());
        assert_eq!(enabled, Some(user["status"] != "inactive"), "{}", object.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_personal_meeting_id_of_thirteen_digits_and_an_empty_feature_are_read() {
    let zoom = Zoom::start(users(300, 0, 0)).await;
    zoom.switch(json!({ "feature_in_user": "empty" }));
    let connector = zoom.connector(&[]).await;
    let objects = all(&connector, USER, None).await;
    let longest = objects.iter().filter_map(|object| value(object, "PERSONAL_MEETING_ID")?.as_i64()).max();
    assert!(longest.expect("a meeting id") >= 1_000_000_000_000, "{longest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_lists_are_walked_that_the_filter_can_hold_for() {
    let zoom = Zoom::start(users(900, 40, 7)).await;
    let connector = zoom.connector(&[("deepImport", "false")]).await;
    let status = |status: &str| Filter::equals("STATUS", status);
    let lists = |objects: usize, calls: u64, filter: Filter| {
        let (zoom, connector) = (&zoom, &connector);
        async move {
            zoom.simulator.reset();
            let found = all(connector, USER, Some(filter)).await;
            let by_route = zoom.simulator.stats().by_route;
            assert_eq!((found.len(), by_route.get("GET /v2/users").copied()), (objects, Some(calls)));
        }
    };
    lists(40, 1, status("inactive")).await;
    lists(7, 1, status("pending")).await;
    lists(40, 1, Filter::equals("__ENABLE__", false)).await;
    lists(853, 3, Filter::And(vec![status("active"), Filter::Not(Box::new(Filter::equals("FIRST_NAME", "x")))])).await;
    lists(47, 2, Filter::Not(Box::new(status("active")))).await;
    lists(47, 2, Filter::Or(vec![status("inactive"), status("pending")])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_on_what_lists_do_not_carry_reads_only_the_users_that_it_may_accept() {
    let zoom = Zoom::start(users(200, 20, 0)).await;
    let connector = zoom.connector(&[("deepImport", "false")]).await;
    zoom.simulator.reset();
    let filter = Filter::And(vec![Filter::equals("STATUS", "inactive"), Filter::equals("LANGUAGE", "en-US")]);
    let found = all(&connector, USER, Some(filter)).await;
    let expected =
        zoom.users().iter().filter(|user| user["status"] == "inactive" && user["language"] == "en-US").count();
    assert!(expected > 0 && expected < 20, "the seed has both sorts");
    assert_eq!(found.len(), expected);
    assert_eq!(zoom.calls(), [("GET /v2/users".into(), 1), ("GET /v2/users/{id}".into(), 20)]);
    assert!(
        found.iter().all(|object| object.attribute("LANGUAGE").is_none()),
        "rows only, where the import is not deep"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_disappears_between_list_and_read_is_left_out() {
    let zoom = Zoom::start(users(40, 0, 0)).await;
    // With one call at a time little is read ahead.
    let connector = zoom.connector(&[("importBatchSize", "10"), ("concurrency", "1")]).await;
    let mut pages = connector.search_all(USER, None, Default::default());
    let first = pages.next().await.expect("a page").expect("objects");
    let listed: HashSet<_> = first.objects.iter().map(|object| object.uid.value.clone()).collect();
    let victim =
        zoom.ids("active").into_iter().rev().find(|id| !listed.contains(id) && zoom.user(id)["role_id"] == "2");
    let victim = victim.expect("a member who is not read yet");
    zoom.connector(&[("deactivateOnDelete", "false")])
        .await
        .delete(USER, &host_harness::model::Uid::new(&victim), &Default::default())
        .await
        .expect("deleted");
    let mut rest = 0;
    while let Some(page) = pages.next().await.expect("a page") {
        rest += page.objects.len();
    }
    assert_eq!(first.objects.len() + rest, 39);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_is_cut_off_is_an_error_and_never_a_shorter_list() {
    for (fault, kind) in [
        ("truncate:1", "connection-broken"),
        ("drop-row:1", "connection-broken"),
        ("repeat-cursor:1", "connection-broken"),
        ("garbage:1", "io"),
        ("reset:1", "connection-broken"),
    ] {
        let zoom = Zoom::misbehaving(users(700, 0, 0)).await;
        let connector = zoom.connector(&[("deepImport", "false"), ("ioErrorRetries", "1")]).await;
        connector.test().await.expect("a token");
        zoom.switch(json!({ "faults": [fault] }));
        let error = try_all(&connector, USER, None).await.expect_err("no list");
        assert_eq!(error.kind().to_string(), kind, "{fault}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_zoom_repeats_comes_once_and_hides_no_row_that_is_missing() {
    let mut complete = 0;
    for seed in 0..12 {
        let zoom = Zoom::misbehaving(Options { seed, ..users(1500, 0, 0) }).await;
        let connector = zoom.connector(&[("deepImport", "false")]).await;
        zoom.switch(json!({ "faults": ["duplicate-row:0.5", "drop-row:0.2"] }));
        if let Ok(objects) = try_all(&connector, USER, None).await {
            let uids: HashSet<_> = objects.iter().map(|object| &object.uid.value).collect();
            assert_eq!((uids.len(), objects.len()), (1500, 1500));
            complete += 1;
        }
    }
    assert!((1..12).contains(&complete), "{complete} of 12 lists lack no row: the faults tell nothing");
}
