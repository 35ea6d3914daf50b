//! Pages: any instance can go on where another stopped, and none loses or repeats anything.

use std::num::NonZeroU32;

use host_harness::SearchOptions;
use host_harness::model::{Filter, Start};
use serde_json::Value as Json;

use crate::support::{USER, Zoom, all, harness, kind, refused, users};

fn page(size: u32, start: Start) -> SearchOptions {
    SearchOptions { page_size: NonZeroU32::new(size), start, ..SearchOptions::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_can_be_taken_in_a_fresh_process_with_the_printed_cookie() {
    let zoom = Zoom::start(users(75, 20, 10)).await;
    // Zoom gives the time of the call as the creation time of pending users.
    zoom.simulator.freeze_clock();
    let config = zoom.property_file("pages_in_fresh_processes");
    let mut cookie: Option<String> = None;
    let mut walked: Vec<Json> = Vec::new();
    let mut pages = 0;
    loop {
        let mut arguments = vec!["--output", "json", "search", USER, "--page-size", "20"];
        if let Some(cookie) = &cookie {
            arguments.extend(["--cookie", cookie]);
        }
        let run = harness(&config, &arguments).await;
        let again = harness(&config, &arguments).await;
        assert_eq!(run.stdout, again.stdout, "the same page twice");
        walked.extend(run.documents());
        pages += 1;
        let trailer: Json = serde_json::from_str(run.stderr.lines().last().expect("a trailer")).expect("JSON");
        assert_eq!(trailer["complete"], true);
        match trailer["next"].as_str() {
            Some(next) => cookie = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(pages, 4);
    let whole = harness(&config, &["--output", "json", "search", USER]).await.documents();
    assert_eq!(walked, whole, "the pages are the list");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_and_a_fresh_instance_give_the_same_pages() {
    let zoom = Zoom::start(users(650, 40, 10)).await;
    // Zoom gives the time of the call as the creation time of pending users.
    zoom.simulator.freeze_clock();
    let warm = zoom.connector(&[("deepGet", "false")]).await;
    let mut start = Start::Beginning;
    let mut pages = 0;
    loop {
        let fresh = zoom.connector(&[("deepGet", "false")]).await;
        let one = warm.search(USER, None, &page(70, start.clone())).await.expect("a page");
        let other = fresh.search(USER, None, &page(70, start)).await.expect("a page");
        assert_eq!((&one.objects, one.remaining), (&other.objects, other.remaining));
        pages += 1;
        match one.next {
            Some(next) => start = Start::Cookie(next),
            None => break,
        }
    }
    assert_eq!(pages, 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warm_instance_asks_zoom_for_each_of_its_pages_once() {
    let zoom = Zoom::start(users(650, 0, 0)).await;
    let connector = zoom.connector(&[("deepImport", "false"), ("importBatchSize", "25")]).await;
    zoom.simulator.reset();
    assert_eq!(all(&connector, USER, None).await.len(), 650);
    assert_eq!(zoom.calls(), [("GET /v2/users".into(), 5)], "three pages of active users and two empty lists");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offset_is_walked_to() {
    let zoom = Zoom::start(users(400, 50, 0)).await;
    let connector = zoom.connector(&[("deepGet", "false")]).await;
    let whole = all(&connector, USER, None).await;
    for offset in [1, 2, 299, 301, 350, 351, 400, 401] {
        let start = Start::Offset(NonZeroU32::new(offset).expect("an offset"));
        let found = connector.search(USER, None, &page(10, start)).await.expect("a page").objects;
        let expected = whole.iter().skip(offset as usize - 1).take(10);
        assert_eq!(
            found.iter().map(|object| &object.uid.value).collect::<Vec<_>>(),
            expected.map(|object| &object.uid.value).collect::<Vec<_>>(),
            "offset {offset}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_remaining_are_known_where_one_list_is_walked() {
    let zoom = Zoom::start(users(50, 20, 0)).await;
    let connector = zoom.connector(&[]).await;
    let inactive = Filter::equals("STATUS", "inactive");
    let first = connector.search(USER, Some(&inactive), &page(8, Start::Beginning)).await.expect("a page");
    assert_eq!((first.objects.len(), first.remaining), (8, Some(12)));
    let last = connector.search(USER, Some(&inactive), &page(100, Start::Beginning)).await.expect("a page");
    assert_eq!((last.objects.len(), last.remaining, last.next), (20, Some(0), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paged_search_follows_deep_get_and_a_cookie_keeps_to_it() {
    let zoom = Zoom::start(users(30, 0, 0)).await;
    let connector = zoom.connector(&[("deepGet", "false"), ("deepImport", "true")]).await;
    let first = connector.search(USER, None, &page(10, Start::Beginning)).await.expect("a page");
    assert!(first.objects.iter().all(|object| object.attribute("LANGUAGE").is_none()));
    zoom.simulator.reset();
    // The same search goes on without a page size: it is still the paged one.
    let cookie = first.next.expect("more");
    let more = SearchOptions { start: Start::Cookie(cookie), ..SearchOptions::default() };
    let second = connector.search(USER, None, &more).await;
    assert!(second.expect("a page").objects.iter().all(|object| object.attribute("LANGUAGE").is_none()));
    assert_eq!(zoom.simulator.stats().by_route.get("GET /v2/users/{id}"), None);
    let unpaged = connector.search(USER, None, &SearchOptions::default()).await.expect("a page");
    assert!(unpaged.objects.iter().all(|object| object.attribute("LANGUAGE").is_some()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_size_is_passed_over_where_paging_is_switched_off() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    let connector = zoom.connector(&[("pagination", "false"), ("importBatchSize", "15")]).await;
    let found = connector.search(USER, None, &page(3, Start::Beginning)).await.expect("a page");
    assert_eq!(found.objects.len(), 15);
    let schema = connector.schema().await.expect("a schema");
    let search = schema.operations.iter().find(|support| support.operation.to_string() == "search").expect("search");
    assert!(!search.options.iter().any(|option| option == "PAGE_SIZE"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_of_another_search_and_one_that_is_none_are_refused() {
    let zoom = Zoom::start(users(30, 5, 0)).await;
    let connector = zoom.connector(&[]).await;
    let cookie = connector.search(USER, None, &page(10, Start::Beginning)).await.expect("a page").next.expect("more");
    let inactive = Filter::equals("STATUS", "inactive");
    let search = async |filter: Option<&Filter>, cookie: &str| {
        let options = page(10, Start::Cookie(cookie.to_owned()));
        connector.search(USER, filter, &options).await.map_err(refused)
    };
    assert_eq!(
        kind(search(Some(&inactive), &cookie).await).map(|kind| kind.to_string()),
        Some("invalid-argument".into())
    );
    assert_eq!(kind(search(None, "nonsense").await).map(|kind| kind.to_string()), Some("invalid-argument".into()));
    assert!(search(None, &cookie).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_that_expired_is_an_error_that_says_to_start_again() {
    let zoom = Zoom::misbehaving(users(650, 0, 0)).await;
    let connector = zoom.connector(&[("deepGet", "false")]).await;
    let cookie = connector.search(USER, None, &page(300, Start::Beginning)).await.expect("a page").next.expect("more");
    zoom.simulator.expire_pages();
    let options = page(300, Start::Cookie(cookie));
    let error = zoom.connector(&[("deepGet", "false")]).await.search(USER, None, &options).await.map_err(refused);
    let error = error.expect_err("expired");
    assert_eq!(error.kind.to_string(), "precondition-failed");
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("again")), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sort_keys_are_refused_since_zoom_cannot_sort() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let key = host_harness::model::SortKey { name: "LAST_NAME".into(), ascending: true };
    let options = SearchOptions { sort_keys: vec![key], ..SearchOptions::default() };
    let error = connector.search(USER, None, &options).await.map_err(refused).expect_err("refused");
    assert_eq!(error.kind.to_string(), "unsupported-operation");
}
