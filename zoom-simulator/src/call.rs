//! A call as the handlers see it, and what they answer with.

use axum::body::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use serde_json::Value;

use crate::errors::{BAD_JSON, Failure};

/// One request to the API, its path already taken apart.
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The path as it was sent, percent-encoding and all.
    pub(crate) path: String,
    /// The variable parts of the path, decoded, by the names that the route table gives them.
    pub(crate) params: Vec<(String, String)>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// The `Authorization` header.
    pub(crate) authorization: Option<String>,
}

impl Call {
    /// A variable part of the path; empty if the route has none of that name.
    pub(crate) fn param(&self, name: &str) -> &str {
        find(&self.params, name).unwrap_or_default()
    }

    /// A query parameter; one that is empty counts as not given.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        find(&self.query, name).filter(|value| !value.is_empty())
    }

    /// The body as a JSON object.
    pub(crate) fn json(&self) -> Result<serde_json::Map<String, Value>, Failure> {
        serde_json::from_slice(&self.body).map_err(|_| BAD_JSON.into())
    }
}

fn find<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// What goes back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What a handler does.
pub(crate) type Outcome = Result<Answer, Failure>;

impl Answer {
    /// An answer of JSON.
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        // The bodies are our own structs with string keys: they always serialise.
        let body = serde_json::to_vec(body).unwrap_or_default();
        let headers =
            HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"))]);
        Self { status, headers, body: body.into() }
    }

    /// 200 with a body.
    pub(crate) fn ok(body: &impl Serialize) -> Outcome {
        Ok(Self::json(StatusCode::OK, body))
    }

    /// 201 with a body.
    pub(crate) fn created(body: &impl Serialize) -> Outcome {
        Ok(Self::json(StatusCode::CREATED, body))
    }

    /// Success without a body. Zoom sends no `Content-Type` then, which has broken clients that parse whatever comes
    /// (rapid7/insightconnect-plugins, issue 1846).
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// 204.
    pub(crate) fn done() -> Outcome {
        Ok(Self::empty(StatusCode::NO_CONTENT))
    }

    /// Sets a header, named in lower case, if its value can be one.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        let mut answer =
            Self::json(StatusCode::from_u16(failure.status).unwrap_or(StatusCode::BAD_REQUEST), &failure.body);
        for (name, value) in failure.headers {
            answer.set(name, &value);
        }
        answer
    }
}
