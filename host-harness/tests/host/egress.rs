//! What a component cannot reach: proved where it would have arrived.

use host_harness::{Policy, Properties, SearchOptions};

use crate::guests::{open, request, requests, text};
use crate::logging::Captured;
use crate::server::{Reply, Server, ok};

#[tokio::test]
async fn a_host_that_the_manifest_does_not_name_is_never_connected_to() {
    let (own, foreign) = (Server::start(|_| ok("own")).await, Server::start(|_| ok("foreign")).await);
    let connector = requests(&own.url(), Policy::default()).await;
    let events = Captured::start();
    for _ in 0..3 {
        let error = request(&connector, &foreign.url()).await.unwrap_err();
        assert!(error.contains("HttpRequestDenied"), "{error}");
    }
    assert_eq!(request(&connector, &own.url()).await.unwrap().1, "own");
    assert_eq!(foreign.connections(), 0);
    let denied: Vec<_> = connector.denied_origins().iter().map(|it| (it.origin.to_string(), it.count)).collect();
    assert_eq!(denied, [(foreign.url(), 3)]);
    assert_eq!(events.text().matches("denied").count(), 1, "it is said once: {}", events.text());
}

#[tokio::test]
async fn another_port_name_or_scheme_of_the_same_server_is_another_host() {
    let server = Server::start(|_| ok("own")).await;
    let connector = requests(&server.url(), Policy::default()).await;
    let port = server.address.rsplit(':').next().unwrap().to_owned();
    for url in [
        format!("http://localhost:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("http://user@127.0.0.1:{port}/"),
        "http://127.0.0.1/".to_owned(),
    ] {
        let error = request(&connector, &url).await.unwrap_err();
        assert!(error.contains("HttpRequestDenied"), "{url}: {error}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_path_cannot_address_another_host() {
    let (own, foreign) = (Server::start(|_| ok("own")).await, Server::start(|_| ok("foreign")).await);
    let connector = requests(&own.url(), Policy::default()).await;
    for path in [foreign.url(), format!("@{}/", foreign.address), format!("//{}/", foreign.address)] {
        // Refused, or taken for what it is: a path of the own server.
        let outcome = request(&connector, &format!("relative {path}")).await;
        assert!(
            outcome.as_ref().is_err_and(|error| error.contains("refused"))
                || outcome.is_ok_and(|(_, body)| body == "own")
        );
    }
    assert_eq!(foreign.connections(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let foreign = Server::start(|_| ok("foreign")).await;
    let target = foreign.url();
    let own = Server::start(move |_| {
        Reply::Send(format!("HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n"))
    })
    .await;
    let connector = requests(&own.url(), Policy::default()).await;
    assert_eq!(request(&connector, &own.url()).await.unwrap().0, "302");
    assert_eq!(foreign.connections(), 0);
    assert_eq!(connector.denied_origins(), []);
}

#[tokio::test]
async fn without_a_configured_host_nothing_can_be_reached() {
    let server = Server::start(|_| ok("")).await;
    let connector = open("requests", Properties::new()).await;
    assert_eq!(connector.allowed_origins(), []);
    assert!(request(&connector, &server.url()).await.unwrap_err().contains("HttpRequestDenied"));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn there_are_no_files_sockets_names_environment_or_arguments() {
    let server = Server::start(|_| ok("")).await;
    let connector = open("probes", Properties::new()).await;
    let page = connector.search(&server.address, None, &SearchOptions::default()).await.unwrap();
    assert_eq!(page.objects.len(), 9);
    for way in &page.objects {
        assert_eq!(text(way, "found"), "", "{}", way.name);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn headers_of_the_connection_cannot_be_set() {
    let connector = requests("http://127.0.0.1:1", Policy::default()).await;
    for name in ["host", "Connection", "transfer-encoding", "proxy-authorization", "upgrade", "expect"] {
        let page = connector.search(&format!("header {name}"), None, &SearchOptions::default()).await.unwrap();
        assert_eq!(text(&page.objects[0], "outcome"), "Err(HeaderError::Forbidden)", "{name}");
    }
    let page = connector.search("header authorization", None, &SearchOptions::default()).await.unwrap();
    assert_eq!(text(&page.objects[0], "outcome"), "Ok(())");
}
