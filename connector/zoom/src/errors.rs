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

use connector_base::attribute::PASSWORD;
use connector_base::error::{Error, ErrorKind};
use connector_base::http::{Method, Sent, TransportError};
use connector_base::value::contains;

use crate::api::error::{LoginRefusal, Refusal, ZoomError};
use crate::api::limits::{self, Operation};
use crate::schema::{
    ADMINS, CREATE_ACTION, EXTENSION_NUMBER, GROUP_IDS, PLAN_UNITED_TYPE, PRIMARY_GROUP_ID, ROLE_ID, SITE_ID, TYPE,
    USER_ATTRIBUTES, ZOOM_ONE_FEATURE_TYPE, ZOOM_PHONE_CALLING_PLANS, ZOOM_PHONE_FEATURE, ZOOM_PHONE_NUMBERS,
    ZOOM_PHONE_STATUS,
};

/// A row of the table.
struct Rule {
    /// Any code, or none at all, where there is none; but no failure of Zoom's own (5xx) then, whose words
    /// can be anything.
    codes: &'static [i64],
    /// The operations that it is about; all where there is none.
    operations: &'static [&'static Operation],
    /// What the message holds, in lower case; one of them is enough, and none is needed where there is none.
    says: &'static [&'static str],
    /// The attributes that it is about.
    attributes: &'static [&'static str],
    /// What it comes to, where Zoom's own words do not tell; they follow it.
    means: &'static str,
    /// The next step.
    hint: &'static str,
    /// The HTTP status; any where it is 0.
    status: u16,
    /// How many hours to wait where Zoom does not say; 0 where waiting does not help, or nobody knows.
    hours: u8,
    kind: ErrorKind,
}

const ANY_CODE: &[i64] = &[];

const fn rule(codes: &'static [i64], kind: ErrorKind, hint: &'static str) -> Rule {
    Rule { codes, operations: &[], says: &[], attributes: &[], means: "", hint, status: 0, hours: 0, kind }
}

/// A rate limit, which has no code of its own.
const fn limit(hint: &'static str) -> Rule {
    Rule { status: 429, ..rule(ANY_CODE, ErrorKind::RateLimited, hint) }
}

/// The account has not enough licences.
const fn no_licence(codes: &'static [i64]) -> Rule {
    Rule { means: "the account has no licence of this kind left", ..rule(codes, ErrorKind::Other, LICENCE) }
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

    const fn about(mut self, attributes: &'static [&'static str]) -> Self {
        self.attributes = attributes;
        self
    }

    const fn meaning(mut self, words: &'static str) -> Self {
        self.means = words;
        self
    }

    const fn passing_in(mut self, hours: u8) -> Self {
        self.hours = hours;
        self
    }

    /// Whether it is about a refusal with this message, in lower case.
    fn fits(&self, refusal: &Refusal, message: &str) -> bool {
        (self.status == 0 || self.status == refusal.status)
            && match (self.codes, refusal.code) {
                ([], _) => refusal.status < 500,
                (codes, Some(code)) => codes.contains(&code),
                (_, None) => false,
            }
            && (self.operations.is_empty() || self.operations.contains(&refusal.operation))
            && (self.says.is_empty() || self.says.iter().any(|words| contains(message, words)))
    }
}

/// Zoom counts the changes of the last 24 hours (of addresses: Zoom API, `PUT /users/{userId}/email`), and
/// does not say when they were. When 24 hours are over, none of them counts any more.
const DAY: u8 = 24;

const EMAIL: &str = "EMAIL";
const GROUP_NAME: &str = "GROUP_NAME";

const LICENCE: &str = "The account has no licence of this kind left: free or buy one, or choose another plan type.";
const START_AGAIN: &str = "Start the search again.";
const READ_AGAIN: &str = "It has changed meanwhile: read it again.";
const FEWER: &str = "Make fewer calls at a time, or wait.";
const SCOPES: &str = "Add the missing scopes to the app in the Zoom Marketplace; it can take an hour until they hold.";
const ROLE: &str = "Let the app act with a role that may do this, or do it in Zoom's web portal.";
const PAID: &str = "This needs a paid Zoom account.";
const SUPPORT: &str = "Ask Zoom's support.";
const OUTSIDE: &str = "The address exists outside this account: its owner has to leave the other account, or be invited from Zoom's web portal.";
const MANAGED: &str = "Zoom changes an address only for an administrator, and only where the account manages the domain: add the domain under Account Management in Zoom's web portal.";
const ANOTHER_DOMAIN: &str = "Use an address of another domain.";
const TOO_SIMPLE: &str = "Choose another password, as the account's password rules ask for.";
const TOKEN: &str = "Check that the app is activated in the Zoom Marketplace, and test the connection again.";
const SSO: &str = "Single sign-on with pre-provisioning must be switched on for the account.";
const NO_ADMIN: &str = "Take the administrator role from the user first.";
const PLAN_TYPE: &str = "Choose a plan type that the account may give.";
const TRANSFER: &str =
    "Name another user in TRANSFER_EMAIL: one who is in the account, and has the licences for what is handed over.";
const USERS: &str = "Name the ids of users of the account.";
const A_GROUP: &str = "Name the id of a group of the account.";
const OWN_GROUP: &str = "Name one of the user's groups.";
const NO_PHONE: &str = "Read the user again. Setting ZOOM_PHONE_FEATURE to true gives the user a phone.";
const SITE: &str = "Name a site that the account has.";
const NUMBERS: &str = "Name numbers that the account has.";
const PLANS: &str = "Name calling plans that the account has subscribed to.";
const FIELD: &str = "Correct the field that is named.";

const PLAN_CALLS: &[&Operation] = &[&limits::ADD_PLANS, &limits::SWITCH_PLAN, &limits::REMOVE_PLAN];
const ROLE_CALLS: &[&Operation] = &[&limits::ADD_ROLE_MEMBERS, &limits::REMOVE_ROLE_MEMBER];
const PEOPLE_CALLS: &[&Operation] =
    &[&limits::ADD_MEMBERS, &limits::REMOVE_MEMBER, &limits::ADD_ADMINS, &limits::REMOVE_ADMIN];
/// Whatever is about the phone of a user.
const PHONE_CALLS: &[&Operation] = &[
    &limits::GET_PHONE_USER,
    &limits::UPDATE_PHONE_USER,
    &limits::UPDATE_PHONE_USERS,
    &limits::ADD_PLANS,
    &limits::SWITCH_PLAN,
    &limits::REMOVE_PLAN,
    &limits::ADD_NUMBERS,
    &limits::REMOVE_NUMBER,
];

