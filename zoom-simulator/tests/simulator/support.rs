//! A running simulator with an HTTP client of its own and a token.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, Error, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::{Value, json};
use zoom_simulator::{Options, Simulator};

/// 24 hours.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Speaks HTTP/2 to those who offer it.
pub(crate) type HttpClient = Client<HttpsConnector<HttpConnector>, Full<axum::body::Bytes>>;

/// A simulator and somebody who is logged in.
pub(crate) struct Zoom {
    pub(crate) simulator: Simulator,
    pub(crate) client: HttpClient,
    token: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The text as JSON; null if it is none.
    pub(crate) body: Value,
}

impl Reply {
    /// The status, and the code of the error.
    pub(crate) fn refusal(&self) -> (u16, i64) {
        (self.status, self.body["code"].as_i64().unwrap_or_default())
    }

    pub(crate) fn message(&self) -> &str {
        self.body["message"].as_str().unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The rows of a list.
    pub(crate) fn rows(&self, name: &str) -> &[Value] {
        self.body[name].as_array().unwrap_or_else(|| panic!("no {name} in {}", self.text))
    }

    pub(crate) fn next(&self) -> &str {
        self.body["next_page_token"].as_str().unwrap()
    }

    /// The names of a JSON object's fields.
    pub(crate) fn names(object: &Value) -> Vec<&str> {
        object.as_object().unwrap().keys().map(String::as_str).collect()
    }
}

/// Small and strict, so that a mistyped path is not mistaken for a refusal. What is called here is odd on purpose: it
/// does not go into a log that others read as an example.
pub(crate) fn options() -> Options {
    Options { users: 12, strict: true, log_file: None, ..Options::default() }
}

impl Zoom {
    pub(crate) async fn start(options: Options) -> Self {
        let simulator = Simulator::start(options).await.unwrap();
        let client = client(simulator.ca_pem());
        let mut zoom = Self { simulator, client, token: String::new() };
        zoom.log_in().await;
        zoom
    }

    /// A small account with two users who are inactive and two who are pending.
    pub(crate) async fn small() -> Self {
        Self::start(Options { inactive: 2, pending: 2, ..options() }).await
    }

    /// Gets a new token, and uses it from now on.
    pub(crate) async fn log_in(&mut self) {
        let reply = self.token_request(&self.form(), &self.basic()).await;
        self.token =
            reply.body["access_token"].as_str().unwrap_or_else(|| panic!("no token: {}", reply.text)).to_owned();
    }

    pub(crate) fn form(&self) -> String {
        format!("grant_type=account_credentials&account_id={}", self.simulator.credentials().account_id)
    }

    pub(crate) fn basic(&self) -> String {
        let credentials = self.simulator.credentials();
        basic(&credentials.client_id, &credentials.client_secret)
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    pub(crate) async fn token_request(&self, form: &str, authorization: &str) -> Reply {
        let request = Request::post(format!("{}/oauth/token", self.simulator.base_url()))
            .header("authorization", authorization)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Full::from(form.to_owned()));
        self.send(request.unwrap()).await.unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Full<axum::body::Bytes>>) -> Result<Reply, Error> {
        let (parts, body) = self.client.request(request).await?.into_parts();
        let text = String::from_utf8(body.collect().await.unwrap().to_bytes().to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or_default();
        Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, text, body })
    }

    pub(crate) fn request(&self, method: Method, path: &str, body: &str) -> Request<Full<axum::body::Bytes>> {
        Request::builder()
            .method(method)
            .uri(format!("{}/v2{path}", self.simulator.base_url()))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .body(Full::from(body.to_owned()))
            .unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path, "")).await.unwrap()
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path, "")).await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::POST, path, &body.to_string())).await.unwrap()
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PATCH, path, &body.to_string())).await.unwrap()
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::PUT, path, &body.to_string())).await.unwrap()
    }

    /// Stops the clock at the beginning of a day, so that what follows happens within one.
    pub(crate) async fn stop_clock_at_midnight(&mut self) {
        let now = self.observe(Method::POST, "clock", r#"{"freeze":true}"#).await.body["now"].clone();
        let seconds =
            now.as_str().unwrap()[11..19].split(':').fold(0, |sum, part| sum * 60 + part.parse::<u64>().unwrap());
        self.simulator.advance_clock(DAY - Duration::from_secs(seconds));
        self.log_in().await;
    }

    /// Waits until so many calls are being answered.
    pub(crate) async fn wait_for_in_flight(&self, count: u64) {
        while self.simulator.stats().in_flight < count {
            tokio::task::yield_now().await;
        }
    }

    /// Calls an observer.
    pub(crate) async fn observe(&self, method: Method, path: &str, body: &str) -> Reply {
        let request = Request::builder().method(method).uri(format!("{}/__sim/{path}", self.simulator.base_url()));
        self.send(request.body(Full::from(body.to_owned())).unwrap()).await.unwrap()
    }

    pub(crate) fn switch(&self, switches: Value) {
        self.simulator.set_switches(switches).unwrap();
    }

    /// A user as the state has it, the first who is so.
    pub(crate) fn user(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        let state = self.simulator.state();
        state["users"]
            .as_array()
            .unwrap()
            .iter()
            .find(|user| is_so(user))
            .unwrap_or_else(|| panic!("no such user"))
            .clone()
    }

    /// An ordinary active user.
    pub(crate) fn member(&self) -> Value {
        self.user(|user| user["status"] == "active" && user["role_id"] == "2" && user["login_types"] == json!([100]))
    }

    pub(crate) fn pending(&self) -> Value {
        self.user(|user| user["status"] == "pending")
    }

    pub(crate) fn inactive(&self) -> Value {
        self.user(|user| user["status"] == "inactive")
    }

    pub(crate) fn owner(&self) -> Value {
        self.user(|user| user["role_id"] == "0")
    }
}

/// Somebody with connections of their own, who trusts this authority and no other.
pub(crate) fn client(ca_pem: Option<&str>) -> HttpClient {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = ca_pem {
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    }
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let tls = tls.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots).with_no_client_auth();
    let https = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_all_versions().build();
    Client::builder(TokioExecutor::new()).build(https)
}

/// The id of a user.
pub(crate) fn id(user: &Value) -> &str {
    user["id"].as_str().unwrap()
}

/// The e-mail address of a user.
pub(crate) fn email(user: &Value) -> &str {
    user["email"].as_str().unwrap()
}

/// A Basic header.
pub(crate) fn basic(id: &str, secret: &str) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")))
}

/// A new user's request.
pub(crate) fn invitation(address: &str) -> Value {
    json!({ "action": "create", "user_info": { "email": address, "type": 1, "first_name": "Jill", "last_name": "Chill" } })
}

/// What `status` reads like for success.
pub(crate) const NO_CONTENT: u16 = StatusCode::NO_CONTENT.as_u16();
