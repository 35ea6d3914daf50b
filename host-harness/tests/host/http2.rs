//! HTTP/2: one connection for all requests, and what becomes of its streams.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use host_harness::{Connector, Policy};
use http::{Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::server::TlsStream;

use crate::guests::{request, requests};
use crate::server::{soon, tls};

/// What a server answers when the first frame of a request comes (RFC 9113, 4.1): the connection is going away, and no
/// stream was begun with.
const GOING_AWAY: &[u8] = b"\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// A server that speaks HTTP/2 only.
struct Server {
    url: String,
    policy: Policy,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    arrived: Notify,
    cancelled: Notify,
}

impl Server {
    /// One that answers as the path says: see [`answer`].
    async fn start() -> Self {
        Self::start_with(async |stream, seen| {
            let mut connection = h2::server::handshake(stream).await.unwrap();
            while let Some(Ok((request, respond))) = connection.accept().await {
                tokio::spawn(answer(request, respond, seen.clone()));
            }
        })
        .await
    }

    /// One that sends these bytes when a request comes, and nothing else.
    async fn sending(bytes: &'static [u8]) -> Self {
        Self::start_with(async |mut stream, _| {
            // What an error cuts short, the other side sees.
            let _ = send_to_request(&mut stream, bytes).await;
        })
        .await
    }

    async fn start_with<S, F>(serve: S) -> Self
    where
        S: Fn(TlsStream<TcpStream>, Arc<Seen>) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send,
    {
        let (tls, roots) = tls(&[b"h2"]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Seen::default());
        let (shared, serve) = (seen.clone(), Arc::new(serve));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let (serve, seen, tls) = (serve.clone(), shared.clone(), tls.clone());
                tokio::spawn(async move {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, seen).await;
                    }
                });
            }
        });
        let mut policy = Policy::default();
        policy.trusted_roots = roots;
        Self { url, policy, seen }
    }

    async fn connector(&self) -> Connector {
        requests(&self.url, self.policy.clone()).await
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }
}

async fn answer(request: Request<RecvStream>, mut respond: SendResponse<Bytes>, seen: Arc<Seen>) {
    seen.arrived.notify_one();
    match request.uri().path() {
        "/silent" => {
            if std::future::poll_fn(|context| respond.poll_reset(context)).await.unwrap() == Reason::CANCEL {
                seen.cancelled.notify_one();
            }
        }
        "/refused" => respond.send_reset(Reason::REFUSED_STREAM),
        "/reset" => respond.send_reset(Reason::INTERNAL_ERROR),
        "/cut-off" => {
            let head = Response::builder().header("content-length", 100).body(()).unwrap();
            let mut body = respond.send_response(head, false).unwrap();
            body.send_data("only this".into(), true).unwrap();
        }
        _ => {
            let mut body = respond.send_response(Response::new(()), false).unwrap();
            body.send_data(format!("{:?}", request.version()).into(), true).unwrap();
        }
    }
}

/// Speaks just enough HTTP/2 to get a request, and holds the connection then until the other side ends it.
async fn send_to_request(stream: &mut TlsStream<TcpStream>, bytes: &[u8]) -> io::Result<()> {
    const PREFACE: usize = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();
    const SETTINGS: &[u8] = b"\0\0\0\x04\0\0\0\0\0";
    const HEADERS: u8 = 1;
    stream.read_exact(&mut [0; PREFACE]).await?;
    stream.write_all(SETTINGS).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        stream.read_exact(&mut vec![0; length as usize]).await?;
        if head[3] == HEADERS {
            stream.write_all(bytes).await?;
        }
    }
}

#[tokio::test]
async fn requests_share_a_connection() {
    let server = Server::start().await;
    let connector = server.connector().await;
    for _ in 0..20 {
        assert_eq!(request(&connector, &server.at("/")).await.unwrap(), ("200".into(), "HTTP/2.0".into()));
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn an_operation_that_is_dropped_resets_its_stream_and_leaves_the_connection() {
    let server = Server::start().await;
    let connector = server.connector().await;
    let silent = server.at("/silent");
    tokio::select! {
        biased;
        _ = request(&connector, &silent) => panic!("the server said something"),
        () = server.seen.arrived.notified() => {}
    }
    soon(server.seen.cancelled.notified()).await;
    request(&connector, &server.at("/")).await.unwrap();
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_request_that_the_component_drops_resets_its_stream_and_leaves_the_connection() {
    let server = Server::start().await;
    let connector = server.connector().await;
    request(&connector, &format!("start {}", server.at("/silent"))).await.unwrap_err();
    server.seen.arrived.notified().await;
    // The component keeps one request that was begun: with the next it drops the first.
    request(&connector, &format!("start {}", server.at("/"))).await.unwrap_err();
    soon(server.seen.cancelled.notified()).await;
    request(&connector, "finish").await.unwrap();
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_stream_that_the_server_refuses_is_told_from_one_that_it_breaks_off() {
    let server = Server::start().await;
    let connector = server.connector().await;
    for (path, code) in
        [("/refused", "ConnectionRefused"), ("/reset", "ConnectionTerminated"), ("/cut-off", "HttpResponseIncomplete")]
    {
        let error = request(&connector, &server.at(path)).await.unwrap_err();
        assert!(error.contains(code), "{path}: {error}");
    }
    request(&connector, &server.at("/")).await.unwrap();
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_server_that_goes_away_has_not_taken_the_request_up() {
    let server = Server::sending(GOING_AWAY).await;
    let connector = server.connector().await;
    for _ in 0..2 {
        let error = request(&connector, &server.url).await.unwrap_err();
        assert!(error.contains("ConnectionRefused"), "{error}");
    }
    assert_eq!(server.connections(), 2, "the next request takes another connection");
}

#[tokio::test]
async fn what_is_no_frame_is_an_error_of_the_protocol() {
    // Longer than a frame may be.
    let server = Server::sending(&[0xff; 9]).await;
    let connector = server.connector().await;
    let error = request(&connector, &server.url).await.unwrap_err();
    assert!(error.contains("HttpProtocolError"), "{error}");
}

#[tokio::test]
async fn a_connection_that_died_is_found_out_before_the_answer_is_overdue() {
    let mut server = Server::sending(b"").await;
    server.policy.timeouts.ping = Duration::from_millis(100);
    let connector = server.connector().await;
    for _ in 0..2 {
        let error = request(&connector, &server.url).await.unwrap_err();
        assert!(error.contains("ConnectionTerminated"), "{error}");
    }
    assert_eq!(server.connections(), 2, "the next request takes another connection");
}
