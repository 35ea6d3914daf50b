//! One call after the other, or many at a time: token, retries, reading of the answer.
//!
//! | what happens | what follows |
//! |---|---|
//! | no connection | again, up to the number of retries |
//! | the connection breaks, 502, 503, 504 | again, unless the call is a POST, or changes an address: that may have happened |
//! | 401, or code 124 | once more with a new token |
//! | 429 for the second | again after the wait that Zoom names, or the usual one |
//! | 429 for the day, or for the changes of an address | the error, at once |
//! | the wait is longer than the caller waits | the error, at once |

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use connector_base::configuration::Url;
use connector_base::http::{Backoff, Method, Request, Response, Sent, Transport};
use connector_base::log::{self, milliseconds};
use connector_base::runtime::{Instant, now, sleep, wait};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::body::Body;
use super::error::{Refusal, ZoomError, found, refusal, request_id};
use super::limits::{self, Operation};
use super::page::{PAGE_SIZE, Page};
use super::record::{Fields, Record};
use super::sites::Sites;
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
    sites: Sites,
    lacks_phone: Cell<bool>,
    retries: u32,
}

/// What Zoom answered to a call that it did not refuse.
pub(crate) struct Answer {
    operation: &'static Operation,
    response: Response,
}

impl Answer {
    /// Reads it as an object with these fields.
    pub(crate) fn read(self, fields: Fields) -> Result<Record, ZoomError> {
        Record::read(&self.response.body, fields).map_err(|detail| self.unreadable(detail))
    }

    /// Reads it as a page, whose rows are in the first of these fields.
    pub(crate) fn page(self, fields: Fields) -> Result<Page<Record>, ZoomError> {
        let list = fields.first().map_or("", |(field, _)| field);
        let page = Record::read(&self.response.body, fields).and_then(|answer| Page::of(answer, list));
        page.map_err(|detail| self.unreadable(detail))
    }

