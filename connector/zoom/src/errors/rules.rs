//! The table itself: what a refusal of Zoom's means, row by row. The first row that fits counts.

use connector_base::attribute::PASSWORD;
use connector_base::error::ErrorKind;
use connector_base::value::contains;

use crate::api::error::Refusal;
use crate::api::limits::{self, Operation};
use crate::schema::{
    ADMINS, CREATE_ACTION, EXTENSION_NUMBER, GROUP_IDS, PLAN_UNITED_TYPE, PRIMARY_GROUP_ID, ROLE_ID, SITE_ID, TYPE,
    ZOOM_ONE_FEATURE_TYPE, ZOOM_PHONE_CALLING_PLANS, ZOOM_PHONE_FEATURE, ZOOM_PHONE_NUMBERS, ZOOM_PHONE_STATUS,
};

/// A row of the table.
pub(super) struct Rule {
    /// Any code, or none at all, where there is none; but no failure of Zoom's own (5xx) then, whose words
    /// can be anything.
    pub(super) codes: &'static [i64],
    /// The operations that it is about; all where there is none.
    pub(super) operations: &'static [&'static Operation],
    /// What the message holds, in lower case; one of them is enough, and none is needed where there is none.
    pub(super) says: &'static [&'static str],
    /// The attributes that it is about.
    pub(super) attributes: &'static [&'static str],
    /// What it comes to, where Zoom's own words do not tell; they follow it.
    pub(super) means: &'static str,
    /// The next step.
    pub(super) hint: &'static str,
    /// The HTTP status; any where it is 0.
    pub(super) status: u16,
    /// How many hours to wait where Zoom does not say; 0 where waiting does not help, or nobody knows.
    pub(super) hours: u8,
    pub(super) kind: ErrorKind,
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
    pub(super) fn fits(&self, refusal: &Refusal, message: &str) -> bool {
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
pub(super) const DAY: u8 = 24;

pub(super) const EMAIL: &str = "EMAIL";
pub(super) const GROUP_NAME: &str = "GROUP_NAME";

pub(super) const LICENCE: &str =
    "The account has no licence of this kind left: free or buy one, or choose another plan type.";
pub(super) const START_AGAIN: &str = "Start the search again.";
pub(super) const READ_AGAIN: &str = "It has changed meanwhile: read it again.";
pub(super) const FEWER: &str =
    "Wait; set ratePlan to the plan of the account, and lower rateShare where others call for it too.";
pub(super) const SCOPES: &str =
    "Add the missing scopes to the app in the Zoom Marketplace; it can take an hour until they hold.";
pub(super) const PHONE_SCOPES: &str = "Add the missing scopes to the app in the Zoom Marketplace; it can take an hour until they hold. Without Zoom Phone, set zoomPhone to false.";
pub(super) const ROLE: &str = "Let the app act with a role that may do this, or do it in Zoom's web portal.";
pub(super) const PAID: &str = "This needs a paid Zoom account.";
pub(super) const SUPPORT: &str = "Ask Zoom's support.";
pub(super) const OUTSIDE: &str = "The address exists outside this account: its owner has to leave the other account, or be invited from Zoom's web portal.";
pub(super) const MANAGED: &str = "Zoom changes an address only for an administrator, and only where the account manages the domain: add the domain under Account Management in Zoom's web portal.";
pub(super) const ANOTHER_DOMAIN: &str = "Use an address of another domain.";
pub(super) const TOO_SIMPLE: &str = "Choose another password, as the account's password rules ask for.";
pub(super) const TOKEN: &str =
    "Check that the app is activated in the Zoom Marketplace, and test the connection again.";
pub(super) const SSO: &str = "Single sign-on with pre-provisioning must be switched on for the account.";
pub(super) const NO_ADMIN: &str = "Take the administrator role from the user first.";
pub(super) const PLAN_TYPE: &str = "Choose a plan type that the account may give.";
pub(super) const TRANSFER: &str =
    "Name another user in TRANSFER_EMAIL: one who is in the account, and has the licences for what is handed over.";
pub(super) const USERS: &str = "Name the ids of users of the account.";
pub(super) const A_GROUP: &str = "Name the id of a group of the account.";
pub(super) const OWN_GROUP: &str = "Name one of the user's groups.";
pub(super) const NO_PHONE: &str = "Read the user again. Setting ZOOM_PHONE_FEATURE to true gives the user a phone.";
pub(super) const SITE: &str = "Name a site that the account has.";
pub(super) const NUMBERS: &str = "Name numbers that the account has.";
pub(super) const PLANS: &str = "Name calling plans that the account has subscribed to.";
pub(super) const FIELD: &str = "Correct the field that is named.";

pub(super) const PLAN_CALLS: &[&Operation] = &[&limits::ADD_PLANS, &limits::SWITCH_PLAN, &limits::REMOVE_PLAN];
pub(super) const ROLE_CALLS: &[&Operation] = &[&limits::ADD_ROLE_MEMBERS, &limits::REMOVE_ROLE_MEMBER];
pub(super) const PEOPLE_CALLS: &[&Operation] =
    &[&limits::ADD_MEMBERS, &limits::REMOVE_MEMBER, &limits::ADD_ADMINS, &limits::REMOVE_ADMIN];
/// Whatever is about the phone of a user.
pub(super) const PHONE_CALLS: &[&Operation] = &[
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
pub(super) static RULES: &[Rule] = &[
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
    rule(&[4711], PermissionDenied, PHONE_SCOPES).on(PHONE_CALLS),
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
