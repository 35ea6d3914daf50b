//! What Zoom says, in the contract's words: one table, and nowhere else.
//!
//! Zoom's code alone does not always tell: 200 and 300 stand for many things, and for some refusals no
//! document names a code. So rows look at the operation or at the message as well. The first row that fits
//! counts. A refusal that no row knows falls back on its HTTP status.
//!
//! | kind | where |
//! |---|---|
//! | `unknown-uid` | the object that is changed or read is not there, and nothing else: engines forget an object for it |
//! | `invalid-attribute-value` | another value would do, also where the value names a group, a role or a site that is not there |
//! | `precondition-failed` | something else has to be done first, or the object is not what it was when it was read |
//! | `permission-denied` | the app, its role or the account may not |
//! | `unsupported-operation` | the account, or this sort of user, does not have it |
//! | `other` | there is no licence left |

mod rules;
#[cfg(test)]
mod tests;

use connector_base::error::{Error, ErrorKind};
use connector_base::http::{Method, Sent, TransportError};
use connector_base::runtime::{Stuck, milliseconds};

use crate::api::error::{LoginRefusal, Refusal, ZoomError};
use crate::schema::USER_ATTRIBUTES;
use rules::{RULES, Rule, TOKEN};

impl From<ZoomError> for Error {
    fn from(error: ZoomError) -> Self {
        match error {
            ZoomError::Refused(refusal) => refused(&refusal),
            ZoomError::Transport { operation, error } => {
                transport(&format!("calling {operation}"), operation.method == Method::Get, &error)
            }
            ZoomError::NoLogin(error) => transport("asking for an access token", true, &error),
            ZoomError::LoginRefused(refusal) => login(&refusal),
            ZoomError::Unreadable { operation, status, detail, request_id } => {
                let mut error =
                    Error::new(ErrorKind::Io, format!("the answer to {operation} could not be read: {detail}"))
                        .with_hint("Try again. If it stays, tell the maintainers of the connector.");
                error.http_status = Some(status);
                error.request_id = request_id;
                error
            }
            ZoomError::Stuck => Stuck.into(),
            ZoomError::Limited { operation, label, wait } => {
                let seconds = milliseconds(wait).div_ceil(1000);
                let message =
                    format!("{operation} has to wait {seconds} s: the limit of {label} calls leaves no room before");
                let mut error = Error::new(ErrorKind::RateLimited, message).with_hint(
                    "Go on after that, with the same cookie; or ask for a smaller page, or give it more time.",
                );
                error.retry_after_ms = Some(milliseconds(wait));
                error
            }
            ZoomError::TooLate { operation, last } => {
                let last = last.map(|last| Error::from(*last));
                let why = last.as_ref().map_or_else(String::new, |last| format!(": {}", last.message));
                let kind = last.as_ref().map(|last| last.kind).filter(|kind| *kind == ErrorKind::RateLimited);
                let mut error = Error::new(
                    kind.unwrap_or(ErrorKind::OperationTimeout),
                    format!("the caller does not wait long enough for {operation}{why}"),
                )
                .with_hint("Give the operation more time.");
                error.retry_after_ms = last.and_then(|last| last.retry_after_ms);
                error
            }
        }
    }
}

fn refused(refusal: &Refusal) -> Error {
    let rule = rule_of(refusal);
    let mut message = format!("Zoom refused {}", refusal.operation);
    if refusal.message.is_empty() {
        message.push_str(&format!(" with HTTP status {}", refusal.status));
    } else {
        message.push_str(&format!(": {}", refusal.message.trim()));
    }
    for field in &refusal.fields {
        message.push_str(&format!(" [{}: {}]", field.field, field.message.trim()));
    }
    if let Some(rule) = rule.filter(|rule| !rule.means.is_empty()) {
        message = format!("{} ({message})", rule.means);
    }
    let (kind, hint) = match rule {
        Some(rule) => (rule.kind, Some(rule.hint)),
        None => by_status(refusal.status),
    };
    let mut error = Error::new(kind, message);
    error.hint = hint.map(str::to_owned);
    if kind == ErrorKind::Io {
        error.retryable = refusal.status >= 500;
    }
    error.http_status = Some(refusal.status);
    error.provider_code = refusal.code.map(|code| code.to_string());
    error.request_id.clone_from(&refusal.request_id);
    let asked = refusal.retry_after.map(milliseconds);
    let known = rule.filter(|rule| rule.hours > 0).map(|rule| u64::from(rule.hours) * 60 * 60 * 1000);
    error.retry_after_ms = asked.or(known);
    error.attributes = match rule.map_or(&[][..], |rule| rule.attributes) {
        [] if kind == ErrorKind::InvalidAttributeValue => {
            refusal.fields.iter().map(|field| attribute_of(&field.field)).collect()
        }
        attributes => attributes.iter().map(|attribute| (*attribute).to_owned()).collect(),
    };
    error
}

