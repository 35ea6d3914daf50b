//! What goes wrong on purpose.

use http::Method;
use http_body_util::BodyExt;
use serde_json::json;
use zoom_simulator::{Fault, Options};

use crate::support::{NO_CONTENT, Reply, Zoom, email, id, invitation, options};

async fn with_fault(fault: &str) -> Zoom {
    over_tls(false, fault).await
}

/// Over TLS HTTP/2 is spoken.
async fn over_tls(tls: bool, fault: &str) -> Zoom {
    let zoom = Zoom::start(Options { users: 20, tls, ..options() }).await;
    zoom.switch(json!({ "faults": [fault] }));
    zoom
}

fn injected(zoom: &Zoom, kind: &str) -> u64 {
    zoom.simulator.stats().faults.get(kind).copied().unwrap_or_default()
}

#[test]
fn a_fault_is_a_kind_and_a_probability() {
    let fault: Fault = "slow:0.25".parse().unwrap();
    assert_eq!(fault.to_string(), "slow:0.25");
    let error = |text: &str| text.parse::<Fault>().unwrap_err().to_string();
    assert!(error("fire:1").contains("reset, lost-answer, truncate, 502"));
    assert!(error("slow:2").contains("from 0 to 1"));
    assert!(error("slow").contains("KIND:PROBABILITY"));
}

#[tokio::test]
async fn a_reset_closes_the_connection_before_the_work_and_a_lost_answer_after_it() {
    for (kind, tls, is_done) in
        [("reset", false, false), ("lost-answer", false, true), ("reset", true, false), ("lost-answer", true, true)]
    {
        let zoom = over_tls(tls, &format!("{kind}:1")).await;
        let request = zoom.request(Method::POST, "/users", &invitation("new@example.org").to_string());
        assert!(zoom.send(request).await.is_err());
        assert_eq!(injected(&zoom, kind), 1);
        assert_eq!(zoom.simulator.log().last().unwrap().status, 0);
        zoom.switch(json!({ "faults": [] }));
        assert_eq!(zoom.get("/users/new@example.org").await.status == 200, is_done, "{kind}");
        assert_eq!(zoom.simulator.stats().connections, if tls { 1 } else { 2 }, "HTTP/2 loses the stream alone");
    }
}

#[tokio::test]
async fn a_truncated_answer_breaks_off_in_its_body() {
    for tls in [false, true] {
        let zoom = over_tls(tls, "truncate:1").await;
        let response = zoom.client.request(zoom.request(Method::GET, "/users", "")).await.unwrap();
        assert_eq!(response.status(), 200);
        let promised: usize = response.headers()["content-length"].to_str().unwrap().parse().unwrap();
        assert!(promised > 100);
        let (mut body, mut got) = (response.into_body(), 0);
        let broken = loop {
            match body.frame().await {
                Some(Ok(frame)) => got += frame.data_ref().unwrap().len(),
                end => break end,
            }
        };
        assert!(matches!(broken, Some(Err(_))), "tls: {tls}");
        assert!(got > 0 && got < promised, "{got} of {promised}");
        assert_eq!(injected(&zoom, "truncate"), 1);
    }
}

#[tokio::test]
async fn proxies_answer_html_and_only_504_after_the_work() {
    for (kind, status, is_done) in [("502", 502, false), ("503", 503, false), ("504", 504, true)] {
        let zoom = with_fault(&format!("{kind}:1")).await;
        let reply = zoom.post("/users", invitation("new@example.org")).await;
        assert_eq!((reply.status, reply.header("content-type")), (status, Some("text/html")));
        zoom.switch(json!({ "faults": [] }));
        assert_eq!(zoom.get("/users/new@example.org").await.status == 200, is_done, "{kind}");
    }
}

#[tokio::test]
async fn garbage_is_html_where_json_was_asked_for() {
    let zoom = with_fault("garbage:1").await;
    let mut statuses = Vec::new();
    for _ in 0..40 {
        let reply = zoom.get("/users").await;
        assert!(reply.text.starts_with("<html>"));
        statuses.push(reply.status);
    }
    statuses.sort_unstable();
    statuses.dedup();
    assert_eq!(statuses, [200, 500]);
}

#[tokio::test]
async fn a_limit_can_be_feigned_with_a_date_with_seconds_and_bare() {
    let retry_after = async |fault: &str| {
        let zoom = with_fault(fault).await;
        let reply = zoom.get("/users").await;
        assert_eq!(reply.refusal(), (429, 429));
        reply.header("retry-after").map(str::to_owned)
    };
    assert_eq!(retry_after("429:1").await, None);
    assert_eq!(retry_after("429-seconds:1").await.as_deref(), Some("1"));
    assert!(retry_after("429-date:1").await.unwrap().ends_with('Z'));
}

