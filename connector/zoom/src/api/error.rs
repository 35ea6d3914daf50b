//! What can go wrong with a call, read from status, code and body.
//!
//! Zoom's code is not tied to the HTTP status: the same one comes with 400 and 404, and some errors come
//! with 200. So the body is read first, and the status only where the body says nothing.

use std::time::Duration;

use connector_base::http::{Response, Sent, TransportError};
use connector_base::runtime::{Stuck, unix_time};
use connector_base::value::{contains, instant};

use super::limits::{Label, Operation};
use super::record::{Datum, Fields, Record, Shape};

/// Why a call did not succeed.
#[derive(Debug)]
pub(crate) enum ZoomError {
    /// There was no answer.
    Transport { operation: &'static Operation, error: TransportError },
    /// The answer is a refusal.
    Refused(Box<Refusal>),
    /// The answer could not be read.
    Unreadable { operation: &'static Operation, status: u16, detail: String, request_id: Option<String> },
    /// There was no token to call with: no answer of the token endpoint.
    NoLogin(TransportError),
    /// The token endpoint refused the credentials.
    LoginRefused(LoginRefusal),
    /// There is no call left of a rate limit before the caller stops waiting, or for as long as the connector waits.
    Limited { operation: &'static Operation, label: Label, wait: Duration },
    /// The caller does not wait long enough for the next try.
    TooLate { operation: &'static Operation, last: Option<Box<ZoomError>> },
    /// Nothing can go on.
    Stuck,
}

impl From<Stuck> for ZoomError {
    fn from(_: Stuck) -> Self {
        Self::Stuck
    }
}

/// Zoom's refusal of a call.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) operation: &'static Operation,
    pub(crate) status: u16,
    /// Zoom's code; none where the answer has no body of Zoom's form.
    pub(crate) code: Option<i64>,
    pub(crate) message: String,
    /// The fields of the request that are wrong, each with what is wrong about it.
    pub(crate) fields: Vec<FieldError>,
    /// `x-zm-trackingid`, for Zoom's support.
    pub(crate) request_id: Option<String>,
    /// How long to wait, where Zoom says so.
    pub(crate) retry_after: Option<Duration>,
    /// Whether the limit that was hit is one for the day.
    pub(crate) daily: bool,
}

/// What is wrong about a field.
#[derive(Debug)]
pub(crate) struct FieldError {
    pub(crate) field: String,
    pub(crate) message: String,
}

/// What the token endpoint says: its errors have a form of their own.
#[derive(Debug)]
pub(crate) struct LoginRefusal {
    pub(crate) status: u16,
    pub(crate) reason: String,
    pub(crate) error: String,
}

/// An error with a success status has no other content: a body longer than this is none.
const LONGEST_ERROR: usize = 2048;

const BODY: Fields = &[
    ("code", Shape::Integer),
    ("message", Shape::Text),
    ("errors", Shape::Objects(&[("field", Shape::Text), ("message", Shape::Text)])),
];

/// The refusal that an answer is, if it is one.
pub(crate) fn refusal(operation: &'static Operation, response: &Response) -> Option<Refusal> {
    let success = (200..300).contains(&response.status);
    let body = match success && response.body.len() > LONGEST_ERROR {
        true => Record::default(),
        false => Record::read(&response.body, BODY).unwrap_or_default(),
    };
    let code = body.integer("code").filter(|code| *code != 0);
    let message = body.text("message").unwrap_or_default().to_owned();
    if success && (code.is_none() || message.is_empty()) {
        return None;
    }
    let field = |error: &Datum| FieldError {
        field: error.text("field").unwrap_or_default().to_owned(),
        message: error.text("message").unwrap_or_default().to_owned(),
    };
    let fields = body.list("errors").iter().map(field).collect();
    Some(Refusal {
        operation,
        status: response.status,
        code,
        daily: response.header("x-ratelimit-type").is_some_and(|kind| kind.eq_ignore_ascii_case("daily-limit"))
            || contains(&message.to_ascii_lowercase(), "daily"),
        message,
        fields,
        request_id: request_id(response),
        retry_after: retry_after(response),
    })
}

impl Refusal {
    /// Whether it says that too many calls were made at the same time.
    pub(crate) fn is_about_concurrency(&self) -> bool {
        contains(&self.message.to_ascii_lowercase(), "concurrent")
    }
}

/// Zoom's identifier of a call.
pub(crate) fn request_id(response: &Response) -> Option<String> {
    response.header("x-zm-trackingid").map(str::to_owned)
}

/// How long to wait: until a date-time of ISO 8601 (Zoom, for daily limits), for so many seconds (RFC 9110), or
/// until a second of Unix time (`X-RateLimit-Reset`).
fn retry_after(response: &Response) -> Option<Duration> {
    let until = match response.header("retry-after").map(str::trim) {
        Some(text) => match text.parse() {
            Ok(seconds) => return Some(Duration::from_secs(seconds)),
            Err(_) => u64::try_from(instant(text)?.0).ok()?,
        },
        None => response.header("x-ratelimit-reset")?.trim().parse().ok()?,
    };
    Some(Duration::from_secs(until).saturating_sub(unix_time()))
}

impl ZoomError {
    /// An answer that makes no sense beside the others.
    pub(crate) fn unreadable(operation: &'static Operation, detail: &str) -> Self {
        Self::Unreadable { operation, status: 200, detail: detail.to_owned(), request_id: None }
    }

    /// Zoom's code, if it gave one.
    pub(crate) fn code(&self) -> Option<i64> {
        match self {
            Self::Refused(refusal) => refusal.code,
            _ => None,
        }
    }

    /// Whether the call may have been carried out: the connection broke, or a server on the way gave up.
    pub(crate) fn is_lost_answer(&self) -> bool {
        match self {
            Self::Transport { error, .. } => error.sent() == Sent::Perhaps && error.may_pass(),
            Self::Refused(refusal) => matches!(refusal.status, 502..=504),
            _ => false,
        }
    }

    /// Whether it says that what the path names does not exist: codes 1001 (user), 1010 (not of this
    /// account) and 4130 (group).
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self.code(), Some(1001 | 1010 | 4130))
    }

    /// Whether it says that the token of a page is not good any more: code 300 or 400, and these words.
    pub(crate) fn is_expired_page(&self) -> bool {
        match self {
            Self::Refused(refusal) => {
                matches!(refusal.code, Some(300 | 400)) && contains(&refusal.message.to_ascii_lowercase(), "page token")
            }
            _ => false,
        }
    }

    /// Whether it says that the user's invitation was not accepted in time: code 1120.
    pub(crate) fn is_expired_invitation(&self) -> bool {
        self.code() == Some(1120)
    }

    /// Whether it says that a password is the one that the user has: code 300, and these words.
    pub(crate) fn is_same_password(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.code == Some(300) && contains(&refusal.message, "old password"),
            _ => false,
        }
    }

