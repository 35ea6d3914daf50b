//! What Zoom says, in the contract's words: one table, and nowhere else.
//!
//! Zoom's code alone does not always tell: 200 and 300 stand for many things, so some rows look at the
//! operation or at the message as well. The first row that fits counts. A refusal that no row knows
//! falls back on its HTTP status.

use connector_base::error::{Error, ErrorKind};
use connector_base::http::{Method, Sent, TransportError};
use connector_base::value::contains;

use crate::api::error::{LoginRefusal, Refusal, ZoomError};
use crate::api::limits::{self, Operation};
use crate::schema::USER_ATTRIBUTES;

/// A row of the table.
struct Rule {
    code: i64,
    /// The operations that it is about; all where there is none.
    operations: &'static [&'static Operation],
    /// What the message holds, in lower case; one of them is enough, and none is needed where there is none.
    says: &'static [&'static str],
    kind: ErrorKind,
    /// The attribute that it is about.
    attribute: Option<&'static str>,
    /// The next step.
    hint: &'static str,
}

const ANY: &[&Operation] = &[];
const NO_WORDS: &[&str] = &[];

const fn rule(code: i64, kind: ErrorKind, hint: &'static str) -> Rule {
    Rule { code, operations: ANY, says: NO_WORDS, kind, attribute: None, hint }
}

impl Rule {
    const fn on(mut self, operations: &'static [&'static Operation]) -> Self {
        self.operations = operations;
        self
    }

    const fn saying(mut self, words: &'static [&'static str]) -> Self {
        self.says = words;
        self
    }

    const fn about(mut self, attribute: &'static str) -> Self {
        self.attribute = Some(attribute);
        self
    }

    fn fits(&self, refusal: &Refusal) -> bool {
        let message = refusal.message.to_ascii_lowercase();
        refusal.code == Some(self.code)
            && (self.operations.is_empty() || self.operations.contains(&refusal.operation))
            && (self.says.is_empty() || self.says.iter().any(|words| contains(&message, words)))
    }
}

const LICENCE: &str = "The account has no licence of this kind left: free or buy one, or choose another plan type.";
const START_AGAIN: &str = "Start the search again.";
const SCOPES: &str = "Add the missing scopes to the app in the Zoom Marketplace; it can take an hour until they hold.";
const ROLE: &str = "Let the app act with a role that may do this, or do it in Zoom's web portal.";
const PAID: &str = "This needs a paid Zoom account.";
const OUTSIDE: &str = "The address exists outside this account: its owner has to leave the other account, or be invited from Zoom's web portal.";
const PASSWORD: &str = "Choose another password, as the account's password rules ask for.";
const TOKEN: &str = "Check that the app is activated in the Zoom Marketplace, and test the connection again.";
const SSO: &str = "Single sign-on with pre-provisioning must be switched on for the account.";

