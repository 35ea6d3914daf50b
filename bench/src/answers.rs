//! What Zoom answers, asked for once and then known: the guest and the native connector get the same bytes at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use wasmtime_wasi_http::{Error, WasiBody};

/// The answers that are known, by method, path and query.
#[derive(Clone)]
pub(crate) struct Answers {
    known: Arc<Mutex<HashMap<String, Answer>>>,
    client: Client<HttpConnector, WasiBody>,
}

/// An answer.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Answers {
    /// None yet.
    pub(crate) fn new() -> Self {
        Self { known: Arc::default(), client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// The answer to a call, if it was made before.
    pub(crate) fn known(&self, method: &str, path: &str) -> Option<Answer> {
        self.all().get(&key(method, path)).cloned()
    }

    /// The answer to a request of the guest.
    pub(crate) async fn to(self, request: Request<WasiBody>) -> Result<Response<WasiBody>, Error> {
        let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        let method = request.method().to_string();
        if let Some(answer) = self.known(&method, &path) {
            return answer.response();
        }
        let response = self.client.request(request).await.map_err(|_| Error::ConnectionTerminated)?;
        let (head, body) = response.into_parts();
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let answer = Answer {
            status: head.status.as_u16(),
            headers: head.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect(),
            body: body.collect().await.map_err(|_| Error::HttpResponseIncomplete)?.to_bytes(),
        };
        self.all().insert(key(&method, &path), answer.clone());
        answer.response()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Answer>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answer {
    fn response(self) -> Result<Response<WasiBody>, Error> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let body = Full::new(self.body).map_err(|never| match never {}).boxed_unsync();
        response.body(body).map_err(|_| Error::HttpProtocolError)
    }
}

fn key(method: &str, path: &str) -> String {
    format!("{method} {path}")
}
