//! Listening, on 127.0.0.1 and nowhere else. Connections are counted as they are accepted.

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    extract::{RawPathParams, Request, State},
    response::Response,
    routing::{MethodFilter, on, post},
};
use hyper::{
    body::Incoming,
    server::conn::{http1, http2},
    service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    routes::{ROUTES, Route},
    serve::{self, Endpoint, Server},
    sim, tls,
    wire::Hangup,
};

/// How many requests one HTTP/2 connection has open at most, others wait: nginx's default, which is what most who
/// serve HTTP/2 say.
const STREAMS: u32 = 128;

/// What is spoken on a connection.
#[derive(Clone, Copy)]
enum Protocol {
    Http1,
    Http2,
}

/// Every path with what answers it.
pub(crate) fn router(server: Arc<Server>) -> Router {
    let token = async |State(server), request| serve::answer(server, Endpoint::Token, Vec::new(), request).await;
    let unknown = async |State(server), request| serve::answer(server, Endpoint::Unknown, Vec::new(), request).await;
    let mut router = sim::router().route("/oauth/token", post(token));
    for route in ROUTES {
        // Only a method that HTTP does not know has no filter; the table has none of those.
        let Ok(method) = MethodFilter::try_from(route.method.clone()) else { continue };
        let answer = move |State(server), params: RawPathParams, request| api(server, route, params, request);
        router = router.route(&format!("/v2{}", route.path), on(method, answer));
    }
    router.fallback(unknown).method_not_allowed_fallback(unknown).with_state(server)
}

async fn api(server: Arc<Server>, route: &'static Route, params: RawPathParams, request: Request) -> Response {
    let params = params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    serve::answer(server, Endpoint::Api(route), params, request).await
}

/// Accepts connections for ever. When this is dropped, so are they.
pub(crate) async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, router: Router, server: Arc<Server>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: others must get a chance to close theirs.
            tokio::task::yield_now().await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        server.observer.connected();
        // Answers are small and wanted at once; without it they may wait for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        let (tls, router, server) = (tls.clone(), router.clone(), server.clone());
        connections.spawn(async move {
            match tls {
                None => converse(stream, Protocol::Http1, router, server).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        let agreed = stream.get_ref().1.alpn_protocol();
                        let protocol = if agreed == Some(tls::HTTP2) { Protocol::Http2 } else { Protocol::Http1 };
                        converse(stream, protocol, router, server).await;
                    }
                }
            }
        });
    }
}

/// Serves one connection until its end.
async fn converse(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    protocol: Protocol,
    router: Router,
    server: Arc<Server>,
) {
    let router = TowerToHyperService::new(router);
    let is_first = AtomicBool::new(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        if is_first.swap(false, Ordering::Relaxed) && request.uri().path().starts_with("/__sim/") {
            server.observer.was_observer();
        }
        let response = hyper::service::Service::call(&router, request);
        async {
            let response = response.await.unwrap_or_else(|error: Infallible| match error {});
            // An error makes hyper end what the answer would have gone over, without a word: the connection in
            // HTTP/1.1, and in HTTP/2 the stream, since others are on the same connection.
            if response.extensions().get::<Hangup>().is_some() {
                Err(io::Error::from(io::ErrorKind::ConnectionAborted))
            } else {
                Ok(response)
            }
        }
    });
    let stream = TokioIo::new(stream);
    // What goes wrong on a connection is the caller's loss and shows at the caller's end.
    let _ = match protocol {
        Protocol::Http1 => http1::Builder::new().serve_connection(stream, service).await,
        Protocol::Http2 => {
            let mut http2 = http2::Builder::new(TokioExecutor::new());
            http2.max_concurrent_streams(STREAMS).serve_connection(stream, service).await
        }
    };
}
