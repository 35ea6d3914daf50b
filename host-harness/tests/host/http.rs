//! Connections, time-outs, bodies, TLS.

use std::time::Duration;

use host_harness::{Policy, Properties};

use crate::guests::{open_with, request, requests};
use crate::server::{Reply, Server, ok, tls};

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = Server::start(|_| ok("x")).await;
    let connector = requests(&server.url(), Policy::default()).await;
    for _ in 0..20 {
        request(&connector, &server.url()).await.unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (20, 1));
}

#[tokio::test]
async fn a_connection_that_nobody_uses_is_ended() {
    let server = Server::start(|_| ok("x")).await;
    let mut policy = Policy::default();
    policy.timeouts.idle_connection = Duration::from_millis(100);
    let connector = requests(&server.url(), policy).await;
    request(&connector, &server.url()).await.unwrap();
    server.left().await;
}

#[tokio::test]
async fn a_connection_that_has_ended_is_not_used_again() {
    let server = Server::start(|_| Reply::SendAndClose("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx".into())).await;
    let connector = requests(&server.url(), Policy::default()).await;
    for _ in 0..20 {
        request(&connector, &server.url()).await.unwrap();
    }
    assert_eq!(server.connections(), 20);
}

#[tokio::test]
async fn a_request_says_its_host_once() {
    let server = Server::start(|_| ok("x")).await;
    let connector = requests(&server.url(), Policy::default()).await;
    request(&connector, &format!("{}/a/b?c=d", server.url())).await.unwrap();
    let head = server.requests()[0].to_lowercase();
    assert!(head.starts_with("get /a/b?c=d http/1.1\r\n"), "{head}");
    assert_eq!(head.matches("host:").count(), 1, "{head}");
}

#[tokio::test]
async fn a_request_makes_progress_while_no_call_runs() {
    let server =
        Server::start(|_| Reply::SendAndClose("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nahead".into())).await;
    let connector = requests(&server.url(), Policy::default()).await;
    let _ = request(&connector, &format!("start {}", server.url())).await;
    server.answered().await;
    assert_eq!(request(&connector, "finish").await.unwrap(), ("200".into(), "ahead".into()));
}

#[tokio::test]
async fn a_body_that_is_cut_off_is_an_error() {
    for cut in [
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nonly this\r\n",
    ] {
        let server = Server::start(|_| Reply::SendAndClose(cut.into())).await;
        let connector = requests(&server.url(), Policy::default()).await;
        let error = request(&connector, &server.url()).await.unwrap_err();
        assert!(error.contains("HttpResponseIncomplete"), "{error}");
    }
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer_is_told_from_one_that_cannot_be_made() {
    let server = Server::start(|_| Reply::SendAndClose(String::new())).await;
    let connector = requests(&server.url(), Policy::default()).await;
    let error = request(&connector, &server.url()).await.unwrap_err();
    assert!(error.contains("ConnectionTerminated"), "{error}");

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{free}");
    let connector = requests(&url, Policy::default()).await;
    let error = request(&connector, &url).await.unwrap_err();
    assert!(error.contains("ConnectionRefused"), "{error}");
}

#[tokio::test]
async fn a_name_that_cannot_be_resolved_is_said_so() {
    // Longer than a name may be: no resolver has to be asked.
    let url = format!("http://{}.invalid", "x".repeat(64));
    let connector = requests(&url, Policy::default()).await;
    let error = request(&connector, &url).await.unwrap_err();
    assert!(error.contains("DnsError"), "{error}");
}

#[tokio::test]
async fn the_host_waits_for_an_answer_no_longer_than_it_allows() {
    let server = Server::start(|_| Reply::Silence).await;
    let mut policy = Policy::default();
    policy.timeouts.first_byte = Duration::from_millis(100);
    let connector = requests(&server.url(), policy).await;
    let error = request(&connector, &server.url()).await.unwrap_err();
    assert!(error.contains("ConnectionReadTimeout"), "{error}");
}

#[tokio::test]
async fn a_component_may_ask_to_wait_less() {
    let server = Server::start(|_| Reply::Silence).await;
    let properties = Properties::new().with("serviceUrl", server.url()).with("firstByteMs", "100");
    let connector = open_with("requests", properties, Policy::default()).await;
    let error = request(&connector, &server.url()).await.unwrap_err();
    assert!(error.contains("ConnectionReadTimeout"), "{error}");
}

#[tokio::test]
async fn a_body_that_stops_flowing_is_given_up() {
    let server = Server::start(|_| Reply::Send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this".into())).await;
    let mut policy = Policy::default();
    policy.timeouts.between_bytes = Duration::from_millis(100);
    let connector = requests(&server.url(), policy).await;
    let error = request(&connector, &server.url()).await.unwrap_err();
    assert!(error.contains("ConnectionReadTimeout"), "{error}");
}

#[tokio::test]
async fn an_operation_that_is_dropped_ends_its_connection() {
    let server = Server::start(|_| Reply::Silence).await;
    let connector = requests(&server.url(), Policy::default()).await;
    let url = server.url();
    tokio::select! {
        biased;
        _ = request(&connector, &url) => panic!("the server said something"),
        () = server.arrived() => {}
    }
    server.left().await;
}

#[tokio::test]
async fn a_request_that_the_component_drops_ends_its_connection() {
    let server = Server::start(|request| if request.contains("/silent") { Reply::Silence } else { ok("x") }).await;
    let connector = requests(&server.url(), Policy::default()).await;
    request(&connector, &format!("start {}/silent", server.url())).await.unwrap_err();
    server.arrived().await;
    // The component keeps one request that was begun: with the next it drops the first.
    request(&connector, &format!("start {}", server.url())).await.unwrap_err();
    server.left().await;
    assert_eq!(request(&connector, "finish").await.unwrap().1, "x");
}

#[tokio::test]
async fn a_certificate_is_trusted_only_if_its_authority_is() {
    let (tls, roots) = tls(&[]);
    let server = Server::start_tls(tls, |_| ok("private")).await;
    let url = format!("https://{}", server.address);

    let connector = requests(&url, Policy::default()).await;
    let error = request(&connector, &url).await.unwrap_err();
    assert!(error.contains("TlsCertificateError"), "{error}");
    assert_eq!(server.requests().len(), 0);

    let mut policy = Policy::default();
    policy.trusted_roots = roots;
    let connector = requests(&url, policy).await;
    assert_eq!(request(&connector, &url).await.unwrap().1, "private");
}

#[tokio::test]
async fn the_handshake_is_a_part_of_connecting() {
    let server = Server::start(|_| ok("plain")).await;
    let url = format!("https://{}", server.address);
    // The server waits for the end of a head, which the client's greeting does not have.
    let mut policy = Policy::default();
    policy.timeouts.connect = Duration::from_millis(200);
    let connector = requests(&url, policy).await;
    let error = request(&connector, &url).await.unwrap_err();
    assert!(error.contains("ConnectionTimeout"), "{error}");
}
