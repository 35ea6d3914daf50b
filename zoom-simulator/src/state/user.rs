//! One user: what Zoom keeps of a person, under Zoom's own names. How much of it an answer shows is the business of
//! the endpoint that answers.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::{
    clock::Moment,
    email::Email,
    ids::{GroupId, RoleId, UserId},
};

/// Whether a user exists on the account and may log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Active,
    Inactive,
    /// Invited, but has not accepted.
    Pending,
}

impl Status {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "active" => Some(Self::Active),
            "inactive" => Some(Self::Inactive),
            "pending" => Some(Self::Pending),
            _ => None,
        }
    }
}

/// The licence for meetings (Zoom API, users, `type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UserType {
    Basic = 1,
    Licensed = 2,
    /// Without Meetings Basic.
    Unassigned = 4,
    /// Only for users made by `ssoCreate`.
    None = 99,
}

impl UserType {
    pub(crate) fn from_number(number: i64) -> Option<Self> {
        [Self::Basic, Self::Licensed, Self::Unassigned, Self::None].into_iter().find(|known| *known as i64 == number)
    }
}

impl Serialize for UserType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(*self as i64)
    }
}

/// How a user logs in (Zoom API, users, `login_types`); those that occur here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginType {
    Google = 1,
    Api = 99,
    WorkEmail = 100,
    Sso = 101,
}

impl Serialize for LoginType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(*self as i64)
    }
}

/// A telephone number that a user's profile shows; no Zoom Phone number.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ContactNumber {
    pub(crate) code: String,
    pub(crate) country: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) label: String,
    pub(crate) number: String,
    pub(crate) verified: bool,
}

/// A value of one of the attributes that the account's admin has defined.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CustomAttribute {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// A user. What the index in `Users` goes by is private and changed only there.
#[derive(Clone, Serialize)]
pub(crate) struct User {
    pub(super) id: UserId,
    pub(super) email: Email,
    pub(super) status: Status,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) display_name: String,
    #[serde(rename = "type")]
    pub(crate) user_type: UserType,
    /// The Zoom United bundle, if any.
    pub(crate) plan_united_type: Option<String>,
    /// The Zoom Workplace bundle, if any.
    pub(crate) zoom_one_type: Option<i64>,
    pub(crate) role_id: RoleId,
    pub(crate) login_types: Vec<LoginType>,
    /// In the order of joining; the first is the primary group.
    pub(crate) group_ids: Vec<GroupId>,
    pub(crate) im_group_ids: Vec<String>,
    pub(crate) division_ids: Vec<String>,
    pub(crate) dept: String,
    pub(crate) job_title: String,
    pub(crate) company: String,
    pub(crate) location: String,
    pub(crate) cost_center: String,
    pub(crate) manager: String,
    pub(crate) cms_user_id: String,
    pub(crate) language: String,
    pub(crate) timezone: String,
    pub(crate) about_me: String,
    pub(crate) linkedin_url: String,
    pub(crate) pronouns: String,
    pub(crate) pronouns_option: i64,
    pub(crate) phone_numbers: Vec<ContactNumber>,
    pub(crate) custom_attributes: Vec<CustomAttribute>,
    /// Only for users who log in by SSO.
    pub(crate) employee_unique_id: Option<String>,
    pub(crate) pmi: u64,
    pub(crate) use_pmi: bool,
    pub(crate) vanity_name: Option<String>,
    #[serde(skip)]
    pub(crate) host_key: Option<String>,
    #[serde(skip)]
    pub(crate) password: Option<String>,
    pub(crate) user_created_at: Moment,
    pub(crate) last_login_time: Option<Moment>,
    pub(crate) last_client_version: Option<String>,
    #[serde(serialize_with = "as_number")]
    pub(crate) verified: bool,
    /// Licences beyond the meeting one, as set through the settings; Zoom Phone is not among them.
    pub(crate) features: BTreeMap<String, Value>,
    /// A pending user was given Zoom Phone, which comes with the acceptance.
    pub(crate) wants_phone: bool,
    /// When the address was changed, for the limit on that.
    #[serde(skip)]
    pub(crate) email_changes: Vec<Moment>,
}

impl User {
    /// A user with nothing but what every user has.
    pub(crate) fn new(id: UserId, email: Email, status: Status, created: Moment) -> Self {
        Self {
            id,
            email,
            status,
            first_name: String::new(),
            last_name: String::new(),
            display_name: String::new(),
            user_type: UserType::Basic,
            plan_united_type: None,
            zoom_one_type: None,
            role_id: RoleId::from(super::roles::MEMBER.to_owned()),
            login_types: vec![LoginType::WorkEmail],
            group_ids: Vec::new(),
            im_group_ids: Vec::new(),
            division_ids: Vec::new(),
            dept: String::new(),
            job_title: String::new(),
            company: String::new(),
            location: String::new(),
            cost_center: String::new(),
            manager: String::new(),
            cms_user_id: String::new(),
            language: "en-US".to_owned(),
            timezone: "America/Los_Angeles".to_owned(),
            about_me: String::new(),
            linkedin_url: String::new(),
            pronouns: String::new(),
            pronouns_option: 1,
            phone_numbers: Vec::new(),
            custom_attributes: Vec::new(),
            employee_unique_id: None,
            pmi: 0,
            use_pmi: false,
            vanity_name: None,
            host_key: None,
            password: None,
            user_created_at: created,
            last_login_time: None,
            last_client_version: None,
            verified: false,
            features: BTreeMap::new(),
            wants_phone: false,
            email_changes: Vec::new(),
        }
    }

    pub(crate) fn id(&self) -> &UserId {
        &self.id
    }

    pub(crate) fn email(&self) -> &Email {
        &self.email
    }

    pub(crate) fn status(&self) -> Status {
        self.status
    }

    pub(crate) fn is_pending(&self) -> bool {
        self.status == Status::Pending
    }

    /// The owner and the admins, whom much protects.
    pub(crate) fn is_admin(&self) -> bool {
        matches!(self.role_id.as_str(), super::roles::OWNER | super::roles::ADMIN)
    }

    /// The display name that Zoom makes of first and last name.
    pub(crate) fn derived_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// The older of the two dates of creation: that of the newest login type. For a pending user, who has none, Zoom
    /// gives the time of the call.
    pub(crate) fn created_at(&self, now: Moment) -> Moment {
        if self.is_pending() { now } else { self.user_created_at }
    }

    /// Takes every licence away, as deactivation does; coming back does not restore them.
    pub(crate) fn drop_licenses(&mut self) {
        self.user_type = UserType::Basic;
        self.plan_united_type = None;
        self.zoom_one_type = None;
        self.features.clear();
    }
}

/// Zoom's flag for a verified address is 0 or 1.
pub(crate) fn as_number<S: Serializer>(flag: &bool, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u8(u8::from(*flag))
}