#[tokio::test]
async fn an_answer_can_be_slow() {
    let zoom = with_fault("slow:1").await;
    zoom.switch(json!({ "slow_ms": 30 }));
    let before = std::time::Instant::now();
    assert_eq!(zoom.get("/users").await.status, 200);
    assert!(before.elapsed().as_millis() >= 30);
    assert_eq!(injected(&zoom, "slow"), 1);
}

#[tokio::test]
async fn tokens_can_expire_at_random() {
    let zoom = with_fault("expired-token:1").await;
    assert_eq!(zoom.get("/users").await.refusal(), (401, 124));
    let zoom = with_fault("page-token-expired:1").await;
    let first = zoom.get("/users?page_size=10").await;
    assert_eq!(first.status, 200, "a first page has no token that could expire");
    let path = format!("/users?page_size=10&next_page_token={}", first.next());
    assert_eq!(zoom.get(&path).await.refusal(), (400, 300));
    assert_eq!(injected(&zoom, "page-token-expired"), 1);
}

#[tokio::test]
async fn a_cursor_can_repeat() {
    let zoom = with_fault("repeat-cursor:1").await;
    let first = zoom.get("/users?page_size=5").await.next().to_owned();
    let path = |token: &str| format!("/users?page_size=5&next_page_token={token}");
    let second = zoom.get(&path(&first)).await;
    assert_eq!(second.next(), first);
    assert_eq!(injected(&zoom, "repeat-cursor"), 1);
}

#[tokio::test]
async fn a_list_can_have_a_row_twice_or_lack_one() {
    let ids = |reply: &Reply| reply.rows("users").iter().map(|row| id(row).to_owned()).collect::<Vec<_>>();
    let zoom = with_fault("duplicate-row:1").await;
    let list = zoom.get("/users").await;
    assert_eq!((ids(&list).len(), &list.body["total_records"]), (21, &json!(20)));
    assert_eq!(ids(&list)[0], ids(&list)[20]);
    let zoom = with_fault("drop-row:1").await;
    let list = zoom.get("/users").await;
    assert_eq!((ids(&list).len(), &list.body["total_records"]), (19, &json!(20)));
    assert_eq!(zoom.get("/users/me").await.status, 200);
    assert_eq!(injected(&zoom, "drop-row"), 1, "only lists have rows");
}

#[tokio::test]
async fn success_can_have_an_error_in_its_body() {
    let zoom = with_fault("empty-200:1").await;
    let reply = zoom.patch(&format!("/users/{}", id(&zoom.member())), json!({ "dept": "Choir" })).await;
    assert_eq!(reply.refusal(), (200, 200));
    zoom.switch(json!({ "faults": [] }));
    assert_ne!(zoom.get(&format!("/users/{}", id(&zoom.member()))).await.body["dept"], "Choir");
}

#[tokio::test]
async fn token_requests_meet_the_network_too() {
    let zoom = with_fault("502:1").await;
    assert_eq!(zoom.token_request(&zoom.form(), &zoom.basic()).await.status, 502);
    zoom.switch(json!({ "faults": ["expired-token:1"] }));
    assert_eq!(zoom.token_request(&zoom.form(), &zoom.basic()).await.status, 200, "but not the API");
}

#[tokio::test]
async fn the_same_seed_goes_wrong_alike() {
    let run = async |seed: u64| {
        let zoom = Zoom::start(Options { seed, ..options() }).await;
        zoom.switch(json!({ "faults": ["502:0.3", "429:0.3"] }));
        let mut statuses = Vec::new();
        for _ in 0..40 {
            statuses.push(zoom.get("/users/me").await.status);
        }
        assert_eq!(zoom.simulator.stats().faults.len(), 2);
        statuses
    };
    assert_eq!(run(7).await, run(7).await);
    assert_ne!(run(7).await, run(8).await);
}

#[tokio::test]
async fn a_caller_who_hangs_up_finds_that_the_work_was_done() {
    let zoom = Zoom::small().await;
    zoom.switch(json!({ "hold": ["PATCH /v2/users/{id}"] }));
    let user = zoom.member();
    let path = format!("/users/{}", id(&user));
    let change = zoom.patch(&path, json!({ "dept": "Choir" }));
    tokio::select! {
        _ = change => panic!("it is held"),
        () = zoom.wait_for_in_flight(1) => {}
    }
    zoom.switch(json!({ "hold": [] }));
    assert_eq!(zoom.get(&format!("/users/{}", email(&user))).await.body["dept"], "Choir");
    assert_eq!(zoom.simulator.stats().status.get(&NO_CONTENT.to_string()), Some(&1));
}
