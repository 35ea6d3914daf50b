//! The connections of one connector: as few as the protocol allows.
//!
//! | | HTTP/2 | HTTP/1.1 |
//! |---|---|---|
//! | a connection carries | any number of requests at a time | one |
//! | to an origin there are | one | at most as many as requests are in flight |
//!
//! Which of the two a server speaks shows in the TLS handshake only. So requests that find no connection take turns: the
//! first makes one, and the others find it. Once a server has answered with HTTP/1.1 there are no turns any more, and
//! each makes its own.
//!
//! hyper-util's pool promises neither row: a burst makes a connection for each request whatever the protocol, and since
//! a response may be there before its connection is free again, 500 requests at a time made up to 800 connections.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::HOST;
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper::service::Service;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{Connection as _, HttpConnector};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::service::TowerToHyperService;
use rustls::ClientConfig;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout};
use wasmtime_wasi_http::WasiBody;

use crate::egress::Origin;
use crate::timeouts::Timeouts;

/// How long a response waits at most for its connection to be free again. It is at once, unless the server answered
/// before it had read the request; such a connection is not worth more.
const FREED_WITHIN: Duration = Duration::from_secs(1);

/// How often it is looked after connections that nobody uses, at most.
const SWEPT_EVERY: Duration = Duration::from_millis(100);

/// Why there is no connection.
pub(crate) type ConnectError = Box<dyn StdError + Send + Sync>;

/// The connections of one connector.
pub(crate) struct Connections {
    connector: TowerToHyperService<HttpsConnector<HttpConnector>>,
    timeouts: Timeouts,
    peers: Mutex<HashMap<Origin, Arc<Peer>>>,
}

/// What there is to one origin.
struct Peer {
    host: HeaderValue,
    /// Who may make a connection: one at a time, until it is closed.
    turns: Semaphore,
    /// The connections that can take a request; the last is the one that was used last.
    free: Mutex<Vec<Free>>,
    idle: Duration,
}

struct Free {
    sender: Sender,
    since: Instant,
}

/// hyper's end of a connection.
enum Sender {
    Http1(http1::SendRequest<WasiBody>),
    Http2(http2::SendRequest<WasiBody>),
}

/// A connection for one request. Where it is not given back, the request is given up: in HTTP/1.1 the connection ends
/// with it, in HTTP/2 the stream.
pub(crate) struct Connection {
    sender: Sender,
    peer: Arc<Peer>,
    /// Whether no request went over it before.
    pub(crate) is_new: bool,
}

impl Connections {
    pub(crate) fn new(tls: ClientConfig, timeouts: Timeouts) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_all_versions().wrap_connector(tcp);
        Self { connector: TowerToHyperService::new(connector), timeouts, peers: Mutex::default() }
    }

    /// A connection to the origin of a URL: one that is free, or a new one.
    pub(crate) async fn to(&self, uri: &Uri) -> Result<Connection, ConnectError> {
        let peer = self.peer(uri)?;
        if let Some(sender) = peer.take() {
            return Ok(Connection { sender, peer, is_new: false });
        }
        let turn = peer.turns.acquire().await.ok();
        // Made in the turn before.
        if let Some(sender) = peer.take() {
            drop(turn);
            return Ok(Connection { sender, peer, is_new: false });
        }
        let sender = self.open(uri).await?;
        match &sender {
            Sender::Http1(_) => peer.turns.close(),
            Sender::Http2(sender) => peer.put(Sender::Http2(sender.clone())),
        }
        drop(turn);
        Ok(Connection { sender, peer, is_new: true })
    }

    fn peer(&self, uri: &Uri) -> Result<Arc<Peer>, ConnectError> {
        let (origin, authority) = Origin::of(uri).zip(uri.authority()).ok_or("the URL has no origin")?;
        let host = HeaderValue::from_str(authority.as_str())?;
        let mut peers = self.peers.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(peers.entry(origin).or_insert_with(|| Peer::new(host, self.timeouts.idle_connection)).clone())
    }

    async fn open(&self, uri: &Uri) -> Result<Sender, ConnectError> {
        let stream = self.connector.call(uri.clone()).await?;
        if stream.connected().is_negotiated_h2() {
            let (mut sender, connection) = http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .keep_alive_interval(self.timeouts.ping)
                .keep_alive_timeout(self.timeouts.ping)
                .handshake(stream)
                .await?;
            // What ends it, the requests on it are told.
            tokio::spawn(connection);
            sender.ready().await?;
            Ok(Sender::Http2(sender))
        } else {
            let (mut sender, connection) = http1::handshake(stream).await?;
            tokio::spawn(connection);
            sender.ready().await?;
            Ok(Sender::Http1(sender))
        }
    }
}

impl Peer {
    fn new(host: HeaderValue, idle: Duration) -> Arc<Self> {
        let peer = Arc::new(Self { host, turns: Semaphore::new(1), free: Mutex::default(), idle });
        let swept = Arc::downgrade(&peer);
        tokio::spawn(async move {
            loop {
                sleep(idle.max(SWEPT_EVERY)).await;
                let Some(peer) = swept.upgrade() else { return };
                peer.free().retain(|free| free.is_usable(idle));
            }
        });
        peer
    }

    fn free(&self) -> MutexGuard<'_, Vec<Free>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<Sender> {
        let mut free = self.free();
        while let Some(last) = free.pop() {
            if !last.is_usable(self.idle) {
                continue;
            }
            if let Sender::Http2(sender) = &last.sender {
                let sender = Sender::Http2(sender.clone());
                free.push(Free { since: Instant::now(), ..last });
                return Some(sender);
            }
            return Some(last.sender);
        }
        None
    }

    fn put(&self, sender: Sender) {
        self.free().push(Free { sender, since: Instant::now() });
    }
}

impl Free {
    /// Whether it is still there, and not so old that the server may be about to end it.
    fn is_usable(&self, idle: Duration) -> bool {
        let is_ready = match &self.sender {
            Sender::Http1(sender) => sender.is_ready(),
            Sender::Http2(sender) => sender.is_ready(),
        };
        is_ready && self.since.elapsed() < idle
    }
}

impl Connection {
    /// Sends a request to a URL. The error has the request again where nothing of it was sent.
    pub(crate) async fn send(
        &mut self,
        mut request: Request<WasiBody>,
        uri: &Uri,
    ) -> Result<Response<Incoming>, TrySendError<Request<WasiBody>>> {
        match &mut self.sender {
            Sender::Http1(sender) => {
                // The host is that of the URL, which is what was checked.
                request.headers_mut().insert(HOST, self.peer.host.clone());
                let path = uri.path_and_query().cloned();
                *request.uri_mut() = path.unwrap_or_else(|| PathAndQuery::from_static("/")).into();
                sender.try_send_request(request).await
            }
            Sender::Http2(sender) => {
                request.headers_mut().remove(HOST);
                *request.uri_mut() = uri.clone();
                sender.try_send_request(request).await
            }
        }
    }

    /// Makes it free for other requests, once the response has been read to its end.
    pub(crate) async fn give_back(self) {
        if let Sender::Http1(mut sender) = self.sender
            && matches!(timeout(FREED_WITHIN, sender.ready()).await, Ok(Ok(())))
        {
            self.peer.put(Sender::Http1(sender));
        }
    }
}