    fn unreadable(&self, detail: String) -> ZoomError {
        ZoomError::Unreadable {
            operation: self.operation,
            status: self.response.status,
            detail,
            request_id: request_id(&self.response),
        }
    }
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
        let shared =
            Shared { transport, service, tokens, sites: Sites::default(), lacks_phone: Cell::new(false), retries };
        Self { shared: Rc::new(shared), deadline: None }
    }

    /// The sites that were read.
    pub(super) fn known_sites(&self) -> &Sites {
        &self.shared.sites
    }

    /// Whether Zoom has said that the account has no Zoom Phone. An instance that is open for long learns of a
    /// subscription when the next one is opened.
    pub(crate) fn lacks_phone(&self) -> bool {
        self.shared.lacks_phone.get()
    }

    /// Notes that the account has no Zoom Phone.
    pub(super) fn note_lack_of_phone(&self) {
        self.shared.lacks_phone.set(true);
    }

    /// When the caller stops waiting.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The same client for a caller who stops waiting then.
    #[must_use]
    pub(crate) fn until(&self, deadline: Option<Instant>) -> Self {
        Self { shared: Rc::clone(&self.shared), deadline }
    }

    /// Makes a call. In a box, so that the component has it once, and not in each function that awaits it.
    pub(crate) fn answer(&self, call: Call) -> Pin<Box<dyn Future<Output = Result<Answer, ZoomError>> + '_>> {
        Box::pin(async move {
            let response = self.send(&call).await?;
            Ok(Answer { operation: call.operation, response })
        })
    }

    /// Makes a call that reads the one object with an id. No id is a dot or two, which would mean another path.
    pub(crate) async fn one(
        &self,
        operation: &'static Operation,
        id: &str,
        fields: Fields,
    ) -> Result<Option<Record>, ZoomError> {
        match matches!(id, "." | "..") {
            true => Ok(None),
            false => {
                found(self.answer(Call::new(operation, &[id])).await)?.map(|answer| answer.read(fields)).transpose()
            }
        }
    }

    /// A page of a list, whose rows are in the first of these fields.
    pub(crate) async fn page(&self, call: Call, fields: Fields) -> Result<Page<Record>, ZoomError> {
        self.answer(call).await?.page(fields)
    }

    /// All rows of a list, page after page: for lists that are needed as a whole.
    ///
    /// Errors: those of the pages; `Unreadable` for a list that never ends or ends early.
    pub(crate) async fn whole(
        &self,
        operation: &'static Operation,
        places: &[&str],
        fields: Fields,
    ) -> Result<Vec<Record>, ZoomError> {
        let mut all = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let call = Call::new(operation, places).page(PAGE_SIZE, token.as_deref());
            let next = self.page(call, fields).await?;
            all.extend(next.rows);
            if next.next.is_some() && next.next != token {
                token = next.next;
                continue;
            }
            // A row may come twice, and a list may grow; one that is shorter than its own total was cut off.
            let short = next.total.is_some_and(|total| all.len() < total);
            return match next.next.is_none() && !short {
                true => Ok(all),
                false => Err(ZoomError::unreadable(operation, "the list ends before its end")),
            };
        }
    }

    /// Makes a call and waits for its answer.
    pub(crate) fn wait_for(&self, call: Call) -> Result<Answer, ZoomError> {
        wait(self.answer(call))
    }

    /// Makes a call whose answer says nothing more than that it was done, and waits for it.
    pub(crate) fn run(&self, call: Call) -> Result<(), ZoomError> {
        self.wait_for(call).map(drop)
    }

    async fn send(&self, call: &Call) -> Result<Response, ZoomError> {
        let mut backoff = Backoff::new(self.shared.retries);
        let mut renewed = false;
        // Whether an earlier try was perhaps carried out.
        let mut perhaps_done = false;
        loop {
            let token = self.shared.tokens.get(&*self.shared.transport).await?;
            let (failure, asked_wait) = match self.once(call, &token).await {
                Ok(response) => return Ok(response),
                Err(ZoomError::Refused(refusal)) if is_about_the_token(&refusal) && !renewed => {
                    renewed = true;
                    self.shared.tokens.forget(&token);
                    continue;
                }
                // What an earlier try deleted is not there for this one.
                Err(error) if perhaps_done && call.operation.method == Method::Delete && error.is_not_found() => {
                    return Ok(Response { status: 204, ..Response::default() });
                }
                Err(error) => match worth_another_try(&error) {
                    Some(wait) => (error, wait),
                    None => return Err(error),
                },
            };
            perhaps_done |= !matches!(&failure, ZoomError::Transport { error, .. } if error.sent() == Sent::No);
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

/// Whether a call that was perhaps carried out may be made again. An address can be changed three times a
/// day: a second call would count, and find the address taken.
fn may_be_repeated(operation: &Operation) -> bool {
    operation.method.is_idempotent() && *operation != limits::SET_EMAIL
}

/// Whether the same call may be made again, and after which wait if Zoom names one.
fn worth_another_try(error: &ZoomError) -> Option<Option<Duration>> {
    match error {
        ZoomError::Transport { operation, error } => {
            let safe = may_be_repeated(operation) || error.sent() == Sent::No;
            (safe && error.may_pass()).then_some(None)
        }
        ZoomError::Refused(refusal) if refusal.status == 429 => {
            // The limit of address changes is one for 24 hours, and comes without a header that says so.
            let passing = !refusal.daily && *refusal.operation != limits::SET_EMAIL;
            passing.then_some(refusal.retry_after)
        }
        ZoomError::Refused(refusal) => {
            let passing = matches!(refusal.status, 502..=504) && may_be_repeated(refusal.operation);
            passing.then_some(refusal.retry_after)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use connector_base::http::TransportError;
    use connector_base::http::scripted::Scripted;
    use connector_base::runtime::{block_on, spawn};
    use connector_base::value::Secret;

    use super::super::limits::{CREATE_USER, GET_USER};
    use super::super::token::Credentials;
    use super::*;

    type Answer = Result<Response, TransportError>;
    type Requests = Rc<RefCell<Vec<Request>>>;

    fn json(status: u16, body: &str) -> Answer {
        Ok(Response { status, headers: Vec::new(), body: body.as_bytes().to_vec() })
    }

    /// A client of a Zoom that hands out numbered tokens and answers calls from a function.
    fn client(answer: impl Fn(&Request) -> Answer + 'static) -> (Client, Requests) {
        let tokens = Cell::new(0);
        let transport = Scripted::new(move |request| match request.url.ends_with("/oauth/token") {
            true => {
                tokens.set(tokens.get() + 1);
                json(200, &format!(r#"{{"access_token":"t{}","expires_in":3600}}"#, tokens.get()))
            }
            false => answer(request),
        });
        let transport = transport.with_latency(Duration::from_millis(50));
        let requests = transport.requests();
        let credentials = Credentials {
            token_url: "https://zoom.example/oauth/token".into(),
            account_id: "account".into(),
            client_id: "client".into(),
            client_secret: Secret::new("secret"),
            scope: None,
        };
        let service = Url { origin: "https://api.zoom.example".into(), path: "/v2".into() };
        (Client::new(Box::new(transport), service, Tokens::new(credentials, 2), 2), requests)
    }

    fn bearer(request: &Request) -> &str {
        let header = request.headers.iter().find(|(name, _)| *name == "authorization");
        header.and_then(|(_, value)| value.strip_prefix("Bearer ")).unwrap_or_default()
    }

    fn urls(requests: &Requests) -> Vec<String> {
        requests.borrow().iter().map(|request| request.url.clone()).collect()
    }

    fn user(client: &Client, id: &str) -> Result<Option<super::super::users::User>, ZoomError> {
        block_on(client.user(id)).expect("an end")
    }

    const USER: &str = r#"{"id":"u","email":"a@b.c"}"#;

    #[test]
    fn places_in_a_path_are_encoded() {
        let (client, requests) = client(|_| json(200, USER));
        user(&client, "a+b/c?d@x.y").expect("a user");
        assert_eq!(urls(&requests)[1], "https://api.zoom.example/v2/users/a%2Bb%2Fc%3Fd@x.y");
    }

    #[test]
    fn a_token_that_is_refused_is_renewed_once_for_all_calls() {
        let (client, requests) = client(|request| match bearer(request) {
            "t1" => json(401, r#"{"code":124,"message":"Access token is expired."}"#),
            _ => json(200, USER),
        });
        block_on(async {
            let calls: Vec<_> = (0..10)
                .map(|id| {
                    let client = client.clone();
                    spawn(async move { client.user(&id.to_string()).await })
                })
                .collect();
            for call in calls {
                call.await.expect("a user");
            }
        });
        let logins = urls(&requests).iter().filter(|url| url.ends_with("/oauth/token")).count();
        assert_eq!((logins, requests.borrow().len()), (2, 22));
    }

    #[test]
    fn a_token_that_is_refused_again_is_an_error() {
        let (client, requests) = client(|_| json(401, r#"{"code":124,"message":"Invalid access token."}"#));
        assert_eq!(user(&client, "u").expect_err("refused").code(), Some(124));
        assert_eq!(requests.borrow().len(), 4);
    }

    #[test]
    fn a_call_that_may_have_happened_is_made_again_only_where_that_does_no_harm() {
        let broken = || Err(TransportError::Broken("closed".into()));
        let (client, requests) = client(move |_| broken());
        user(&client, "u").expect_err("broken");
        assert_eq!(requests.borrow().len(), 1 + 3, "one token, and a read that was made again twice");
        client.run(Call::new(&CREATE_USER, &[])).expect_err("broken");
        assert_eq!(requests.borrow().len(), 1 + 3 + 1, "a creation is made once");
    }

    #[test]
    fn a_call_that_was_not_sent_is_made_again() {
        let attempts = Cell::new(0);
        let (client, _) = client(move |_| {
            attempts.set(attempts.get() + 1);
            match attempts.get() {
                3 => json(201, "{}"),
                _ => Err(TransportError::Unreachable("refused".into())),
            }
        });
        client.run(Call::new(&CREATE_USER, &[])).expect("created");
    }

    #[test]
    fn a_rate_limit_is_waited_for_as_long_as_zoom_says() {
        let attempts = Cell::new(0);
        let (client, _) = client(move |_| {
            attempts.set(attempts.get() + 1);
            match attempts.get() {
                1 => Ok(Response {
                    status: 429,
                    headers: vec![("retry-after".into(), "7".into())],
                    body: br#"{"code":429,"message":"You have reached the maximum per-second rate limit."}"#.to_vec(),
                }),
                _ => json(200, USER),
            }
        });
        let start = now();
        user(&client, "u").expect("a user");
        let waited = now().since(start);
        assert!(waited >= Duration::from_secs(7) && waited < Duration::from_secs(8), "{waited:?}");
    }

    #[test]
    fn the_limit_of_the_day_is_not_waited_for() {
        let (client, requests) = client(|_| {
            let headers = vec![("x-ratelimit-type".into(), "Daily-limit".into())];
            Ok(Response { status: 429, headers, body: br#"{"code":429,"message":"daily"}"#.to_vec() })
        });
        user(&client, "u").expect_err("refused");
        assert_eq!(requests.borrow().len(), 2);
    }

    #[test]
    fn nothing_is_waited_for_longer_than_the_caller_waits() {
        let (client, requests) = client(|_| json(503, ""));
        let start = now();
        let hurried = client.until(Some(start + Duration::from_millis(200)));
        let error = user(&hurried, "u").expect_err("too late");
        assert!(matches!(error, ZoomError::TooLate { operation, .. } if *operation == GET_USER), "{error:?}");
        assert!(now().since(start) <= Duration::from_millis(200));
        assert_eq!(requests.borrow().len(), 2);
    }

    #[test]
    fn an_answer_that_cannot_be_read_says_where() {
        let (client, _) = client(|_| json(200, r#"{"id":"u","email":"a@b.c","#));
        let error = user(&client, "u").expect_err("unreadable");
        assert!(matches!(&error, ZoomError::Unreadable { detail, .. } if detail.contains("line 1")), "{error:?}");
    }
}
