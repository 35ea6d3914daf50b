//! A server on the loopback interface that says what it saw.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use host_harness::{Timeouts, TrustedRoots};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

/// What the server does with a request.
pub(crate) enum Reply {
    /// These bytes; the connection stays.
    Send(String),
    /// These bytes, and then the end of the connection.
    SendAndClose(String),
    /// Nothing, until the other side ends the connection.
    Silence,
    /// These bytes, after [`Server::release`].
    SendWhenReleased(String),
}

/// A whole response with this body.
pub(crate) fn ok(body: &str) -> Reply {
    Reply::Send(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()))
}

/// Waits for what must come at once: a host that forgot a request would end it by itself after the time-out of the
/// first byte.
pub(crate) async fn soon(event: impl Future<Output = ()>) {
    tokio::time::timeout(Timeouts::default().first_byte / 2, event).await.expect("it comes at once");
}

/// TLS for 127.0.0.1 that offers these protocols, and whom to trust for it.
pub(crate) fn tls(protocols: &[&[u8]]) -> (TlsAcceptor, TrustedRoots) {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let roots = TrustedRoots::default().and_pem(cert.pem().as_bytes()).unwrap();
    (TlsAcceptor::from(Arc::new(config)), roots)
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    requests: Mutex<Vec<String>>,
    arrived: Notify,
    released: Notify,
    answered: Notify,
    left: Notify,
}

pub(crate) struct Server {
    pub(crate) address: String,
    seen: Arc<Seen>,
}

impl Server {
    /// Starts one that answers every request in the same way, from the request's text.
    pub(crate) async fn start(reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_on(reply, None).await
    }

    /// The same over TLS.
    pub(crate) async fn start_tls(tls: TlsAcceptor, reply: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_on(reply, Some(tls)).await
    }

    async fn start_on(reply: impl Fn(&str) -> Reply + Send + Sync + 'static, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let seen = Arc::new(Seen::default());
        let (reply, shared) = (Arc::new(reply), seen.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let (reply, seen, tls) = (reply.clone(), shared.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &*reply, &seen).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, &*reply, &seen).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, seen }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections were accepted.
    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// The requests, head and all, in the order in which they came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.seen.requests.lock().unwrap().clone()
    }

    /// Waits until a request has come.
    pub(crate) async fn arrived(&self) {
        self.seen.arrived.notified().await;
    }

    /// Waits until a request has been answered.
    pub(crate) async fn answered(&self) {
        self.seen.answered.notified().await;
    }

    /// Waits until the other side has ended a connection.
    pub(crate) async fn left(&self) {
        soon(self.seen.left.notified()).await;
    }

    /// Lets one `SendWhenReleased` go.
    pub(crate) fn release(&self) {
        self.seen.released.notify_one();
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    reply: &(impl Fn(&str) -> Reply + ?Sized),
    seen: &Seen,
) {
    while let Some(request) = read_head(&mut stream).await {
        seen.requests.lock().unwrap().push(request.clone());
        seen.arrived.notify_one();
        let (bytes, closes) = match reply(&request) {
            Reply::Send(bytes) => (bytes, false),
            Reply::SendAndClose(bytes) => (bytes, true),
            Reply::Silence => {
                let _ = stream.read_u8().await;
                break;
            }
            Reply::SendWhenReleased(bytes) => {
                seen.released.notified().await;
                (bytes, false)
            }
        };
        if stream.write_all(bytes.as_bytes()).await.is_err() {
            return;
        }
        seen.answered.notify_one();
        if closes {
            let _ = stream.shutdown().await;
            return;
        }
    }
    seen.left.notify_one();
}

/// One request without a body.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}
