//! Rate limits, and the limit of one caller per user.

use std::time::Duration;

use serde_json::json;
use zoom_simulator::{Options, Plan};

use crate::support::{DAY, Zoom, email, id, invitation, options};

async fn with_plan(plan: Plan) -> Zoom {
    let zoom = Zoom::start(Options { plan, phone_users: 3, ..options() }).await;
    zoom.simulator.freeze_clock();
    zoom
}

/// How many calls succeed before one is refused.
async fn allowed(zoom: &Zoom, path: &str) -> usize {
    let mut count = 0;
    while zoom.get(path).await.status == 200 {
        count += 1;
        assert!(count < 1_000, "no limit on {path}");
    }
    count
}

#[tokio::test]
async fn each_label_has_a_budget_per_second() {
    for (plan, light, medium, phone_light, phone_medium) in
        [(Plan::Free, 4, 2, 20, 10), (Plan::Pro, 30, 20, 20, 10), (Plan::Business, 80, 60, 40, 20)]
    {
        let zoom = with_plan(plan).await;
        assert_eq!(allowed(&zoom, "/users/me").await, light, "{plan}");
        assert_eq!(allowed(&zoom, "/users").await, medium, "{plan}");
        let state = zoom.simulator.state();
        let phone_user = state["phone"]["users"][0]["id"].as_str().unwrap();
        assert_eq!(allowed(&zoom, &format!("/phone/users/{phone_user}")).await, phone_light, "{plan}");
        assert_eq!(allowed(&zoom, "/phone/users").await, phone_medium, "{plan}");
    }
}

#[tokio::test]
async fn without_a_plan_nothing_is_limited() {
    let zoom = with_plan(Plan::Off).await;
    for _ in 0..200 {
        let reply = zoom.get("/users").await;
        assert_eq!((reply.status, reply.header("x-ratelimit-limit")), (200, None));
    }
}

#[tokio::test]
async fn one_bucket_serves_all_endpoints_of_a_label() {
    let zoom = with_plan(Plan::Free).await;
    assert_eq!(zoom.get("/users").await.status, 200);
    assert_eq!(zoom.get("/groups").await.status, 200);
    assert_eq!(zoom.get("/roles").await.refusal(), (429, 429));
    assert_eq!(zoom.get("/users/me").await.status, 200, "another label");
    assert_eq!(zoom.get("/phone/users").await.status, 200, "another product");
}

