//! One call after the other, or many at a time: rate limits, token, retries, reading of the answer.
//!
//! | what happens | what follows |
//! |---|---|
//! | it is not the call's turn yet | it waits, unless the caller would not: then the error, at once |
//! | no connection | again, up to the number of retries |
//! | the connection breaks, 502, 503, 504 | again, unless the call is a POST, or changes an address: that may have happened |
//! | 401, or code 124 | once more with a new token |
//! | 429 for the second | again, when no call of the label was made for as long as Zoom says, or a second |
//! | 429 for calls at the same time | again, one after the other |
//! | 429 for the day | the error, at once, and for all calls of the label until Zoom counts anew |
//! | 429 for the changes of an address | the error, at once |
//! | the wait is longer than the caller waits | the error, at once |

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;

use connector_base::configuration::Url;
use connector_base::cookie::digest;
use connector_base::http::{Backoff, Method, Request, Response, Sent, Transport};
use connector_base::list::{Broken, List, Reading};
use connector_base::log::{self, milliseconds};
use connector_base::runtime::{Gate, Instant, now, sleep, wait};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::body::Body;
use super::budget::{Budgets, RateSettings};
use super::error::{ZoomError, found, refusal, request_id};
use super::limits::{self, Operation};
use super::page::{PAGE_SIZE, page};
use super::record::{Fields, Record};
use super::sites::Sites;
use super::token::Tokens;

/// What is percent-encoded in paths and queries: all but the unreserved characters (RFC 3986) and `@`.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@');

/// The longest wait that Zoom may ask for and get. Anything longer is for the caller to decide.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// How often a call is made again that Zoom refused for a rate: other apps of the account draw on the same limits.
const RATE_TRIES: u32 = 8;

/// How long nothing is called after a refusal that names no time: the window that Zoom counts in.
const USUAL_PAUSE: Duration = Duration::from_secs(1);

/// Calls Zoom. Clones share everything.
#[derive(Clone)]
pub(crate) struct Client(Rc<Shared>);

struct Shared {
    transport: Box<dyn Transport>,
    service: Url,
    tokens: Tokens,
    budgets: Budgets,
    /// As many calls are under way at a time.
    gate: Gate,
    /// For calls that Zoom wants to have one after the other.
    alone: Gate,
    sites: Sites,
    lacks_phone: Cell<bool>,
    retries: u32,
    deadline: Cell<Option<Instant>>,
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
    pub(crate) fn page(self, fields: Fields) -> Result<List<Record>, ZoomError> {
        let list = fields.first().map_or("", |(field, _)| field);
        let page = Record::read(&self.response.body, fields).and_then(|answer| page(answer, list));
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
    pub(crate) fn new(
        transport: Box<dyn Transport>,
        service: Url,
        tokens: Tokens,
        retries: u32,
        rates: RateSettings,
    ) -> Self {
        let concurrency = usize::try_from(rates.concurrency).unwrap_or(1);
        Self(Rc::new(Shared {
            transport,
            service,
            tokens,
            budgets: Budgets::new(rates),
            gate: Gate::new(concurrency),
            alone: Gate::new(1),
            sites: Sites::default(),
            lacks_phone: Cell::new(false),
            retries,
            deadline: Cell::new(None),
        }))
    }

    /// How often it may call.
    pub(crate) fn budgets(&self) -> &Budgets {
        &self.0.budgets
    }

    /// The sites that were read.
    pub(super) fn known_sites(&self) -> &Sites {
        &self.0.sites
    }

    /// Whether Zoom has said that the account has no Zoom Phone. An instance that is open for long learns of a
    /// subscription when the next one is opened.
    pub(crate) fn lacks_phone(&self) -> bool {
        self.0.lacks_phone.get()
    }

    /// Notes that the account has no Zoom Phone.
    pub(super) fn note_lack_of_phone(&self) {
        self.0.lacks_phone.set(true);
    }

    /// When the caller stops waiting.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.0.deadline.get()
    }