/// The table.
static RULES: &[Rule] = &[
    rule(124, ErrorKind::PermissionDenied, "Let the app's role have this site.").saying(&["site"]),
    rule(124, ErrorKind::PermissionDenied, TOKEN),
    rule(200, ErrorKind::PermissionDenied, SCOPES).saying(&["scope", "does not contain permissions"]),
    rule(200, ErrorKind::PermissionDenied, PAID).saying(&["paid account", "must be a paid"]),
    rule(200, ErrorKind::PermissionDenied, ROLE),
    rule(300, ErrorKind::PreconditionFailed, START_AGAIN).saying(&["page token"]),
    rule(300, ErrorKind::PreconditionFailed, "Cancel or hand over the user's upcoming events first.").saying(&["upcoming"]),
    rule(300, ErrorKind::Other, "Delete groups that nobody needs.").saying(&["maximum number of groups"]),
    rule(300, ErrorKind::InvalidAttributeValue, "Correct the fields that are named."),
    rule(400, ErrorKind::PreconditionFailed, START_AGAIN).saying(&["page token"]),
    rule(400, ErrorKind::InvalidAttributeValue, "Correct the field that is named."),
    rule(403, ErrorKind::PermissionDenied, ROLE),
    rule(404, ErrorKind::InvalidAttributeValue, "Name something that exists in the account."),
    rule(1000, ErrorKind::PermissionDenied, "Change the administrator's address in Zoom's web portal.").on(&[&limits::SET_EMAIL]),
    rule(1000, ErrorKind::PermissionDenied, "Take the user out of the call queues and auto receptionists first."),
    rule(1001, ErrorKind::UnknownUid, "Look the user up again: the user is not, or no longer, in this account."),
    rule(1005, ErrorKind::AlreadyExists, OUTSIDE),
    rule(1009, ErrorKind::AlreadyExists, OUTSIDE),
    rule(1010, ErrorKind::UnknownUid, "Look it up again: it is not in this account."),
    rule(1102, ErrorKind::Other, LICENCE),
    rule(1107, ErrorKind::UnsupportedOperation, "Set deactivateOnDelete, or set disassociateOnDelete to false: a user of a managed domain can only be deactivated or deleted.").on(&[&limits::DELETE_USER]),
    rule(1107, ErrorKind::InvalidAttributeValue, "Use an address of another domain.").about("EMAIL"),
    rule(1108, ErrorKind::InvalidAttributeValue, "Choose a plan type that the account may give.").about("TYPE"),
    rule(1109, ErrorKind::InvalidAttributeValue, "Give the user a paid plan type first.").about("TYPE"),
    rule(1116, ErrorKind::InvalidAttributeValue, "Use an address of one of the account's domains.").about("EMAIL"),
    rule(1117, ErrorKind::PermissionDenied, "Take the administrator role from the user first.").on(&[&limits::DELETE_USER]),
    rule(1117, ErrorKind::PermissionDenied, ROLE),
    rule(1120, ErrorKind::PreconditionFailed, "The user has not accepted the invitation, or it has expired: invite the user again."),
    rule(1122, ErrorKind::InvalidAttributeValue, "Give the user a licensed plan type first.").about("TYPE"),
    rule(1123, ErrorKind::UnsupportedOperation, "Only users who log in with a work e-mail address and a password of Zoom's have one to set."),
    rule(1124, ErrorKind::InvalidAttributeValue, PASSWORD).about("__PASSWORD__"),
    rule(1125, ErrorKind::InvalidAttributeValue, PASSWORD).about("__PASSWORD__"),
    rule(1126, ErrorKind::InvalidAttributeValue, PASSWORD).about("__PASSWORD__"),
    rule(1127, ErrorKind::InvalidAttributeValue, PASSWORD).about("__PASSWORD__"),
    rule(1128, ErrorKind::InvalidAttributeValue, PASSWORD).about("__PASSWORD__"),
    rule(1129, ErrorKind::InvalidAttributeValue, PASSWORD).about("__PASSWORD__"),
    rule(1130, ErrorKind::InvalidAttributeValue, PASSWORD).about("__PASSWORD__"),
    rule(1131, ErrorKind::InvalidAttributeValue, PASSWORD).about("__PASSWORD__"),
    rule(1136, ErrorKind::InvalidAttributeValue, PASSWORD).about("__PASSWORD__"),
    rule(2001, ErrorKind::UnsupportedOperation, "The account has no Zoom Phone."),
    rule(2002, ErrorKind::UnsupportedOperation, SSO),
    rule(2016, ErrorKind::PermissionDenied, "Ask Zoom's support."),
    rule(2032, ErrorKind::UnsupportedOperation, SSO),
    rule(2033, ErrorKind::Other, LICENCE),
    rule(2034, ErrorKind::Other, LICENCE),
    rule(2035, ErrorKind::PermissionDenied, "An account of this kind takes no users."),
    rule(2036, ErrorKind::PermissionDenied, OUTSIDE),
    rule(2037, ErrorKind::PermissionDenied, "Zoom does not let this user be invited: ask Zoom's support."),
    rule(2038, ErrorKind::Other, LICENCE),
    rule(2039, ErrorKind::Other, LICENCE),
    rule(2300, ErrorKind::Configuration, "Check serviceUrl: it ends in /v2."),
    rule(3412, ErrorKind::Other, LICENCE),
    rule(4100, ErrorKind::InvalidAttributeValue, "Choose another personal link name."),
    rule(4130, ErrorKind::UnknownUid, "Look the group up again: it is not, or no longer, in this account."),
    rule(4131, ErrorKind::UnknownUid, "The user is not a member of the group."),
    rule(4132, ErrorKind::AlreadyExists, "Choose another name, or use the group that has it."),
    rule(4138, ErrorKind::UnknownUid, "The user is not an administrator of the group."),
    rule(4700, ErrorKind::PermissionDenied, SCOPES),
    rule(4711, ErrorKind::PermissionDenied, SCOPES),
    rule(11321, ErrorKind::InvalidAttributeValue, "Use an address of another domain: Zoom's Trust & Safety blocks this one.").about("EMAIL"),
];

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
    let rule = RULES.iter().find(|rule| rule.fits(refusal));
    let mut message = format!("Zoom refused {}", refusal.operation);
    if refusal.message.is_empty() {
        message.push_str(&format!(" with HTTP status {}", refusal.status));
    } else {
        message.push_str(&format!(": {}", refusal.message.trim()));
    }
    for field in &refusal.fields {
        message.push_str(&format!(" [{}: {}]", field.field, field.message.trim()));
    }
    let (kind, hint) = match rule {
        _ if refusal.status == 429 => (ErrorKind::RateLimited, rate_hint(refusal)),
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
    error.retry_after_ms = refusal.retry_after.and_then(|wait| u64::try_from(wait.as_millis()).ok());
    if kind == ErrorKind::InvalidAttributeValue {
        error.attributes = match rule.and_then(|rule| rule.attribute) {
            Some(attribute) => vec![attribute.to_owned()],
            None => refusal.fields.iter().map(|field| attribute_of(&field.field)).collect(),
        };
    }
    error
}

