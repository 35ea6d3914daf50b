//! One call after the other, or many at a time: token, retries, reading of the answer.
//!
//! | what happens | what follows |
//! |---|---|
//! | no connection | again, up to the number of retries |
//! | the connection breaks, 502, 503, 504 | again, unless the call is a POST: that may have happened |
//! | 401, or code 124 | once more with a new token |
//! | 429 for the second | again after the wait that Zoom names, or the usual one |
//! | 429 for the day | the error, at once |
//! | the wait is longer than the caller waits | the error, at once |

use std::rc::Rc;
use std::time::Duration;

use connector_base::configuration::Url;
use connector_base::http::{Backoff, Request, Response, Sent, Transport};
use connector_base::log::{self, milliseconds};
use connector_base::runtime::{Instant, now, sleep};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::body::Body;
use super::error::{Refusal, ZoomError, refusal, request_id};
use super::limits::Operation;
use super::token::Tokens;

/// What is percent-encoded in paths and queries: all but the unreserved characters (RFC 3986) and `@`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');

/// The longest wait that Zoom may ask for and get. Anything longer is for the caller to decide.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// Calls Zoom. Clones share token and connections.
#[derive(Clone)]
pub(crate) struct Client {
    shared: Rc<Shared>,
    deadline: Option<Instant>,
}

struct Shared {
    transport: Box<dyn Transport>,
    service: Url,
    tokens: Tokens,
    retries: u32,
}

/// One call.
pub(crate) struct Call {
    operation: &'static Operation,
    path: String,
    body: Option<Vec<u8>>,
}

impl Call {
    /// A call of an operation whose path has these in its places, in order.
    pub(crate) fn new(operation: &'static Operation, places: &[&str]) -> Self {
        let mut path = String::new();
        let mut places = places.iter();
        for segment in operation.path.split('/').skip(1) {
            path.push('/');
            match places.as_slice().first().filter(|_| segment.starts_with('{')) {
                Some(place) => {
                    path.extend(utf8_percent_encode(place, ENCODED));
                    places.next();
                }
                None => path.push_str(segment),
            }
        }
        Self { operation, path, body: None }
    }

    /// With a query parameter.
    #[must_use]
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.path.push(if self.path.contains('?') { '&' } else { '?' });
        self.path.push_str(name);
        self.path.push('=');
        self.path.extend(utf8_percent_encode(value, ENCODED));
        self
    }

    /// With the parameters of a page.
    #[must_use]
    pub(crate) fn page(self, size: usize, token: Option<&str>) -> Self {
        let call = self.query("page_size", &size.to_string());
        match token {
            Some(token) => call.query("next_page_token", token),
            None => call,
        }
    }

    /// With a body.
    #[must_use]
    pub(crate) fn body(mut self, body: &Body) -> Self {
        self.body = Some(body.to_json());
        self
    }
}

impl Client {
    pub(crate) fn new(transport: Box<dyn Transport>, service: Url, tokens: Tokens, retries: u32) -> Self {
        Self { shared: Rc::new(Shared { transport, service, tokens, retries }), deadline: None }
    }

    /// The same client for a caller who stops waiting then.
    #[must_use]
    pub(crate) fn until(&self, deadline: Option<Instant>) -> Self {
        Self { shared: Rc::clone(&self.shared), deadline }
    }

    /// Makes a call and reads its answer: `read` says what is wrong with it.
    pub(crate) async fn read<T>(
        &self,
        call: Call,
        read: impl FnOnce(Value) -> Result<T, String>,
    ) -> Result<T, ZoomError> {
        let response = self.send(&call).await?;
        let answer = serde_json::from_slice(&response.body).map_err(|error| error.to_string());
        answer.and_then(read).map_err(|detail| ZoomError::Unreadable {
            operation: call.operation,
            status: response.status,
            detail,
            request_id: request_id(&response),
        })
    }

    /// Makes a call whose answer says nothing more than that it was done.
    pub(crate) async fn run(&self, call: Call) -> Result<(), ZoomError> {
        self.send(&call).await.map(drop)
    }

    async fn send(&self, call: &Call) -> Result<Response, ZoomError> {
        let mut backoff = Backoff::new(self.shared.retries);
        let mut renewed = false;
        loop {
            let token = self.shared.tokens.get(&*self.shared.transport).await?;
            let (failure, asked_wait) = match self.once(call, &token).await {
                Ok(response) => return Ok(response),
                Err(ZoomError::Refused(refusal)) if is_about_the_token(&refusal) && !renewed => {
                    renewed = true;
                    self.shared.tokens.forget(&token).await;
                    continue;
                }
                Err(error) => match worth_another_try(&error) {
                    Some(wait) => (error, wait),
                    None => return Err(error),
                },
            };
            let Some(wait) = backoff.next_wait() else { return Err(failure) };
            let wait = asked_wait.unwrap_or(wait);
            if wait > LONGEST_WAIT {
                return Err(failure);
            }
            if self.deadline.is_some_and(|deadline| now() + wait >= deadline) {
                return Err(ZoomError::TooLate { operation: call.operation, last: Some(Box::new(failure)) });
            }
            sleep(wait).await;
        }
    }

    async fn once(&self, call: &Call, token: &str) -> Result<Response, ZoomError> {
        let operation = call.operation;
        let Url { origin, path } = &self.shared.service;
        let mut request = Request::new(operation.method, format!("{origin}{path}{}", call.path))
            .header("authorization", format!("Bearer {token}"))
            .header("accept", "application/json");
        if let Some(body) = &call.body {
            request = request.body("application/json", body.clone());
        }
        if let Some(deadline) = self.deadline {
            let left = deadline.since(now());
            if left.is_zero() {
                return Err(ZoomError::TooLate { operation, last: None });
            }
            request.timeouts.connect = request.timeouts.connect.min(left);
            request.timeouts.first_byte = request.timeouts.first_byte.min(left);
        }
        let start = now();
        let outcome = self.shared.transport.send(request).await;
        if log::enabled(log::Level::Debug) {
            let result = outcome.as_ref().map_or_else(ToString::to_string, |response| response.status.to_string());
            let took = milliseconds(now().since(start));
            log::debug("call", &[("operation", &operation.to_string()), ("result", &result), ("milliseconds", &took)]);
        }
        let response = outcome.map_err(|error| ZoomError::Transport { operation, error })?;
        match refusal(operation, &response) {
            Some(refusal) => Err(ZoomError::Refused(Box::new(refusal))),
            None => Ok(response),
        }
    }
}

fn is_about_the_token(refusal: &Refusal) -> bool {
    refusal.status == 401 || refusal.code == Some(124)
}

/// Whether the same call may be made again, and after which wait if Zoom names one.
fn worth_another_try(error: &ZoomError) -> Option<Option<Duration>> {
    match error {
        ZoomError::Transport { operation, error } => {
            let safe = operation.method.is_idempotent() || error.sent() == Sent::No;
            (safe && error.may_pass()).then_some(None)
        }
        ZoomError::Refused(refusal) if refusal.status == 429 => (!refusal.daily).then_some(refusal.retry_after),
        ZoomError::Refused(refusal) => {
            let passing = matches!(refusal.status, 502..=504) && refusal.operation.method.is_idempotent();
            passing.then_some(refusal.retry_after)
        }
        _ => None,
    }
}
