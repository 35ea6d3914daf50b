//! Lists of users: `GET /users`, `GET /users/summary`, `GET /users/email`.
//!
//! A row shows less than a user's own record: no language, no telephone number, no Workplace bundle. The row of a
//! pending user has no id.

use serde::Serialize;
use serde_json::json;

use crate::{
    call::{Answer, Call, Outcome},
    clock::Moment,
    errors::{EMAIL_REQUIRED, invalid_field},
    ids::{GroupId, RoleId, UserId},
    paging::{EVERYTHING, Sizes},
    state::{
        Zoom,
        user::{CustomAttribute, LoginType, Status, User, UserType, as_number},
    },
};

/// Zoom API, users, `GET /users`: 30 rows, at most 2,000.
const SIZES: Sizes = Sizes { usual: 30, largest: 2_000 };

#[derive(Serialize)]
struct List<'a> {
    next_page_token: String,
    page_count: usize,
    page_number: usize,
    page_size: usize,
    total_records: usize,
    users: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a UserId>,
    first_name: &'a str,
    last_name: &'a str,
    display_name: &'a str,
    email: &'a str,
    #[serde(rename = "type")]
    user_type: UserType,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    pmi: Option<u64>,
    timezone: &'a str,
    #[serde(serialize_with = "as_number")]
    verified: bool,
    dept: &'a str,
    created_at: Moment,
    user_created_at: Moment,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_login_time: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_client_version: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    group_ids: &'a [GroupId],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    im_group_ids: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    division_ids: &'a [String],
    role_id: &'a RoleId,
    #[serde(skip_serializing_if = "Option::is_none")]
    employee_unique_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_united_type: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    custom_attributes: &'a [CustomAttribute],
    #[serde(skip_serializing_if = "Option::is_none")]
    host_key: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(user: &'a User, extra: Option<&str>, now: Moment) -> Self {
        Self {
            id: Some(user.id()).filter(|_| !user.is_pending()),
            first_name: &user.first_name,
            last_name: &user.last_name,
            display_name: &user.display_name,
            email: user.email().as_str(),
            user_type: user.user_type,
            status: user.status(),
            pmi: Some(user.pmi).filter(|_| !user.is_pending()),
            timezone: &user.timezone,
            verified: user.verified,
            dept: &user.dept,
            created_at: user.created_at(now),
            user_created_at: user.user_created_at,
            last_login_time: user.last_login_time,
            last_client_version: user.last_client_version.as_deref(),
            group_ids: &user.group_ids,
            im_group_ids: &user.im_group_ids,
            division_ids: &user.division_ids,
            role_id: &user.role_id,
            employee_unique_id: user.employee_unique_id.as_deref(),
            plan_united_type: user.plan_united_type.as_deref(),
            custom_attributes: if extra == Some("custom_attributes") { &user.custom_attributes } else { &[] },
            host_key: user.host_key.as_deref().filter(|_| extra == Some("host_key")),
        }
    }
}

/// `GET /users`
pub(crate) fn list(zoom: &mut Zoom, call: &Call) -> Outcome {
    let now = zoom.now();
    let status = match call.query("status") {
        Some(name) => Status::from_name(name).ok_or_else(|| invalid_field("status"))?,
        None => Status::Active,
    };
    let page = zoom.pages.asked(call, SIZES, now)?;
    let role = call.query("role_id");
    // Nobody here has one of the licences that can be asked for, workforce and compliance management.
    let nobody = call.query("license").is_some();
    let is_wanted = |user: &User| !nobody && role.is_none_or(|role| user.role_id.as_str() == role);
    let total = match (role, nobody) {
        (None, false) => zoom.users.count(status),
        _ => zoom.users.listed(status, EVERYTHING).filter(|(_, user)| is_wanted(user)).count(),
    };
    let rows = zoom.users.listed(status, page.range()).filter(|(_, user)| is_wanted(user));
    let (users, last) = page.cut(rows.map(|(key, user)| (key, Row::of(user, call.query("include_fields"), now))));
    Answer::ok(&List {
        next_page_token: zoom.pages.token(call, last, now, zoom.switches.page_token_life()),
        page_count: page.count(total),
        page_number: page.number,
        page_size: page.size,
        total_records: total,
        users,
    })
}

/// `GET /users/summary`: users who accepted, by licence, and those who did not yet. Deactivated ones are counted: they
/// are still in the account.
pub(crate) fn summary(zoom: &mut Zoom, _: &Call) -> Outcome {
    let of_type = |types: &[UserType]| {
        zoom.users.iter().filter(|(_, user)| !user.is_pending() && types.contains(&user.user_type)).count()
    };
    let (licensed, basic) = (of_type(&[UserType::Licensed]), of_type(&[UserType::Basic]));
    let join_only = of_type(&[UserType::Unassigned, UserType::None]);
    Answer::ok(&json!({
        "licensed_users_count": licensed,
        "basic_users_count": basic,
        "on_prem_users_count": 0,
        "room_users_count": 0,
        "pending_users_count": zoom.users.count(Status::Pending),
        "join_only_users_count": join_only,
        "total_users_count": licensed + basic + join_only,
    }))
}

/// `GET /users/email`: whether somebody of this account logs in with that address and a password.
pub(crate) fn has_email(zoom: &mut Zoom, call: &Call) -> Outcome {
    let email = call.query("email").ok_or(EMAIL_REQUIRED)?;
    let user = Some(email).filter(|email| email.contains('@')).and_then(|email| zoom.users.find(email));
    let user = user.and_then(|key| zoom.users.get(key));
    let exists = user.is_some_and(|user| !user.is_pending() && user.login_types.contains(&LoginType::WorkEmail));
    Answer::ok(&json!({ "existed_email": exists }))
}
