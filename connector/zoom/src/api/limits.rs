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
    Heavy,
    ResourceIntensive,
    /// Calls of the phone have limits of their own.
    PhoneLight,
    PhoneMedium,
    PhoneHeavy,
    PhoneResourceIntensive,
}

impl Label {
    const ALL: [(Self, &str); 8] = [
        (Self::Light, "Light"),
        (Self::Medium, "Medium"),
        (Self::Heavy, "Heavy"),
        (Self::ResourceIntensive, "Resource-intensive"),
        (Self::PhoneLight, "Phone Light"),
        (Self::PhoneMedium, "Phone Medium"),
        (Self::PhoneHeavy, "Phone Heavy"),
        (Self::PhoneResourceIntensive, "Phone Resource-intensive"),
    ];

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(label, _)| *label == self).map_or("", |(_, word)| word)
    }

    /// The label with a name: blanks, hyphens and letter case do not matter.
    pub(crate) fn of(name: &str) -> Option<Self> {
        let plain = |name: &str| name.replace([' ', '-'], "").to_ascii_lowercase();
        Self::ALL.iter().find(|(_, word)| plain(word) == plain(name)).map(|(label, _)| *label)
    }

    /// The label that an operation of this one has after all: Zoom says the same words for those of the phone.
    pub(crate) fn sibling(self, name: &str) -> Option<Self> {
        match self.word().starts_with("Phone ") && !name.starts_with("Phone") {
            true => Self::of(&format!("Phone {name}")),
            false => Self::of(name),
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
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
    SET_PASSWORD: Put "/users/{userId}/password" Medium;
    REVOKE_TOKENS: Delete "/users/{userId}/token" Light;
    LIST_GROUPS: Get "/groups" Medium;
    GET_GROUP: Get "/groups/{groupId}" Light;
    CREATE_GROUP: Post "/groups" Light;
    UPDATE_GROUP: Patch "/groups/{groupId}" Light;
    DELETE_GROUP: Delete "/groups/{groupId}" Light;
    LIST_MEMBERS: Get "/groups/{groupId}/members" Medium;
    ADD_MEMBERS: Post "/groups/{groupId}/members" Medium;
    SET_PRIMARY_GROUP: Patch "/groups/{groupId}/members/{memberId}" Medium;
    REMOVE_MEMBER: Delete "/groups/{groupId}/members/{memberId}" Light;
    LIST_ADMINS: Get "/groups/{groupId}/admins" Medium;
    ADD_ADMINS: Post "/groups/{groupId}/admins" Medium;
    REMOVE_ADMIN: Delete "/groups/{groupId}/admins/{userId}" Light;
    LIST_ROLES: Get "/roles" Medium;
    ADD_ROLE_MEMBERS: Post "/roles/{roleId}/members" Medium;
    REMOVE_ROLE_MEMBER: Delete "/roles/{roleId}/members/{memberId}" Light;
    GET_PHONE_USER: Get "/phone/users/{userId}" PhoneLight;
    UPDATE_PHONE_USER: Patch "/phone/users/{userId}" PhoneLight;
    UPDATE_PHONE_USERS: Put "/phone/users/batch" PhoneLight;
    ADD_PLANS: Post "/phone/users/{userId}/calling_plans" PhoneLight;
    SWITCH_PLAN: Put "/phone/users/{userId}/calling_plans" PhoneLight;
    REMOVE_PLAN: Delete "/phone/users/{userId}/calling_plans/{planType}" PhoneLight;
    ADD_NUMBERS: Post "/phone/users/{userId}/phone_numbers" PhoneLight;
    REMOVE_NUMBER: Delete "/phone/users/{userId}/phone_numbers/{phoneNumberId}" PhoneLight;
    LIST_PHONE_USERS: Get "/phone/users" PhoneMedium;
    LIST_SITES: Get "/phone/sites" PhoneMedium;
}