    /// Whether it says that the account has no Zoom Phone: codes 2001 and 2031 of the phone's operations.
    pub(crate) fn is_no_phone_account(&self) -> bool {
        matches!(self.code(), Some(2001 | 2031))
    }
}

/// Nothing where what was asked for does not exist.
pub(crate) fn found<T>(result: Result<T, ZoomError>) -> Result<Option<T>, ZoomError> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::limits::GET_USER;

    fn answer(status: u16, body: &str, headers: &[(&str, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Response { status, headers, body: body.as_bytes().to_vec() }
    }

    #[test]
    fn an_error_with_a_success_status_is_a_refusal() {
        let found =
            refusal(&GET_USER, &answer(200, r#"{"code":200,"message":"Only available for Paid account."}"#, &[]));
        assert_eq!(found.expect("a refusal").code, Some(200));
        assert!(refusal(&GET_USER, &answer(200, r#"{"id":"a","email":"b"}"#, &[])).is_none());
        assert!(refusal(&GET_USER, &answer(204, "", &[])).is_none());
    }

    #[test]
    fn an_error_without_a_body_of_zooms_form_keeps_its_status() {
        let found = refusal(&GET_USER, &answer(503, "<html>", &[])).expect("a refusal");
        assert_eq!((found.status, found.code), (503, None));
    }

    #[test]
    fn fields_and_waits_are_read() {
        let body = r#"{"code":300,"message":"Validation Failed.","errors":[{"field":"user_info.email","message":"Invalid field."}]}"#;
        let found = refusal(&GET_USER, &answer(400, body, &[("retry-after", "7")])).expect("a refusal");
        assert_eq!(found.fields.first().map(|field| field.field.as_str()), Some("user_info.email"));
        assert_eq!(found.retry_after, Some(Duration::from_secs(7)));
        let dated = answer(
            429,
            r#"{"code":429,"message":"m"}"#,
            &[("retry-after", "2000-01-01T00:00:00Z"), ("x-ratelimit-type", "Daily-limit")],
        );
        let found = refusal(&GET_USER, &dated).expect("a refusal");
        assert_eq!((found.retry_after, found.daily), (Some(Duration::ZERO), true));
    }
}
