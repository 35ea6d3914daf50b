//! What becomes of an instance after a trap, an error, a cancelled call.

use host_harness::{Connector, Error, Kind, Policy, Properties, SearchOptions};

use crate::guests::{component, open, request, requests};
use crate::server::{Reply, Server, ok};

/// How many calls the instance of the guest `traps` has had, this one included.
async fn calls(connector: &Connector) -> String {
    connector.schema().await.unwrap().object_classes[0].name.clone()
}

#[tokio::test]
async fn a_trap_discards_the_instance_and_the_next_call_opens_another() {
    let connector = open("traps", Properties::new()).await;
    assert_eq!(calls(&connector).await, "call 1");
    assert_eq!(calls(&connector).await, "call 2", "an instance is kept between calls");
    let error = connector.test().await.unwrap_err();
    assert_eq!((error.kind(), error.kind().exit_code()), (Kind::Trap, 8));
    assert!(error.to_string().contains("unreachable"), "{error}");
    assert!(error.hint().unwrap().contains("the reason for the trap"), "{:?}", error.hint());
    assert_eq!(calls(&connector).await, "call 1");
}

#[tokio::test]
async fn an_error_of_the_connector_keeps_the_instance() {
    let connector = open("traps", Properties::new()).await;
    assert_eq!(calls(&connector).await, "call 1");
    let error = connector.search("Thing", None, &SearchOptions::default()).await.unwrap_err();
    assert!(matches!(error, Error::Connector(_)));
    assert_eq!(calls(&connector).await, "call 2");
}

#[tokio::test]
async fn a_trap_while_it_is_opened_is_an_error_of_opening() {
    let properties = Properties::new().with("trapIn", "open");
    let error = component("traps").open(&properties, Policy::default()).await.unwrap_err();
    assert!(matches!(error, Error::Trap { .. }), "{error}");
}

#[tokio::test]
async fn a_cancelled_call_discards_the_instance() {
    let server = Server::start(|request| if request.contains("/silent") { Reply::Silence } else { ok("here") }).await;
    let connector = requests(&server.url(), Policy::default()).await;
    let url = |path: &str| format!("{}{path}", server.url());
    request(&connector, &format!("start {}", url("/begun"))).await.unwrap_err();
    server.arrived().await;

    let silent = url("/silent");
    tokio::select! {
        biased;
        _ = request(&connector, &silent) => panic!("the server said something"),
        () = server.arrived() => {}
    }
    let begun = request(&connector, "finish").await.unwrap_err();
    assert!(begun.contains("nothing was begun"), "the instance that had begun a request is gone: {begun}");
    assert_eq!(request(&connector, &url("/again")).await.unwrap().1, "here");
}

#[tokio::test]
async fn operations_of_one_connector_wait_for_each_other() {
    let server =
        Server::start(|_| Reply::SendWhenReleased("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".into())).await;
    let connector = requests(&server.url(), Policy::default()).await;
    let (url, released) = (server.url(), async {
        server.arrived().await;
        assert_eq!(server.requests().len(), 1, "the second waits for the first");
        server.release();
        server.arrived().await;
        server.release();
    });
    let (first, second, ()) = tokio::join!(request(&connector, &url), request(&connector, &url), released);
    assert!(first.is_ok() && second.is_ok());
}