#[tokio::test]
async fn calls_are_counted_in_whatever_second_one_looks_back_upon() {
    let zoom = with_plan(Plan::Free).await;
    zoom.observe(http::Method::POST, "clock", r#"{"advance_seconds":1}"#).await;
    assert_eq!(zoom.get("/users").await.status, 200);
    zoom.simulator.advance_clock(Duration::from_millis(600));
    assert_eq!(zoom.get("/users").await.status, 200);
    assert_eq!(zoom.get("/users").await.status, 429);
    zoom.simulator.advance_clock(Duration::from_millis(400));
    assert_eq!(zoom.get("/users").await.status, 200, "the first is a second ago, and what was refused does not count");
    assert_eq!(zoom.get("/users").await.status, 429);
}

#[tokio::test]
async fn a_refusal_per_second_says_so_and_not_when_to_come_back() {
    let zoom = with_plan(Plan::Free).await;
    allowed(&zoom, "/users").await;
    let reply = zoom.get("/users").await;
    assert_eq!(reply.message(), "You have reached the maximum per-second rate limit for this API. Try again later.");
    assert_eq!(reply.header("x-ratelimit-type"), Some("QPS"));
    assert_eq!(reply.header("x-ratelimit-category"), Some("Medium"));
    assert_eq!(reply.header("retry-after"), None);
    zoom.switch(json!({ "rate_limit_headers": "with_reset", "retry_after": "seconds" }));
    let reply = zoom.get("/users").await;
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert!(reply.header("x-ratelimit-reset").unwrap().parse::<u64>().unwrap() > 1_700_000_000);
    zoom.switch(json!({ "rate_limit_headers": "none", "retry_after": "none" }));
    let reply = zoom.get("/users").await;
    assert!(reply.headers.keys().all(|name| !name.as_str().starts_with("x-ratelimit") && name != "retry-after"));
}

#[tokio::test]
async fn ordinary_answers_tell_what_is_left() {
    let zoom = with_plan(Plan::Business).await;
    let reply = zoom.get("/users/me").await;
    assert_eq!(reply.header("x-ratelimit-category"), Some("Light"));
    assert_eq!((reply.header("x-ratelimit-limit"), reply.header("x-ratelimit-remaining")), (Some("80"), Some("79")));
    let zoom = with_plan(Plan::Free).await;
    let reply = zoom.get("/users/me").await;
    assert_eq!(
        (reply.header("x-ratelimit-limit"), reply.header("x-ratelimit-remaining")),
        (Some("6000"), Some("5999"))
    );
}

#[tokio::test]
async fn a_day_has_a_limit_and_ends_at_midnight() {
    let mut zoom = with_plan(Plan::Free).await;
    zoom.switch(json!({ "labels": { "GET /v2/users/{id}": "Heavy" } }));
    zoom.stop_clock_at_midnight().await;
    for _ in 0..1_000 {
        assert_eq!(zoom.get("/users/me").await.status, 200);
        zoom.simulator.advance_clock(Duration::from_secs(1));
    }
    let reply = zoom.get("/users/me").await;
    assert_eq!((reply.refusal(), reply.header("x-ratelimit-type")), ((429, 429), Some("Daily-limit")));
    assert!(reply.message().starts_with("You have reached the maximum daily rate limit for this API."));
    let back = reply.header("retry-after").unwrap();
    assert!(back.ends_with("T00:00:00Z"), "{back}");
    zoom.switch(json!({ "retry_after": "seconds" }));
    assert_eq!(zoom.get("/users/me").await.header("retry-after"), Some(&*(DAY.as_secs() - 1_000).to_string()));
    zoom.simulator.advance_clock(DAY - Duration::from_secs(1_000));
    zoom.log_in().await;
    assert_eq!(zoom.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn resource_intensive_calls_are_counted_by_the_minute() {
    let zoom = with_plan(Plan::Business).await;
    zoom.switch(json!({ "labels": { "GET /v2/users": "Resource-intensive" } }));
    assert_eq!(allowed(&zoom, "/users").await, 20);
    zoom.simulator.advance_clock(Duration::from_secs(59));
    assert_eq!(zoom.get("/users").await.status, 429);
    zoom.simulator.advance_clock(Duration::from_secs(1));
    let reply = zoom.get("/users").await;
    assert_eq!((reply.status, reply.header("x-ratelimit-category")), (200, Some("Resource-intensive")));
    assert_eq!(reply.header("x-ratelimit-limit"), Some("60000"), "the pool that it shares with heavy calls");
}

#[tokio::test]
async fn a_user_who_is_being_removed_is_not_removed_twice() {
    let zoom = Zoom::small().await;
    let (user, other) = (zoom.member(), zoom.inactive());
    // Their answers wait until all of them have come.
    zoom.switch(json!({ "hold": ["DELETE /v2/users/{id}"] }));
    let remove = async |name: &str| zoom.delete(&format!("/users/{name}?action=delete")).await;
    let let_go = async {
        zoom.wait_for_in_flight(4).await;
        zoom.switch(json!({ "hold": [] }));
    };
    let (first, again, by_address, another, ()) =
        tokio::join!(remove(id(&user)), remove(id(&user)), remove(email(&user)), remove(id(&other)), let_go);
    let mut statuses = [first, again, by_address].map(|reply| {
        assert!(reply.status == 204 || reply.message().starts_with("Too many concurrent requests."), "{}", reply.text);
        reply.status
    });
    statuses.sort_unstable();
    assert_eq!((statuses, another.status), ([204, 429, 429], 204));
    assert_eq!(remove(id(&user)).await.refusal(), (404, 1001), "afterwards there is nobody to remove");
}

#[tokio::test]
async fn a_user_who_is_being_made_answers_nothing_yet() {
    let zoom = Zoom::small().await;
    zoom.switch(json!({ "hold": ["POST /v2/users"] }));
    let making = zoom.post("/users", invitation("new@example.org"));
    let rest = async {
        zoom.wait_for_in_flight(1).await;
        let refused = [
            zoom.get("/users/NEW@example.org").await,
            zoom.patch("/users/new@example.org", json!({ "dept": "Choir" })).await,
            zoom.delete("/users/new@example.org").await,
        ];
        zoom.switch(json!({ "hold": [] }));
        refused
    };
    let (made, refused) = tokio::join!(making, rest);
    assert_eq!(made.status, 201);
    for reply in refused {
        assert_eq!(reply.refusal(), (429, 429));
        assert!(reply.message().starts_with("Too many concurrent requests."));
    }
    assert_eq!(zoom.get("/users/new@example.org").await.status, 200);
}