/// The row that a refusal falls under.
fn rule_of(refusal: &Refusal) -> Option<&'static Rule> {
    let mut message = refusal.message.to_ascii_lowercase();
    if refusal.daily {
        // A header can say so instead.
        message.push_str(" daily");
    }
    RULES.iter().find(|rule| rule.fits(refusal, &message))
}

/// What a refusal means that has no code of Zoom's, or one that nobody knows.
fn by_status(status: u16) -> (ErrorKind, Option<&'static str>) {
    match status {
        401 | 403 => (ErrorKind::PermissionDenied, Some(TOKEN)),
        404 => (ErrorKind::Io, Some("Check serviceUrl: it ends in /v2.")),
        409 => (ErrorKind::AlreadyExists, None),
        500.. => (ErrorKind::Io, Some("Zoom has a problem: try again later.")),
        200..=299 => (ErrorKind::Io, None),
        300..=399 => (ErrorKind::Configuration, Some("Check serviceUrl: Zoom's API does not redirect.")),
        _ => (ErrorKind::Other, None),
    }
}

/// The attribute whose value a field of Zoom's holds.
fn attribute_of(field: &str) -> String {
    let field = field.rsplit('.').next().unwrap_or(field);
    USER_ATTRIBUTES
        .iter()
        .find(|attribute| attribute.field == field)
        .map_or_else(|| field.to_owned(), |row| row.def.native_name.unwrap_or(row.def.name).to_owned())
}

fn transport(doing: &str, changes_nothing: bool, error: &TransportError) -> Error {
    let again = match changes_nothing {
        true => "Try again.",
        false => "Look whether the change took effect before making it again.",
    };
    let (kind, hint) = match error {
        TransportError::Denied => (
            ErrorKind::PermissionDenied,
            "Let the host that runs the connector allow the hosts of serviceUrl and tokenUrl.",
        ),
        TransportError::Unreachable(_) | TransportError::TimedOut(Sent::No) => {
            (ErrorKind::ConnectionFailed, "Check serviceUrl and tokenUrl, name resolution, proxy and firewall.")
        }
        TransportError::TimedOut(Sent::Perhaps) => (ErrorKind::OperationTimeout, again),
        TransportError::Broken(_) => (ErrorKind::ConnectionBroken, again),
        TransportError::Malformed(_) => (ErrorKind::Io, "Check that serviceUrl is Zoom's."),
    };
    Error::new(kind, format!("{doing} failed: {error}")).with_hint(hint)
}

/// Wrong account, wrong client and deactivated app look alike, and only the token endpoint knows.
fn login(refusal: &LoginRefusal) -> Error {
    let LoginRefusal { status, reason, error } = refusal;
    let kind = if (200..300).contains(status) || *status >= 500 || *status == 429 {
        ErrorKind::ConnectionFailed
    } else {
        ErrorKind::PermissionDenied
    };
    let hint = match error.as_str() {
        _ if kind == ErrorKind::ConnectionFailed => "Check tokenUrl, or try again later.",
        "invalid_client" => {
            "clientId or clientSecret is wrong, or the app is deactivated: compare them with the app's credentials in the Zoom Marketplace."
        }
        "unsupported_grant_type" => "The app is not a server-to-server OAuth app, or it is deactivated.",
        "invalid_scope" => "The app does not have a scope that the property scope names.",
        _ => {
            "accountId is wrong, or the app is deactivated: compare it with the app's credentials in the Zoom Marketplace."
        }
    };
    let said = match (reason.as_str(), error.as_str()) {
        ("", "") => format!("HTTP status {status}"),
        (one, "") | ("", one) => one.to_owned(),
        (reason, error) => format!("{reason}, {error}"),
    };
    let mut error = Error::new(kind, format!("no access token: {said}")).with_hint(hint);
    error.http_status = Some(*status);
    error
}
