//! The table held against what Zoom documents, and against what people report of it.

use std::time::Duration;

use connector_base::error::ErrorKind::{
    AlreadyExists, Configuration, InvalidArgument, InvalidAttributeValue, Other, PermissionDenied, PreconditionFailed,
    RateLimited, UnknownUid, UnsupportedOperation,
};

use super::*;
use crate::api::error::FieldError;
use crate::api::limits::{self, Operation};
use crate::schema::GROUP_ATTRIBUTES;
use rules::*;

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
    (&limits::GET_PHONE_USER, 400, 4711, "scopes", PermissionDenied, ""),
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
    let known: Vec<&str> = users.chain(groups).flat_map(|def| [Some(def.name), def.native_name]).flatten().collect();
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
        error.message.contains("changed too often") && error.hint.as_deref().is_some_and(|hint| hint.contains("three"))
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
    assert_eq!((created.kind, created.attributes.clone()), (ErrorKind::InvalidAttributeValue, vec!["EMAIL".into()]));
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
    assert_eq!(error.message, "Zoom refused POST /users: Validation Failed. [user_info.first_name: Invalid field.]");
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