use ErrorKind::{
    AlreadyExists, Configuration, InvalidArgument, InvalidAttributeValue, Other, PermissionDenied, PreconditionFailed,
    RateLimited, UnknownUid, UnsupportedOperation,
};

/// The table: limits, then permissions, then what only words tell, then the other codes in their order.
static RULES: &[Rule] = &[
    limit(FEWER).saying(&["per-second", "concurrent"]),
    limit("Zoom allows three changes of an address in 24 hours: wait until tomorrow.")
        .on(&[&limits::SET_EMAIL])
        .about(&[EMAIL])
        .meaning("the address has been changed too often")
        .passing_in(DAY),
    limit("What Zoom allows the account in a day is used up: go on tomorrow.").saying(&["daily"]),
    limit(FEWER),
    rule(&[124], PermissionDenied, "Let the app's role have this site.").saying(&["site"]),
    rule(&[124], PermissionDenied, TOKEN),
    rule(&[200, 4700], PermissionDenied, SCOPES).saying(&["scope", "does not contain permissions"]),
    rule(&[4700], PermissionDenied, TOKEN),
    rule(&[4711], PermissionDenied, SCOPES),
    rule(&[403], PermissionDenied, ROLE),
    rule(&[200], PreconditionFailed, "Take the group out of the policies of Information Barriers first.")
        .on(&[&limits::DELETE_GROUP])
        .saying(&["information barriers"]),
    rule(&[200], PermissionDenied, PAID).saying(&["paid account", "must be a paid"]),
    rule(&[200], PermissionDenied, MANAGED).on(&[&limits::SET_EMAIL]).about(&[EMAIL]),
    rule(&[200], PreconditionFailed, "Take the administrator role from the user first. A Zoom Room keeps its status.")
        .on(&[&limits::SET_STATUS])
        .saying(&["zoom room"]),
    rule(&[200], InvalidAttributeValue, "A Zoom Room keeps its plan type.")
        .on(&[&limits::UPDATE_USER])
        .saying(&["zoom room"])
        .about(&[TYPE]),
    rule(&[200], PreconditionFailed, "Give the user a plan type with meetings first.")
        .on(&[&limits::UPDATE_USER])
        .saying(&["no meetings"])
        .about(&["PERSONAL_MEETING_ID"]),
    rule(&[200], PreconditionFailed, "An account keeps its owner: make another user the owner first.")
        .on(&[&limits::DELETE_USER])
        .saying(&["out of your account"]),
    rule(&[200], PreconditionFailed, "Remove the Zoom Room in Zoom's web portal.")
        .on(&[&limits::DELETE_USER])
        .saying(&["zoom room"]),
    rule(&[200], PreconditionFailed, SUPPORT).on(&[&limits::DELETE_USER]).saying(&["deactivated user"]),
    rule(&[200], PermissionDenied, ROLE),
    // No code is known for these.
    no_licence(ANY_CODE)
        .on(&[&limits::ADD_PLANS, &limits::SWITCH_PLAN])
        .saying(&["available", "licen"])
        .about(&[ZOOM_PHONE_CALLING_PLANS]),
    rule(ANY_CODE, InvalidAttributeValue, "Choose another extension: this one belongs to somebody else.")
        .on(&[&limits::UPDATE_PHONE_USER])
        .saying(&["taken", "already", "in use"])
        .about(&[EXTENSION_NUMBER]),
    rule(ANY_CODE, InvalidAttributeValue, "Give the whole number: the site code with the short extension behind it.")
        .on(&[&limits::UPDATE_PHONE_USER])
        .saying(&["extension"])
        .about(&[EXTENSION_NUMBER]),
    rule(ANY_CODE, InvalidAttributeValue, "Take the number from whom it belongs to first, or choose another.")
        .on(&[&limits::ADD_NUMBERS])
        .saying(&["taken", "already", "in use"])
        .about(&[ZOOM_PHONE_NUMBERS]),
    rule(ANY_CODE, InvalidAttributeValue, "The user has as many numbers as Zoom allows: remove one in the same update.")
        .on(&[&limits::ADD_NUMBERS])
        .saying(&["maximum", "exceed"])
        .about(&[ZOOM_PHONE_NUMBERS]),
    rule(&[300, 400], PreconditionFailed, START_AGAIN).saying(&["page token"]),
    rule(&[300], PreconditionFailed, NO_PHONE).on(PHONE_CALLS).saying(&["user id"]).about(&[ZOOM_PHONE_FEATURE]),
    rule(&[300], PreconditionFailed, "Cancel or hand over the user's upcoming events first.").saying(&["upcoming"]),
    rule(&[300], PreconditionFailed, "Hand the user's events over with TRANSFER_EMAIL, or cancel them first.")
        .on(&[&limits::DELETE_USER])
        .saying(&["published events"]),
    rule(&[300], InvalidArgument, TRANSFER).on(&[&limits::DELETE_USER]).saying(&["destination user", "transfer-to"]),
    rule(&[300], UnsupportedOperation, "Set deactivateOnDelete, or set disassociateOnDelete to false: a user without a log-in can only be deactivated or deleted.")
        .on(&[&limits::DELETE_USER])
        .saying(&["api user"]),
    rule(&[300], Other, "Delete groups that nobody needs.")
        .on(&[&limits::CREATE_GROUP])
        .saying(&["maximum number of groups"]),
    rule(&[300], InvalidAttributeValue, "Choose another name.")
        .on(&[&limits::CREATE_GROUP, &limits::UPDATE_GROUP])
        .about(&[GROUP_NAME]),
    rule(&[300], InvalidAttributeValue, USERS).on(&[&limits::ADD_ADMINS]).about(&[ADMINS]),
    rule(&[300], InvalidAttributeValue, OWN_GROUP).on(&[&limits::SET_PRIMARY_GROUP]).about(&[PRIMARY_GROUP_ID]),
    rule(&[300], InvalidAttributeValue, "Choose another role: those of the owner and of members are neither given nor taken.")
        .on(ROLE_CALLS)
        .saying(&["role"])
        .about(&[ROLE_ID]),
    rule(&[300], RateLimited, "The password has been changed too often: wait until tomorrow.")
        .on(&[&limits::SET_PASSWORD])
        .saying(&["24 hours"])
        .about(&[PASSWORD])
        .passing_in(DAY),
    rule(&[300], InvalidAttributeValue, TOO_SIMPLE).on(&[&limits::SET_PASSWORD]).about(&[PASSWORD]),
    rule(&[300], InvalidAttributeValue, TOO_SIMPLE).saying(&["password"]).about(&[PASSWORD]),
    rule(&[300], InvalidAttributeValue, MANAGED).on(&[&limits::SET_EMAIL]).saying(&["domain"]).about(&[EMAIL]),
    rule(&[300], InvalidAttributeValue, "Change one of them in an update.")
        .saying(&["same time"])
        .about(&[TYPE, PLAN_UNITED_TYPE, ZOOM_ONE_FEATURE_TYPE]),
    rule(&[300], InvalidAttributeValue, "Name a Zoom United plan that the account has.")
        .saying(&["plan_united_type"])
        .about(&[PLAN_UNITED_TYPE]),
    rule(&[300], InvalidAttributeValue, "Name another Zoom Workplace plan instead of none.")
        .saying(&["zoom one license"])
        .about(&[ZOOM_ONE_FEATURE_TYPE]),
    rule(&[300], InvalidAttributeValue, PLAN_TYPE).saying(&["on-prem"]).about(&[TYPE]),
    rule(&[300], InvalidAttributeValue, "Choose another name: Zoom does not take a word of this one.")
        .saying(&["invalid word"])
        .about(&["FIRST_NAME", "LAST_NAME", "DISPLAY_NAME"]),
    rule(&[400], UnsupportedOperation, "Sites need the account's feature Multiple Sites.")
        .on(&[&limits::LIST_SITES])
        .saying(&["multiple sites"]),
    rule(&[400], UnsupportedOperation, "Do it in Zoom's web portal, and tell the maintainers of the connector.")
        .on(&[&limits::UPDATE_PHONE_USERS])
        .saying(&["batch type"])
        .about(&[ZOOM_PHONE_STATUS]),
    rule(&[400], InvalidAttributeValue, SITE).on(&[&limits::UPDATE_PHONE_USER]).saying(&["site"]).about(&[SITE_ID]),
    rule(&[404], InvalidAttributeValue, SITE).on(&[&limits::UPDATE_PHONE_USER]).about(&[SITE_ID]),
    rule(&[400], InvalidAttributeValue, "Name another plan in the same update, or set ZOOM_PHONE_FEATURE to false.")
        .on(&[&limits::REMOVE_PLAN])
        .saying(&["at least", "last"])
        .about(&[ZOOM_PHONE_CALLING_PLANS]),
    rule(&[400, 404], PreconditionFailed, READ_AGAIN).on(&[&limits::REMOVE_PLAN]).about(&[ZOOM_PHONE_CALLING_PLANS]),
    rule(&[404], PreconditionFailed, READ_AGAIN).on(&[&limits::SWITCH_PLAN]).about(&[ZOOM_PHONE_CALLING_PLANS]),
    rule(&[300, 400, 404], InvalidAttributeValue, PLANS).on(PLAN_CALLS).about(&[ZOOM_PHONE_CALLING_PLANS]),
    rule(&[400, 404], PreconditionFailed, READ_AGAIN).on(&[&limits::REMOVE_NUMBER]).about(&[ZOOM_PHONE_NUMBERS]),
    rule(&[300, 400, 404], InvalidAttributeValue, NUMBERS).on(&[&limits::ADD_NUMBERS]).about(&[ZOOM_PHONE_NUMBERS]),
    rule(&[404], PreconditionFailed, "The phone is at a site that is gone: give it another one in Zoom's web portal.")
        .on(&[&limits::GET_PHONE_USER])
        .about(&[SITE_ID]),
    rule(&[300, 400, 405], InvalidAttributeValue, FIELD),
    rule(&[404], PreconditionFailed, READ_AGAIN),
    rule(&[1000], PermissionDenied, "Change the administrator's address in Zoom's web portal.")
        .on(&[&limits::SET_EMAIL])
        .saying(&["admins"])
        .about(&[EMAIL]),
    rule(&[1000], PermissionDenied, MANAGED).on(&[&limits::SET_EMAIL]).about(&[EMAIL]),
    rule(&[1000], PreconditionFailed, "Take the user out of the call queues and auto receptionists first."),
    // The user exists: that was read before. Engines forget a user who is not there.
    rule(&[1001], PreconditionFailed, NO_PHONE)
        .on(PHONE_CALLS)
        .about(&[ZOOM_PHONE_FEATURE])
        .meaning("the user has no Zoom Phone, or not any more"),
    // Here the object can be a group as well, and the user a member of it.
    rule(&[1001], PreconditionFailed, READ_AGAIN).on(PEOPLE_CALLS),
    // With an address it is the one who was to get what the user leaves behind, or an invitation.
    rule(&[1001], PreconditionFailed, "Look whether whom TRANSFER_EMAIL names, or the invitation, is still there.")
        .on(&[&limits::DELETE_USER])
        .saying(&["@"]),
    rule(&[1001], UnknownUid, "Look the user up again: the user is not, or no longer, in this account."),
    rule(&[1005, 1009], AlreadyExists, OUTSIDE).about(&[EMAIL]),
    rule(&[1010, 4130, 4131], InvalidAttributeValue, OWN_GROUP)
        .on(&[&limits::SET_PRIMARY_GROUP])
        .about(&[PRIMARY_GROUP_ID]),
    // A user who leaves a group is changed, and not the group.
    rule(&[1010], PreconditionFailed, READ_AGAIN).on(&[&limits::REMOVE_MEMBER]),
    rule(&[1010], UnknownUid, "Look it up again: it is not in this account."),
    rule(&[1034], InvalidAttributeValue, "Name a role that the account has.").about(&[ROLE_ID]),
    no_licence(&[1102]).about(&[ZOOM_PHONE_FEATURE]),
    rule(&[1107], UnsupportedOperation, "Set deactivateOnDelete, or set disassociateOnDelete to false: a user of a managed domain can only be deactivated or deleted.")
        .on(&[&limits::DELETE_USER]),
    rule(&[1107], InvalidAttributeValue, ANOTHER_DOMAIN).about(&[EMAIL]),
    rule(&[1108], InvalidAttributeValue, PLAN_TYPE).about(&[TYPE]),
    rule(&[1109], InvalidAttributeValue, "Give the user a paid plan type first.").about(&[TYPE]),
    rule(&[1116], InvalidAttributeValue, MANAGED).on(&[&limits::SET_EMAIL]).about(&[EMAIL]),
    rule(&[1116], InvalidAttributeValue, "Use an address of one of the account's domains.").about(&[EMAIL]),
    rule(&[1117], PreconditionFailed, NO_ADMIN).on(&[&limits::DELETE_USER]),
    rule(&[1117], PermissionDenied, ROLE),
    rule(&[1120], PreconditionFailed, "The user has not accepted the invitation, or it has expired: invite the user again."),
    rule(&[1123], UnsupportedOperation, "Only users who log in with a work e-mail address and a password of Zoom's have one to set.")
        .about(&[PASSWORD]),
    rule(&[1124, 1125, 1126, 1127, 1128, 1129, 1130, 1131, 1136], InvalidAttributeValue, TOO_SIMPLE).about(&[PASSWORD]),
    rule(&[2001, 2031], UnsupportedOperation, "Zoom Phone must be switched on for the account.")
        .about(&[ZOOM_PHONE_FEATURE])
        .meaning("the account has no Zoom Phone"),
    rule(&[2002, 2032], UnsupportedOperation, SSO).about(&[CREATE_ACTION]),
    rule(&[2016], PermissionDenied, SUPPORT),
    rule(&[2035], PermissionDenied, "An account of this kind takes no users."),
    rule(&[2036], PermissionDenied, OUTSIDE).about(&[EMAIL]),
    rule(&[2037], PermissionDenied, "Zoom does not let this user be invited: ask Zoom's support.").about(&[EMAIL]),
    rule(&[2039], PermissionDenied, ROLE).saying(&["permission"]),
    no_licence(&[2033, 2034, 2038, 2039, 3412]),
    rule(&[2300], Configuration, "Check serviceUrl: it ends in /v2."),
    rule(&[4100], InvalidAttributeValue, "Choose another personal link name."),
    rule(&[4130], InvalidAttributeValue, A_GROUP)
        .on(&[&limits::CREATE_USER, &limits::UPDATE_USER])
        .about(&[GROUP_IDS]),
    // A list is about no group.
    rule(&[4130], PreconditionFailed, START_AGAIN).on(&[&limits::LIST_GROUPS]),
    rule(&[4130], UnknownUid, "Look the group up again: it is not, or no longer, in this account."),
    rule(&[4131, 4138], PreconditionFailed, READ_AGAIN),
    rule(&[4132], AlreadyExists, "Choose another name, or use the group that has it.").about(&[GROUP_NAME]),
    rule(&[11321], InvalidAttributeValue, "Use an address of another domain: Zoom's Trust & Safety blocks this one.")
        .about(&[EMAIL]),
    rule(&[12007], PreconditionFailed, "Restore the user from the trash first."),
    rule(&[12008], PreconditionFailed, "Move the phone to a site outside India first, or choose another plan.")
        .about(&[SITE_ID]),
    rule(&[13800], UnsupportedOperation, SUPPORT),
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
    let asked = refusal.retry_after.and_then(|wait| u64::try_from(wait.as_millis()).ok());
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::api::error::FieldError;
    use crate::schema::GROUP_ATTRIBUTES;

    /// What Zoom can say (operation, status, code, and what the message holds where that decides), and what
    /// it comes to (kind, attributes).
    type Case = (&'static Operation, u16, i64, &'static str, ErrorKind, &'static str);

    /// Every code that Zoom documents for an operation that the connector calls, and those that others have
    /// seen or that the local Zoom gives.
    static CASES: &[Case] = &[
        (&limits::LIST_USERS, 400, 124, "", PermissionDenied, ""),
        (&limits::LIST_USERS, 400, 300, "next page token", PreconditionFailed, ""),
        (&limits::LIST_USERS, 400, 2300, "", Configuration, ""),
        (&limits::LIST_USERS, 400, 4711, "scopes", PermissionDenied, ""),
        (&limits::LIST_USERS, 429, 429, "per-second", RateLimited, ""),
        (&limits::LIST_USERS, 429, 429, "daily", RateLimited, ""),
        (&limits::LIST_USERS, 429, 429, "", RateLimited, ""),
        (&limits::GET_USER, 400, 1010, "User not found", UnknownUid, ""),
        (&limits::GET_USER, 400, 1120, "", PreconditionFailed, ""),
        (&limits::GET_USER, 404, 1001, "", UnknownUid, ""),
        (&limits::CREATE_USER, 400, 200, "No privilege", PermissionDenied, ""),
        (&limits::CREATE_USER, 400, 200, "No permission", PermissionDenied, ""),
        (&limits::CREATE_USER, 400, 200, "Does not contain permissions", PermissionDenied, ""),
        (&limits::CREATE_USER, 400, 300, "parameter: password", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::CREATE_USER, 400, 300, "On-prem", InvalidAttributeValue, "TYPE"),
        (&limits::CREATE_USER, 400, 300, "invalid word", InvalidAttributeValue, "FIRST_NAME LAST_NAME DISPLAY_NAME"),
        (&limits::CREATE_USER, 400, 300, "plan_united_type", InvalidAttributeValue, "PLAN_UNITED_TYPE"),
        (&limits::CREATE_USER, 400, 300, "subscription", InvalidAttributeValue, ""),
        (&limits::CREATE_USER, 400, 1000, "", PreconditionFailed, ""),
        (&limits::CREATE_USER, 400, 1009, "", AlreadyExists, "EMAIL"),
        (&limits::CREATE_USER, 400, 1107, "", InvalidAttributeValue, "EMAIL"),
        (&limits::CREATE_USER, 400, 1108, "", InvalidAttributeValue, "TYPE"),
        (&limits::CREATE_USER, 400, 1116, "", InvalidAttributeValue, "EMAIL"),
        (&limits::CREATE_USER, 400, 2002, "", UnsupportedOperation, "CREATE_ACTION"),
        (&limits::CREATE_USER, 400, 2016, "", PermissionDenied, ""),
        (&limits::CREATE_USER, 400, 2032, "", UnsupportedOperation, "CREATE_ACTION"),
        (&limits::CREATE_USER, 400, 2033, "", Other, ""),
        (&limits::CREATE_USER, 400, 2034, "", Other, ""),
        (&limits::CREATE_USER, 400, 2035, "", PermissionDenied, ""),
        (&limits::CREATE_USER, 400, 2036, "", PermissionDenied, "EMAIL"),
        (&limits::CREATE_USER, 400, 2037, "", PermissionDenied, "EMAIL"),
        (&limits::CREATE_USER, 400, 2038, "", Other, ""),
        (&limits::CREATE_USER, 400, 3412, "", Other, ""),
        (&limits::CREATE_USER, 400, 11321, "", InvalidAttributeValue, "EMAIL"),
        (&limits::CREATE_USER, 404, 1102, "", Other, "ZOOM_PHONE_FEATURE"),
        (&limits::CREATE_USER, 404, 4130, "", InvalidAttributeValue, "GROUP_IDS"),
        (&limits::CREATE_USER, 409, 1005, "", AlreadyExists, "EMAIL"),
        (&limits::CREATE_USER, 429, 429, "concurrent", RateLimited, ""),
        (&limits::UPDATE_USER, 400, 200, "Zoom Room", InvalidAttributeValue, "TYPE"),
        (&limits::UPDATE_USER, 400, 200, "No Meetings", PreconditionFailed, "PERSONAL_MEETING_ID"),
        (&limits::UPDATE_USER, 400, 200, "administrator", PermissionDenied, ""),
        (&limits::UPDATE_USER, 400, 300, "invalid word", InvalidAttributeValue, "FIRST_NAME LAST_NAME DISPLAY_NAME"),
        (&limits::UPDATE_USER, 400, 300, "upcoming", PreconditionFailed, ""),
        (&limits::UPDATE_USER, 400, 300, "parameter: password", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::UPDATE_USER, 400, 300, "plan_united_type", InvalidAttributeValue, "PLAN_UNITED_TYPE"),
        (
            &limits::UPDATE_USER,
            400,
            300,
            "plan_united_type at the same time",
            InvalidAttributeValue,
            "TYPE PLAN_UNITED_TYPE ZOOM_ONE_FEATURE_TYPE",
        ),
        (&limits::UPDATE_USER, 400, 300, "Zoom One license", InvalidAttributeValue, "ZOOM_ONE_FEATURE_TYPE"),
        (&limits::UPDATE_USER, 400, 300, "about_me", InvalidAttributeValue, ""),
        (&limits::UPDATE_USER, 400, 300, "linkedin_url", InvalidAttributeValue, ""),
        (&limits::UPDATE_USER, 400, 300, "On-prem", InvalidAttributeValue, "TYPE"),
        (&limits::UPDATE_USER, 400, 300, "subscription", InvalidAttributeValue, ""),
        (&limits::UPDATE_USER, 400, 1108, "", InvalidAttributeValue, "TYPE"),
        (&limits::UPDATE_USER, 400, 1109, "", InvalidAttributeValue, "TYPE"),
        (&limits::UPDATE_USER, 400, 1120, "", PreconditionFailed, ""),
        (&limits::UPDATE_USER, 400, 2033, "", Other, ""),
        (&limits::UPDATE_USER, 400, 2034, "", Other, ""),
        (&limits::UPDATE_USER, 400, 2038, "", Other, ""),
        (&limits::UPDATE_USER, 400, 2039, "basic licenses", Other, ""),
        (&limits::UPDATE_USER, 400, 2039, "No permission", PermissionDenied, ""),
        (&limits::UPDATE_USER, 400, 3412, "", Other, ""),
        (&limits::UPDATE_USER, 400, 4100, "", InvalidAttributeValue, ""),
        (&limits::UPDATE_USER, 404, 1001, "", UnknownUid, ""),
        (&limits::UPDATE_USER, 404, 1102, "", Other, "ZOOM_PHONE_FEATURE"),
        (&limits::UPDATE_USER, 404, 4130, "", InvalidAttributeValue, "GROUP_IDS"),
        (&limits::DELETE_USER, 400, 200, "out of your account", PreconditionFailed, ""),
        (&limits::DELETE_USER, 400, 200, "Zoom Room", PreconditionFailed, ""),
        (&limits::DELETE_USER, 400, 200, "deactivated user", PreconditionFailed, ""),
        (&limits::DELETE_USER, 400, 300, "transfer-to", InvalidArgument, ""),
        (&limits::DELETE_USER, 400, 300, "API user", UnsupportedOperation, ""),
        (&limits::DELETE_USER, 400, 300, "published events", PreconditionFailed, ""),
        (&limits::DELETE_USER, 400, 300, "destination user", InvalidArgument, ""),
        (&limits::DELETE_USER, 400, 1000, "Call-queue", PreconditionFailed, ""),
        (&limits::DELETE_USER, 400, 1107, "", UnsupportedOperation, ""),
        (&limits::DELETE_USER, 400, 1117, "", PreconditionFailed, ""),
        (&limits::DELETE_USER, 400, 1120, "", PreconditionFailed, ""),
        (&limits::DELETE_USER, 404, 1001, "", UnknownUid, ""),
        (&limits::DELETE_USER, 404, 1001, "a@b.c", PreconditionFailed, ""),
        (&limits::SET_STATUS, 400, 200, "Zoom Room", PreconditionFailed, ""),
        (&limits::SET_STATUS, 400, 300, "upcoming", PreconditionFailed, ""),
        (&limits::SET_STATUS, 400, 2033, "", Other, ""),
        (&limits::SET_STATUS, 400, 3412, "", Other, ""),
        (&limits::SET_STATUS, 404, 1001, "", UnknownUid, ""),
        (&limits::SET_EMAIL, 400, 200, "administrator", PermissionDenied, "EMAIL"),
        (&limits::SET_EMAIL, 400, 300, "domain", InvalidAttributeValue, "EMAIL"),
        (&limits::SET_EMAIL, 400, 1000, "other admins", PermissionDenied, "EMAIL"),
        (&limits::SET_EMAIL, 400, 1000, "", PermissionDenied, "EMAIL"),
        (&limits::SET_EMAIL, 400, 1116, "", InvalidAttributeValue, "EMAIL"),
        (&limits::SET_EMAIL, 404, 1001, "", UnknownUid, ""),
        (&limits::SET_EMAIL, 409, 1005, "", AlreadyExists, "EMAIL"),
        (&limits::SET_EMAIL, 429, 429, "", RateLimited, "EMAIL"),
        (&limits::SET_PASSWORD, 400, 300, "old password", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 300, "Validation", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 300, "24 hours", RateLimited, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 1117, "", PermissionDenied, ""),
        (&limits::SET_PASSWORD, 400, 1123, "", UnsupportedOperation, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 1124, "", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 1125, "", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 1126, "", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 1127, "", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 1128, "", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 1129, "", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 1130, "", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 1131, "", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 400, 1136, "", InvalidAttributeValue, "__PASSWORD__"),
        (&limits::SET_PASSWORD, 404, 1001, "", UnknownUid, ""),
        (&limits::REVOKE_TOKENS, 400, 124, "", PermissionDenied, ""),
        (&limits::REVOKE_TOKENS, 400, 2300, "", Configuration, ""),
        (&limits::REVOKE_TOKENS, 404, 1001, "", UnknownUid, ""),
        (&limits::LIST_GROUPS, 200, 200, "for Paid account", PermissionDenied, ""),
        (&limits::LIST_GROUPS, 400, 200, "for Paid account", PermissionDenied, ""),
        (&limits::LIST_GROUPS, 400, 200, "No permission", PermissionDenied, ""),
        (&limits::LIST_GROUPS, 404, 4130, "", PreconditionFailed, ""),
        (&limits::GET_GROUP, 400, 200, "for Paid account", PermissionDenied, ""),
        (&limits::GET_GROUP, 400, 1010, "", UnknownUid, ""),
        (&limits::GET_GROUP, 404, 4130, "", UnknownUid, ""),
        (&limits::CREATE_GROUP, 400, 200, "for Paid account", PermissionDenied, ""),
        (&limits::CREATE_GROUP, 400, 300, "parameter: name", InvalidAttributeValue, "GROUP_NAME"),
        (&limits::CREATE_GROUP, 400, 300, "Validation", InvalidAttributeValue, "GROUP_NAME"),
        (&limits::CREATE_GROUP, 400, 300, "maximum number of groups", Other, ""),
        (&limits::CREATE_GROUP, 409, 4132, "", AlreadyExists, "GROUP_NAME"),
        (&limits::UPDATE_GROUP, 400, 200, "for Paid account", PermissionDenied, ""),
        (&limits::UPDATE_GROUP, 400, 300, "parameter: name", InvalidAttributeValue, "GROUP_NAME"),
        (&limits::UPDATE_GROUP, 404, 4130, "", UnknownUid, ""),
        (&limits::UPDATE_GROUP, 409, 4132, "", AlreadyExists, "GROUP_NAME"),
        (&limits::DELETE_GROUP, 400, 200, "for Paid account", PermissionDenied, ""),
        (&limits::DELETE_GROUP, 400, 200, "Information Barriers", PreconditionFailed, ""),
        (&limits::DELETE_GROUP, 404, 4130, "", UnknownUid, ""),
        (&limits::LIST_MEMBERS, 400, 200, "for Paid account", PermissionDenied, ""),
        (&limits::LIST_MEMBERS, 400, 300, "next page token", PreconditionFailed, ""),
        (&limits::LIST_MEMBERS, 404, 4130, "", UnknownUid, ""),
        (&limits::ADD_MEMBERS, 400, 200, "for paid account", PermissionDenied, ""),
        (&limits::ADD_MEMBERS, 404, 1001, "", PreconditionFailed, ""),
        (&limits::ADD_MEMBERS, 404, 4130, "", UnknownUid, ""),
        (&limits::SET_PRIMARY_GROUP, 400, 200, "for Paid account", PermissionDenied, ""),
        (&limits::SET_PRIMARY_GROUP, 400, 300, "target_group_id", InvalidAttributeValue, "PRIMARY_GROUP_ID"),
        (&limits::SET_PRIMARY_GROUP, 400, 1010, "", InvalidAttributeValue, "PRIMARY_GROUP_ID"),
        (&limits::SET_PRIMARY_GROUP, 404, 4130, "", InvalidAttributeValue, "PRIMARY_GROUP_ID"),
        (&limits::SET_PRIMARY_GROUP, 404, 4131, "", InvalidAttributeValue, "PRIMARY_GROUP_ID"),
        (&limits::REMOVE_MEMBER, 400, 200, "for Paid account", PermissionDenied, ""),
        (&limits::REMOVE_MEMBER, 400, 1010, "", PreconditionFailed, ""),
        (&limits::REMOVE_MEMBER, 404, 4130, "", UnknownUid, ""),
        (&limits::REMOVE_MEMBER, 404, 4131, "", PreconditionFailed, ""),
        (&limits::LIST_ADMINS, 400, 200, "for Paid account", PermissionDenied, ""),
        (&limits::LIST_ADMINS, 400, 300, "next page token", PreconditionFailed, ""),
        (&limits::LIST_ADMINS, 404, 4130, "", UnknownUid, ""),
        (&limits::ADD_ADMINS, 400, 200, "for paid account", PermissionDenied, ""),
        (&limits::ADD_ADMINS, 400, 300, "Validation", InvalidAttributeValue, "ADMINS"),
        (&limits::ADD_ADMINS, 404, 4130, "", UnknownUid, ""),
        (&limits::REMOVE_ADMIN, 400, 200, "for Paid account", PermissionDenied, ""),
        (&limits::REMOVE_ADMIN, 400, 4138, "", PreconditionFailed, ""),
        (&limits::REMOVE_ADMIN, 404, 4130, "", UnknownUid, ""),
        (&limits::LIST_ROLES, 400, 4700, "role:read:admin scope", PermissionDenied, ""),
        (&limits::LIST_ROLES, 400, 4700, "", PermissionDenied, ""),
        (&limits::ADD_ROLE_MEMBERS, 400, 300, "Normal/Owner roles", InvalidAttributeValue, "ROLE_ID"),
        (&limits::ADD_ROLE_MEMBERS, 400, 300, "RoleId", InvalidAttributeValue, "ROLE_ID"),
        (&limits::ADD_ROLE_MEMBERS, 400, 1034, "", InvalidAttributeValue, "ROLE_ID"),
        (&limits::REMOVE_ROLE_MEMBER, 400, 300, "Normal/Owner roles", InvalidAttributeValue, "ROLE_ID"),
        (&limits::REMOVE_ROLE_MEMBER, 400, 1034, "", InvalidAttributeValue, "ROLE_ID"),
        (&limits::REMOVE_ROLE_MEMBER, 404, 1001, "", UnknownUid, ""),
        (&limits::GET_PHONE_USER, 400, 300, "user id", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::GET_PHONE_USER, 403, 2031, "", UnsupportedOperation, "ZOOM_PHONE_FEATURE"),
        (&limits::GET_PHONE_USER, 404, 404, "Site", PreconditionFailed, "SITE_ID"),
        (&limits::GET_PHONE_USER, 404, 1001, "", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::GET_PHONE_USER, 404, 2001, "", UnsupportedOperation, "ZOOM_PHONE_FEATURE"),
        (&limits::UPDATE_PHONE_USER, 400, 124, "site", PermissionDenied, ""),
        (&limits::UPDATE_PHONE_USER, 400, 300, "user ID", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::UPDATE_PHONE_USER, 400, 400, "taken", InvalidAttributeValue, "EXTENSION_NUMBER"),
        (&limits::UPDATE_PHONE_USER, 400, 400, "Extension number", InvalidAttributeValue, "EXTENSION_NUMBER"),
        (&limits::UPDATE_PHONE_USER, 400, 400, "site", InvalidAttributeValue, "SITE_ID"),
        (&limits::UPDATE_PHONE_USER, 400, 400, "", InvalidAttributeValue, ""),
        (&limits::UPDATE_PHONE_USER, 400, 405, "items for policy", InvalidAttributeValue, ""),
        (&limits::UPDATE_PHONE_USER, 400, 13800, "", UnsupportedOperation, ""),
        (&limits::UPDATE_PHONE_USER, 404, 404, "Site", InvalidAttributeValue, "SITE_ID"),
        (&limits::UPDATE_PHONE_USER, 404, 1001, "", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::UPDATE_PHONE_USER, 404, 2001, "", UnsupportedOperation, "ZOOM_PHONE_FEATURE"),
        (&limits::UPDATE_PHONE_USERS, 400, 400, "batch type", UnsupportedOperation, "ZOOM_PHONE_STATUS"),
        (&limits::UPDATE_PHONE_USERS, 400, 12007, "", PreconditionFailed, ""),
        (&limits::UPDATE_PHONE_USERS, 400, 12008, "", PreconditionFailed, "SITE_ID"),
        (&limits::UPDATE_PHONE_USERS, 404, 404, "", PreconditionFailed, ""),
        (&limits::UPDATE_PHONE_USERS, 404, 2001, "", UnsupportedOperation, "ZOOM_PHONE_FEATURE"),
        (&limits::ADD_PLANS, 400, 300, "user id", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::ADD_PLANS, 400, 300, "field", InvalidAttributeValue, "ZOOM_PHONE_CALLING_PLANS"),
        (&limits::ADD_PLANS, 400, 400, "is available", Other, "ZOOM_PHONE_CALLING_PLANS"),
        (&limits::ADD_PLANS, 400, 403, "", PermissionDenied, ""),
        (&limits::ADD_PLANS, 404, 404, "", InvalidAttributeValue, "ZOOM_PHONE_CALLING_PLANS"),
        (&limits::ADD_PLANS, 404, 1001, "", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::ADD_PLANS, 404, 2001, "", UnsupportedOperation, "ZOOM_PHONE_FEATURE"),
        (&limits::SWITCH_PLAN, 400, 300, "field", InvalidAttributeValue, "ZOOM_PHONE_CALLING_PLANS"),
        (&limits::SWITCH_PLAN, 400, 400, "field", InvalidAttributeValue, "ZOOM_PHONE_CALLING_PLANS"),
        (&limits::SWITCH_PLAN, 400, 400, "licenses", Other, "ZOOM_PHONE_CALLING_PLANS"),
        (&limits::SWITCH_PLAN, 400, 404, "source plan", PreconditionFailed, "ZOOM_PHONE_CALLING_PLANS"),
        (&limits::SWITCH_PLAN, 404, 1001, "", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::REMOVE_PLAN, 400, 300, "user id", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::REMOVE_PLAN, 400, 400, "field", PreconditionFailed, "ZOOM_PHONE_CALLING_PLANS"),
        (&limits::REMOVE_PLAN, 400, 400, "at least one", InvalidAttributeValue, "ZOOM_PHONE_CALLING_PLANS"),
        (&limits::REMOVE_PLAN, 404, 404, "", PreconditionFailed, "ZOOM_PHONE_CALLING_PLANS"),
        (&limits::REMOVE_PLAN, 404, 1001, "", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::REMOVE_PLAN, 404, 2001, "", UnsupportedOperation, "ZOOM_PHONE_FEATURE"),
        (&limits::ADD_NUMBERS, 400, 300, "user id", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::ADD_NUMBERS, 400, 300, "field", InvalidAttributeValue, "ZOOM_PHONE_NUMBERS"),
        (&limits::ADD_NUMBERS, 400, 400, "already assigned", InvalidAttributeValue, "ZOOM_PHONE_NUMBERS"),
        (&limits::ADD_NUMBERS, 400, 400, "maximum", InvalidAttributeValue, "ZOOM_PHONE_NUMBERS"),
        (&limits::ADD_NUMBERS, 404, 400, "", InvalidAttributeValue, "ZOOM_PHONE_NUMBERS"),
        (&limits::ADD_NUMBERS, 404, 404, "", InvalidAttributeValue, "ZOOM_PHONE_NUMBERS"),
        (&limits::ADD_NUMBERS, 404, 1001, "", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::ADD_NUMBERS, 404, 2001, "", UnsupportedOperation, "ZOOM_PHONE_FEATURE"),
        (&limits::REMOVE_NUMBER, 400, 300, "user id", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::REMOVE_NUMBER, 404, 400, "phone_number", PreconditionFailed, "ZOOM_PHONE_NUMBERS"),
        (&limits::REMOVE_NUMBER, 404, 404, "", PreconditionFailed, "ZOOM_PHONE_NUMBERS"),
        (&limits::REMOVE_NUMBER, 404, 1001, "", PreconditionFailed, "ZOOM_PHONE_FEATURE"),
        (&limits::REMOVE_NUMBER, 404, 2001, "", UnsupportedOperation, "ZOOM_PHONE_FEATURE"),
        (&limits::LIST_SITES, 400, 124, "site", PermissionDenied, ""),
        (&limits::LIST_SITES, 400, 400, "Multiple sites", UnsupportedOperation, ""),
        (&limits::LIST_SITES, 400, 400, "next page token", PreconditionFailed, ""),
        (&limits::LIST_SITES, 403, 2031, "", UnsupportedOperation, "ZOOM_PHONE_FEATURE"),
    ];

    fn refusal(operation: &'static Operation, status: u16, code: i64, message: &str) -> Refusal {
        Refusal {
            operation,
            status,
            code: Some(code),
            message: message.into(),
            fields: Vec::new(),
            request_id: Some("track".into()),
            retry_after: None,
            daily: false,
        }
    }

    fn said(operation: &'static Operation, status: u16, code: i64, message: &str) -> Error {
        refused(&refusal(operation, status, code, message))
    }

    #[test]
    fn every_refusal_that_zoom_documents_has_its_kind() {
        for (operation, status, code, message, kind, attributes) in CASES {
            let error = said(operation, *status, *code, message);
            let case = format!("{operation} {status} {code} {message:?}");
            assert_eq!((error.kind, error.attributes.join(" ").as_str()), (*kind, *attributes), "{case}");
            assert!(error.hint.is_some(), "{case}");
            let refused = format!("Zoom refused {operation}");
            assert!(error.message.contains(&refused) && error.message.contains(message), "{case}");
        }
    }

    #[test]
    fn no_row_of_the_table_is_dead() {
        let hits: Vec<(*const Rule, i64)> = CASES
            .iter()
            .filter_map(|(operation, status, code, message, ..)| {
                Some((std::ptr::from_ref(rule_of(&refusal(operation, *status, *code, message))?), *code))
            })
            .collect();
        for (index, rule) in RULES.iter().enumerate() {
            let hit = |code: Option<i64>| {
                hits.iter().any(|(row, said)| std::ptr::eq(*row, rule) && code.is_none_or(|code| code == *said))
            };
            assert!(hit(None), "row {index}, {:?}: {}", rule.codes, rule.hint);
            for code in rule.codes {
                assert!(hit(Some(*code)), "code {code} of row {index}: {}", rule.hint);
            }
            for words in rule.says {
                assert_eq!(*words, words.to_ascii_lowercase(), "row {index}");
            }
        }
    }

    #[test]
    fn the_table_names_attributes_that_there_are() {
        let users = USER_ATTRIBUTES.iter().map(|attribute| &attribute.def);
        let groups = GROUP_ATTRIBUTES.iter().map(|attribute| &attribute.def);
        let known: Vec<&str> =
            users.chain(groups).flat_map(|def| [Some(def.name), def.native_name]).flatten().collect();
        for name in RULES.iter().flat_map(|rule| rule.attributes) {
            assert!(known.contains(name), "{name}");
        }
    }

    #[test]
    fn code_200_is_read_by_its_message() {
        let hint = |message| said(&limits::LIST_GROUPS, 400, 200, message).hint.clone().expect("a hint");
        assert_eq!(hint("... for Paid account"), PAID);
        assert_eq!(hint("No permission"), ROLE);
        assert_eq!(hint("... does not contain permissions [x]"), SCOPES);
    }

    #[test]
    fn the_next_step_differs_where_the_kind_does_not() {
        for (operation, code, words, other) in [
            (&limits::LIST_SITES, 124, "site", ""),
            (&limits::SET_EMAIL, 1000, "other admins", ""),
            (&limits::UPDATE_PHONE_USER, 400, "extension taken", "extension"),
            (&limits::ADD_NUMBERS, 400, "already", ""),
            (&limits::ADD_NUMBERS, 400, "maximum", ""),
            (&limits::ADD_NUMBERS, 400, "maximum", "already"),
        ] {
            let [one, other] = [words, other].map(|message| said(operation, 400, code, message));
            assert_eq!((one.kind, &one.attributes), (other.kind, &other.attributes), "{words}");
            assert_ne!(one.hint, other.hint, "{words}");
        }
    }

    #[test]
    fn every_licence_that_is_missing_is_one_message() {
        let of_users = [1102, 2033, 2034, 2038, 2039, 3412].map(|code| said(&limits::CREATE_USER, 400, code, "."));
        let of_plans = [300, 400].map(|code| said(&limits::ADD_PLANS, 400, code, "No calling plan is available."));
        for error in of_users.iter().chain(&of_plans) {
            assert_eq!((error.kind, error.hint.as_deref()), (ErrorKind::Other, Some(LICENCE)), "{error}");
            assert!(error.message.starts_with("the account has no licence of this kind left (Zoom refused"), "{error}");
        }
        let unpaid = said(&limits::ADD_PLANS, 400, 200, "available for Paid account");
        assert_eq!(unpaid.hint.as_deref(), Some(PAID));
        assert_eq!(said(&limits::ADD_PLANS, 503, 503, "Service unavailable").kind, ErrorKind::Io);
    }

    #[test]
    fn an_address_that_cannot_be_changed_is_explained() {
        for (code, message) in [(200, "Only an administrator"), (300, "domain"), (1000, ""), (1116, "")] {
            let error = said(&limits::SET_EMAIL, 400, code, message);
            assert_eq!((error.hint.as_deref(), error.attributes.concat().as_str()), (Some(MANAGED), EMAIL), "{code}");
        }
        let day = 24 * 60 * 60 * 1000;
        let mut refusal = refusal(&limits::SET_EMAIL, 429, 429, "the maximum daily rate limit");
        let error = refused(&refusal);
        assert_eq!((error.retry_after_ms, error.retryable), (Some(day), true));
        assert!(
            error.message.contains("changed too often")
                && error.hint.as_deref().is_some_and(|hint| hint.contains("three"))
        );
        refusal.retry_after = Some(Duration::from_secs(7));
        assert_eq!(refused(&refusal).retry_after_ms, Some(7000));
        assert_eq!(said(&limits::SET_EMAIL, 429, 429, "the maximum per-second rate limit").retry_after_ms, None);
        assert_eq!(said(&limits::SET_PASSWORD, 400, 300, "the past 24 hours").retry_after_ms, Some(day));
    }

    #[test]
    fn the_limit_of_the_day_is_told_by_the_message_or_by_a_header() {
        let hint = |daily, message| {
            let refusal = Refusal { daily, ..refusal(&limits::CREATE_USER, 429, 429, message) };
            let error = refused(&refusal);
            assert_eq!((error.kind, error.retry_after_ms), (ErrorKind::RateLimited, None));
            error.hint.clone().unwrap_or_default()
        };
        assert_eq!(hint(true, ""), hint(false, "The daily limit"));
        assert!(hint(true, "").contains("tomorrow"));
        assert_eq!(hint(false, ""), FEWER);
    }

    #[test]
    fn the_scopes_that_zoom_names_are_in_the_message() {
        for code in [200, 4700, 4711] {
            let error = said(&limits::LIST_ROLES, 400, code, "does not contain scopes:[role:read:admin].");
            assert!(error.message.contains("role:read:admin"), "{error}");
            assert_eq!((error.kind, error.hint.as_deref()), (ErrorKind::PermissionDenied, Some(SCOPES)));
        }
    }

    #[test]
    fn the_same_code_means_different_things_to_different_operations() {
        assert_eq!(said(&limits::DELETE_USER, 400, 1107, "").kind, ErrorKind::UnsupportedOperation);
        let created = said(&limits::CREATE_USER, 400, 1107, "blocked");
        assert_eq!(
            (created.kind, created.attributes.clone()),
            (ErrorKind::InvalidAttributeValue, vec!["EMAIL".into()])
        );
        assert_eq!(said(&limits::LIST_USERS, 400, 300, "page token").kind, ErrorKind::PreconditionFailed);
        assert_eq!(said(&limits::UPDATE_USER, 400, 300, "Validation").kind, ErrorKind::InvalidAttributeValue);
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