    /// The client, for a caller who stops waiting then. That holds for the calls too that are under way from before.
    pub(crate) fn until(&self, deadline: Option<Instant>) -> Self {
        self.0.deadline.set(deadline);
        self.clone()
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
    pub(crate) async fn page(&self, call: Call, fields: Fields) -> Result<List<Record>, ZoomError> {
        self.answer(call).await?.page(fields)
    }

    /// All rows of a list, page after page of this size, each to be taken once: for lists that are needed as a whole.
    ///
    /// Errors: those of the pages; `Unreadable` for a list that is not whole.
    pub(crate) async fn each(
        &self,
        operation: &'static Operation,
        places: &[&str],
        (fields, size): (Fields, usize),
        take: &mut dyn FnMut(Record),
    ) -> Result<(), ZoomError> {
        let mut reading = Reading::default();
        while !reading.ended() {
            let call = Call::new(operation, places).page(size, reading.token().map(|token| &**token));
            match self.page(call, fields).await {
                Err(error) if error.is_expired_page() && reading.expired() => {}
                Err(error) => return Err(error),
                Ok(List { rows, next, total }) => {
                    let digests: Vec<u64> = rows.iter().map(|row| digest(row.id_or_email())).collect();
                    let new = reading.page(&digests, next, total);
                    let new = new.map_err(|Broken(what)| ZoomError::unreadable(operation, &what))?;
                    rows.into_iter().zip(new).filter(|(_, is_new)| *is_new).for_each(|(row, _)| take(row));
                }
            }
        }
        Ok(())
    }

    /// All rows of a list, at once.
    pub(crate) async fn whole(
        &self,
        operation: &'static Operation,
        places: &[&str],
        fields: Fields,
    ) -> Result<Vec<Record>, ZoomError> {
        let mut all = Vec::new();
        self.each(operation, places, (fields, PAGE_SIZE), &mut |row| all.push(row)).await?;
        Ok(all)
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
        let mut backoff = Backoff::new(self.0.retries);
        let mut rate_backoff = Backoff::new(RATE_TRIES);
        let mut renewed = false;
        // Whether an earlier try was perhaps carried out.
        let mut perhaps_done = false;
        let mut alone = false;
        loop {
            let error = match self.turn(call, alone).await {
                Ok(response) => return Ok(response),
                // What an earlier try deleted is not there for this one.
                Err(error) if perhaps_done && call.operation.method == Method::Delete && error.is_not_found() => {
                    return Ok(Response { status: 204, ..Response::default() });
                }
                Err(error) => error,
            };
            let pause = match again(&error) {
                Again::No => None,
                Again::WithNewToken if renewed => None,
                Again::WithNewToken => {
                    renewed = true;
                    continue;
                }
                Again::After(wait) => {
                    perhaps_done |= !matches!(&error, ZoomError::Transport { error, .. } if error.sent() == Sent::No);
                    backoff.next_wait().map(|usual| wait.unwrap_or(usual))
                }
                Again::Later(pause) => {
                    self.0.budgets.bucket(call.operation).refused(pause);
                    rate_backoff.next_wait().map(|_| pause)
                }
                Again::NotToday(until) => {
                    if let Some(until) = until {
                        self.0.budgets.bucket(call.operation).refused(until);
                    }
                    None
                }
                Again::Alone => {
                    alone = true;
                    rate_backoff.next_wait()
                }
            };
            let Some(pause) = pause.filter(|pause| *pause <= LONGEST_WAIT) else { return Err(error) };
            if self.deadline().is_some_and(|deadline| now() + pause >= deadline) {
                return Err(ZoomError::TooLate { operation: call.operation, last: Some(Box::new(error)) });
            }
            sleep(pause).await;
        }
    }

    /// Makes a call when its turn has come.
    async fn turn(&self, call: &Call, alone: bool) -> Result<Response, ZoomError> {
        let shared = &*self.0;
        let operation = call.operation;
        let _alone = match alone {
            true => Some(shared.alone.pass().await),
            false => None,
        };
        let _pass = shared.gate.pass().await;
        // Before the turn: calls that waited for the token would go together.
        let token = shared.tokens.get(&*shared.transport).await?;
        let turn = shared.budgets.bucket(operation).take(|| self.deadline(), LONGEST_WAIT).await;
        turn.map_err(|wait| ZoomError::Limited { operation, label: shared.budgets.label(operation), wait })?;
        let outcome = self.once(call, &token).await;
        if let Err(error) = &outcome
            && let Again::WithNewToken = again(error)
        {
            shared.tokens.forget(&token);
        }
        outcome
    }

    async fn once(&self, call: &Call, token: &str) -> Result<Response, ZoomError> {
        let operation = call.operation;
        let Url { origin, path } = &self.0.service;
        let mut request = Request::new(operation.method, format!("{origin}{path}{}", call.path))
            .header("authorization", format!("Bearer {token}"))
            .header("accept", "application/json");
        if let Some(body) = &call.body {
            request = request.body("application/json", body.clone());
        }
        if let Some(deadline) = self.deadline() {
            let left = deadline.since(now());
            if left.is_zero() {
                return Err(ZoomError::TooLate { operation, last: None });
            }
            request.timeouts.connect = request.timeouts.connect.min(left);
            request.timeouts.first_byte = request.timeouts.first_byte.min(left);
        }
        let start = now();
        let outcome = self.0.transport.send(request).await;
        if log::enabled(log::Level::Debug) {
            let result = outcome.as_ref().map_or_else(ToString::to_string, |response| response.status.to_string());
            let took = milliseconds(now().since(start));
            log::debug("call", &[("operation", &operation.to_string()), ("result", &result), ("milliseconds", &took)]);
        }
        let response = outcome.map_err(|error| ZoomError::Transport { operation, error })?;
        self.0.budgets.learn(operation, &response);
        match refusal(operation, &response) {
            Some(refusal) => Err(ZoomError::Refused(Box::new(refusal))),
            None => Ok(response),
        }
    }
}

/// Whether a call that was perhaps carried out may be made again. An address can be changed three times a
/// day: a second call would count, and find the address taken.
fn may_be_repeated(operation: &Operation) -> bool {
    operation.method.is_idempotent() && *operation != limits::SET_EMAIL
}

/// What follows from an error.
enum Again {
    No,
    /// The same call with another token.
    WithNewToken,
    /// The same call after a wait, if Zoom names one.
    After(Option<Duration>),
    /// The same call when no call of its label was made for so long.
    Later(Duration),
    /// No call of its label for so long, if Zoom says how long, and not this one.
    NotToday(Option<Duration>),
    /// The same call, and none besides that is to be alone.
    Alone,
}

fn again(error: &ZoomError) -> Again {
    match error {
        ZoomError::Transport { operation, error } => {
            let safe = may_be_repeated(operation) || error.sent() == Sent::No;
            if safe && error.may_pass() { Again::After(None) } else { Again::No }
        }
        ZoomError::Refused(refusal) if refusal.status == 401 || refusal.code == Some(124) => Again::WithNewToken,
        ZoomError::Refused(refusal) if refusal.status == 429 => {
            // Limits of a day that are those of one operation, and not of its label: the changes of an address, whose
            // refusal has no header that says so, and creations.
            if *refusal.operation == limits::SET_EMAIL || (refusal.daily && !may_be_repeated(refusal.operation)) {
                Again::No
            } else if refusal.daily {
                Again::NotToday(refusal.retry_after)
            } else if refusal.is_about_concurrency() {
                Again::Alone
            } else {
                Again::Later(refusal.retry_after.unwrap_or(USUAL_PAUSE))
            }
        }
        ZoomError::Refused(refusal) if matches!(refusal.status, 502..=504) && may_be_repeated(refusal.operation) => {
            Again::After(refusal.retry_after)
        }
        _ => Again::No,
    }
}

#[cfg(test)]
mod tests;
