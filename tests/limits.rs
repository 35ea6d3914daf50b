//! Zoom's limits: kept to, waited for, or told. The simulator counts what arrives in any second, and refuses what is
//! too much as Zoom does.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::time::Duration;

use host_harness::model::{ErrorKind, Filter, Options, SearchOptions, SearchResult, Start};
use host_harness::{Connector, Error};
use serde_json::json;
use zoom_simulator::Plan;

use crate::support::{USER, Zoom, all, get, harness, refused, users, value};

/// A page of ten users, from there.
async fn ten(connector: &Connector, start: Start, deadline: Option<Duration>) -> Result<SearchResult, Error> {
    let options = Options { deadline, ..Options::default() };
    let page_size = NonZeroU32::new(10);
    connector.search(USER, None, &SearchOptions { start, options, page_size, ..SearchOptions::default() }).await
}

fn uids(page: &SearchResult) -> HashSet<String> {
    page.objects.iter().map(|object| object.uid.value.clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_under_the_limits_of_each_plan_is_never_refused() {
    for (plan, number) in [(Plan::Business, 150), (Plan::Pro, 60), (Plan::Free, 8)] {
        let zoom = Zoom::start(zoom_simulator::Options { plan, phone_users: 5, ..users(number, 2, 0) }).await;
        let connector = zoom.connector(&[]).await;
        assert_eq!(all(&connector, USER, None).await.len(), number, "{plan}");
        let status = zoom.simulator.stats().status;
        assert_eq!(status.keys().collect::<Vec<_>>(), ["200"], "{plan}: {status:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_above_the_limits_are_waited_for_where_the_configuration_says_another_plan() {
    let zoom = Zoom::start(zoom_simulator::Options { plan: Plan::Pro, ..users(60, 0, 0) }).await;
    let connector = zoom.connector(&[("ratePlan", "off")]).await;
    assert_eq!(all(&connector, USER, None).await.len(), 60);
    assert!(zoom.simulator.stats().status.contains_key("429"), "it was too fast");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_wait_as_long_as_a_limit_takes_is_told_at_once_and_goes_on_later() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    let slow = [("rateLimits", "Light=1"), ("concurrency", "4")];
    let connector = zoom.connector(&slow).await;
    let first = refused(ten(&connector, Start::Beginning, Some(Duration::from_millis(500))).await.expect_err("slow"));
    assert_eq!(first.kind, ErrorKind::RateLimited, "{first:?}");
    let wait = first.retry_after.expect("how long to wait");
    assert!(wait > Duration::from_millis(500) && wait < Duration::from_secs(5), "{wait:?}");
    assert!(first.retryable && first.hint.is_some());
    let light = zoom.calls().into_iter().filter(|(route, _)| route == "GET /v2/users/{id}").map(|(_, count)| count);
    assert_eq!(light.sum::<u64>(), 1, "one call a second");
    // The same search in an instance with more patience.
    let connector = zoom.connector(&[]).await;
    assert_eq!(ten(&connector, Start::Beginning, None).await.expect("a page").objects.len(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_the_limit_of_the_day_the_same_cookie_goes_on_in_another_instance() {
    let zoom = Zoom::misbehaving(users(30, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    let first = ten(&connector, Start::Beginning, None).await.expect("a page");
    let cookie = || Start::Cookie(first.next.clone().expect("more"));
    zoom.switch(json!({ "faults": ["429-date:1"] }));
    let error = refused(ten(&connector, cookie(), None).await.expect_err("refused"));
    assert_eq!((error.kind, error.retry_after.is_some()), (ErrorKind::RateLimited, true), "{error:?}");
    zoom.switch(json!({ "faults": [] }));
    let mut found = uids(&first);
    let mut start = cookie();
    loop {
        let fresh = zoom.connector(&[]).await;
        let page = ten(&fresh, start, None).await.expect("a page");
        for uid in uids(&page) {
            assert!(found.insert(uid), "once");
        }
        match page.next {
            Some(next) => start = Start::Cookie(next),
            None => break,
        }
    }
    assert_eq!(found.len(), 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_from_their_list_are_those_that_are_read_one_by_one() {
    let zoom = Zoom::start(zoom_simulator::Options { phone_users: 25, sites: 3, ..users(60, 5, 3) }).await;
    let import = all(&zoom.connector(&[]).await, USER, None).await;
    let calls = zoom.calls();
    assert!(calls.iter().any(|(route, _)| route == "GET /v2/phone/users"), "{calls:?}");
    assert!(!calls.iter().any(|(route, _)| route == "GET /v2/phone/users/{id}"), "{calls:?}");
    // An app that may not list phones reads them one by one.
    let scopes =
        ["user:read:user:admin", "user:read:list_users:admin", "phone:read:user:admin", "phone:read:list_sites:admin"];
    zoom.switch(json!({ "scopes": scopes }));
    let one_by_one = all(&zoom.connector(&[]).await, USER, None).await;
    assert!(zoom.calls().iter().any(|(route, _)| route == "GET /v2/phone/users/{id}"));
    assert_eq!(import, one_by_one);
    let phones = import.iter().filter(|user| value(user, "ZOOM_PHONE_FEATURE") == Some(true.into())).count();
    assert_eq!(phones, 25);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_up_with_everything_is_four_requests_with_the_token() {
    let zoom = Zoom::start(zoom_simulator::Options { phone_users: 3, sites: 2, ..users(5, 0, 0) }).await;
    let connector = zoom.connector(&[]).await;
    let mut found = all(&zoom.connector(&[]).await, USER, None).await.into_iter();
    let user = found.find(|user| value(user, "ZOOM_PHONE_FEATURE") == Some(true.into()));
    let user = user.expect("a user with a phone");
    zoom.simulator.reset();
    assert_eq!(get(&connector, USER, &user.uid.value).await, user);
    let routes = zoom.simulator.stats().by_route;
    let expected = ["GET /v2/phone/sites", "GET /v2/phone/users/{id}", "GET /v2/users/{id}", "POST /oauth/token"];
    assert_eq!(routes.into_iter().collect::<Vec<_>>(), expected.map(|route| (route.to_owned(), 1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_explains_a_search_with_labels_and_the_time_that_it_takes_at_least() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let config = zoom.property_file("limits_explain");
    let run = harness(&config, &["--set", "ratePlan=pro", "search", USER, "--explain"]).await;
    for said in ["GET", "/phone/users", "Light", "Phone Medium", "For each 1000 objects", "ratePlan pro"] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    assert!(zoom.calls().is_empty(), "it makes no call");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_phones_is_read_once_for_all_pages_of_a_search() {
    let zoom = Zoom::start(zoom_simulator::Options { phone_users: 25, ..users(50, 0, 0) }).await;
    let connector = zoom.connector(&[("deepGet", "false")]).await;
    let filter = Filter::equals("ZOOM_PHONE_FEATURE", true);
    zoom.simulator.reset();
    let mut options = SearchOptions { page_size: NonZeroU32::new(10), ..SearchOptions::default() };
    let mut found = 0;
    loop {
        let page = connector.search(USER, Some(&filter), &options).await.expect("a page");
        found += page.objects.len();
        match page.next {
            Some(next) => options.start = Start::Cookie(next),
            None => break,
        }
    }
    assert_eq!(found, 25);
    assert_eq!(zoom.calls(), [("GET /v2/phone/users".into(), 1), ("GET /v2/users".into(), 3)]);
}
