//! The operations that the connector calls, each with the rate limit that it counts against.
//!
//! Zoom limits calls for each account by label, not by endpoint (Zoom API, "Rate limits").

use std::fmt;

use connector_base::http::Method;

/// A rate limit of Zoom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Light,
    Medium,
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Light => "Light",
            Self::Medium => "Medium",
        })
    }
}

/// An operation of Zoom's API.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    /// The path below the service URL, with `{name}` for what varies.
    pub(crate) path: &'static str,
    pub(crate) label: Label,
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method.as_str(), self.path)
    }
}

macro_rules! operations {
    ($($name:ident: $method:ident $path:literal $label:ident;)+) => {
        $(pub(crate) static $name: Operation =
            Operation { method: Method::$method, path: $path, label: Label::$label };)+
    };
}

operations! {
    LIST_USERS: Get "/users" Medium;
    GET_USER: Get "/users/{userId}" Light;
    CREATE_USER: Post "/users" Light;
    UPDATE_USER: Patch "/users/{userId}" Light;
    DELETE_USER: Delete "/users/{userId}" Light;
    SET_STATUS: Put "/users/{userId}/status" Light;
    SET_EMAIL: Put "/users/{userId}/email" Light;
    REVOKE_TOKENS: Delete "/users/{userId}/token" Light;
    LIST_GROUPS: Get "/groups" Medium;
    GET_GROUP: Get "/groups/{groupId}" Light;
    CREATE_GROUP: Post "/groups" Light;
    UPDATE_GROUP: Patch "/groups/{groupId}" Light;
    DELETE_GROUP: Delete "/groups/{groupId}" Light;
    ADD_MEMBERS: Post "/groups/{groupId}/members" Medium;
    REMOVE_MEMBER: Delete "/groups/{groupId}/members/{memberId}" Light;
}
