//! Computing time, memory, time from beginning to end.

use std::time::Duration;

use host_harness::{Error, Kind, Limit, Policy, Properties};

use crate::guests::{open, open_with, request, requests};
use crate::server::{Reply, Server, ok};

fn limit(error: &Error) -> Limit {
    assert_eq!((error.kind(), error.kind().exit_code()), (Kind::Limit, 8), "{error}");
    match error {
        Error::Limit(limit) => *limit,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_endless_loop_ends_at_the_limit_of_computing_time() {
    let mut policy = Policy::default();
    policy.limits.cpu = Duration::from_millis(200);
    let connector = open_with("loops", Properties::new(), policy).await;
    for _ in 0..2 {
        let error = connector.test().await.unwrap_err();
        assert_eq!(limit(&error), Limit::Cpu(Duration::from_millis(200)), "and so does the next");
    }
}

#[tokio::test]
async fn an_endless_loop_does_not_stop_others_on_the_same_thread() {
    let looping = open("loops", Properties::new()).await;
    let other = open("traps", Properties::new()).await;
    tokio::select! {
        biased;
        outcome = looping.test() => panic!("{outcome:?}"),
        schema = other.schema() => assert!(schema.is_ok()),
    }
}

#[tokio::test]
async fn waiting_for_the_network_is_not_computing() {
    let server =
        Server::start(|_| Reply::SendWhenReleased("HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlate".into())).await;
    let mut policy = Policy::default();
    policy.limits.cpu = Duration::from_millis(400);
    let connector = requests(&server.url(), policy).await;
    let url = server.url();
    let later = async {
        server.arrived().await;
        // Longer than it may compute: this is what is tested, nothing is waited for.
        tokio::time::sleep(Duration::from_millis(800)).await;
        server.release();
    };
    let (answer, ()) = tokio::join!(request(&connector, &url), later);
    assert_eq!(answer.unwrap().1, "late");
}

#[tokio::test]
async fn memory_ends_at_its_limit() {
    let mut policy = Policy::default();
    policy.limits.memory = 32 << 20;
    let connector = open_with("eats-memory", Properties::new(), policy).await;
    assert_eq!(limit(&connector.test().await.unwrap_err()), Limit::Memory(32 << 20));
}

#[tokio::test]
async fn an_operation_ends_when_its_time_is_over() {
    let server = Server::start(|_| Reply::Silence).await;
    let mut policy = Policy::default();
    policy.timeouts.operation = Duration::from_secs(1);
    let connector = requests(&server.url(), policy).await;
    let url = server.url();
    let error = connector.search(&url, None, &host_harness::SearchOptions::default()).await.unwrap_err();
    assert_eq!(limit(&error), Limit::WallClock(Duration::from_secs(1)));
    assert!(request(&connector, "finish").await.unwrap_err().contains("nothing was begun"), "a new instance answers");
}

#[tokio::test]
async fn too_many_host_resources_are_a_limit() {
    let mut policy = Policy::default();
    policy.limits.resources = 2;
    let server = Server::start(|_| ok("")).await;
    let component = crate::guests::component("requests");
    let connector = component.open(&Properties::new().with("serviceUrl", server.url()), policy).await.unwrap();
    let error = connector.search(&server.url(), None, &host_harness::SearchOptions::default()).await.unwrap_err();
    assert_eq!(limit(&error), Limit::Resources(2));
}

#[tokio::test]
async fn an_instance_makes_any_number_of_requests() {
    let server = Server::start(|_| ok("here")).await;
    let mut policy = Policy::default();
    policy.limits.resources = 100;
    let connector = requests(&server.url(), policy).await;
    for _ in 0..300 {
        assert_eq!(request(&connector, &server.url()).await, Ok(("200".into(), "here".into())));
    }
    assert_eq!(server.requests().len(), 300);
}

#[tokio::test]
async fn a_request_that_is_refused_at_once_leaves_nothing_behind() {
    let mut policy = Policy::default();
    policy.limits.resources = 100;
    let connector = requests("http://127.0.0.1:1", policy).await;
    for _ in 0..300 {
        let error = request(&connector, "gopher://127.0.0.1:1/").await.unwrap_err();
        assert!(error.contains("HttpProtocolError"), "{error}");
    }
}

#[tokio::test]
async fn a_response_body_beyond_its_limit_is_an_error_to_the_component() {
    let server = Server::start(|request| {
        if request.contains("/announced") {
            ok(&"x".repeat(2000))
        } else {
            Reply::SendAndClose(format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(2000)))
        }
    })
    .await;
    let mut policy = Policy::default();
    policy.limits.response_body = 1000;
    let connector = requests(&server.url(), policy).await;
    for path in ["/announced", "/not-announced"] {
        let error = request(&connector, &format!("{}{path}", server.url())).await.unwrap_err();
        assert!(error.contains("HttpResponseBodySize(Some(1000))"), "{error}");
    }
}