fn rate_hint(refusal: &Refusal) -> Option<&'static str> {
    Some(match refusal.operation {
        operation if *operation == limits::SET_EMAIL => {
            "Zoom allows three changes of an address in 24 hours: wait until tomorrow."
        }
        _ if refusal.daily => "The account's calls for the day are used up: go on tomorrow.",
        _ => "Make fewer calls at a time, or wait.",
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::error::FieldError;

    fn said(operation: &'static Operation, status: u16, code: i64, message: &str) -> Error {
        Error::from(ZoomError::Refused(Box::new(Refusal {
            operation,
            status,
            code: Some(code),
            message: message.into(),
            fields: Vec::new(),
            request_id: Some("track".into()),
            retry_after: None,
            daily: false,
        })))
    }

    #[test]
    fn code_200_is_read_by_its_message() {
        let hint = |message| said(&limits::LIST_GROUPS, 400, 200, message).hint.clone().expect("a hint");
        assert_eq!(hint("Only available for Paid account."), PAID);
        assert_eq!(hint("No permission."), ROLE);
        assert_eq!(hint("Invalid access token. Does not contain permissions [User:Edit]."), SCOPES);
    }

    #[test]
    fn the_same_code_means_different_things_to_different_operations() {
        assert_eq!(said(&limits::DELETE_USER, 400, 1107, "").kind, ErrorKind::UnsupportedOperation);
        let created = said(&limits::CREATE_USER, 400, 1107, "Email domain is blocked.");
        assert_eq!(
            (created.kind, created.attributes.clone()),
            (ErrorKind::InvalidAttributeValue, vec!["EMAIL".into()])
        );
        assert_eq!(
            said(&limits::LIST_USERS, 400, 300, "The next page token is invalid or expired.").kind,
            ErrorKind::PreconditionFailed
        );
        assert_eq!(said(&limits::UPDATE_USER, 400, 300, "Validation Failed.").kind, ErrorKind::InvalidAttributeValue);
    }

    #[test]
    fn every_licence_that_is_missing_is_one_message() {
        for code in [1102, 2033, 2034, 2038, 2039, 3412] {
            assert_eq!(said(&limits::CREATE_USER, 400, code, "").hint.as_deref(), Some(LICENCE), "code {code}");
        }
    }

    #[test]
    fn an_error_tells_what_zoom_said_and_which_attribute_it_is_about() {
        let error = Error::from(ZoomError::Refused(Box::new(Refusal {
            operation: &limits::CREATE_USER,
            status: 400,
            code: Some(300),
            message: "Validation Failed.".into(),
            fields: vec![FieldError { field: "user_info.first_name".into(), message: "Invalid field.".into() }],
            request_id: Some("track".into()),
            retry_after: None,
            daily: false,
        })));
        assert_eq!(
            error.message,
            "Zoom refused POST /users: Validation Failed. [user_info.first_name: Invalid field.]"
        );
        assert_eq!(error.attributes, ["FIRST_NAME"]);
        assert_eq!((error.http_status, error.provider_code.as_deref()), (Some(400), Some("300")));
        assert_eq!(error.request_id.as_deref(), Some("track"));
    }

    #[test]
    fn a_code_that_nobody_knows_falls_back_on_the_status() {
        assert_eq!(said(&limits::GET_USER, 403, 999_999, "").kind, ErrorKind::PermissionDenied);
        assert_eq!(said(&limits::GET_USER, 500, 999_999, "").kind, ErrorKind::Io);
        assert_eq!(said(&limits::GET_USER, 400, 999_999, "").kind, ErrorKind::Other);
        assert_eq!(said(&limits::GET_USER, 429, 200, "").kind, ErrorKind::RateLimited);
    }
}
