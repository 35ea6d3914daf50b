//! Roles (Zoom API, roles): `GET /roles`, `GET /roles/{id}`, `GET` and `POST /roles/{id}/members`,
//! `DELETE /roles/{id}/members/{member}`. A user has one role; taking it away makes a member.

use serde::Serialize;
use serde_json::json;

use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    ids::{RoleId, UserId},
    paging::{Key, Sizes},
    state::{
        Zoom,
        roles::{MEMBER, OWNER, Role},
        user::{User, UserType},
    },
    users::named,
};

/// Zoom API, roles, `GET /roles/{roleId}/members`: 30 rows, at most 300.
const SIZES: Sizes = Sizes { usual: 30, largest: 300 };

/// Zoom API, roles, `POST /roles/{roleId}/members`: at most 30 at once.
const MOST_AT_ONCE: usize = 30;

/// What a role that can be given to people allows; the same for every role here.
const PRIVILEGES: [&str; 4] = ["User:Read", "User:Edit", "Group:Read", "Group:Edit"];

#[derive(Serialize)]
struct Row<'a> {
    id: &'a UserId,
    email: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    #[serde(rename = "type")]
    user_type: UserType,
    #[serde(skip_serializing_if = "str::is_empty")]
    department: &'a str,
}

impl<'a> From<&'a User> for Row<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: user.id(),
            email: user.email().as_str(),
            first_name: &user.first_name,
            last_name: &user.last_name,
            user_type: user.user_type,
            department: &user.dept,
        }
    }
}

/// `GET /roles`
pub(crate) fn list(zoom: &mut Zoom, call: &Call) -> Outcome {
    // Roles of the other sort, `iq`, belong to a product that this account has not.
    let is_common = call.query("type").is_none_or(|kind| kind == "common");
    let roles: Vec<_> = zoom
        .roles
        .iter()
        .filter(|_| is_common)
        .map(|role| {
            json!({
                "id": role.id,
                "name": role.name,
                "description": role.description,
                "total_members": holders(zoom, role).count(),
            })
        })
        .collect();
    Answer::ok(&json!({ "total_records": roles.len(), "roles": roles }))
}

/// `GET /roles/{id}`
pub(crate) fn read(zoom: &mut Zoom, call: &Call) -> Outcome {
    let role = find(zoom, call)?;
    let privileges: &[&str] = if role.id.as_str() == MEMBER { &[] } else { &PRIVILEGES };
    Answer::ok(&json!({
        "id": role.id,
        "name": role.name,
        "description": role.description,
        "total_members": holders(zoom, role).count(),
        "privileges": privileges,
    }))
}

/// `GET /roles/{id}/members`
pub(crate) fn members(zoom: &mut Zoom, call: &Call) -> Outcome {
    let now = zoom.now();
    let page = zoom.pages.asked(call, SIZES, now)?;
    let role = find(zoom, call)?;
    let total = holders(zoom, role).count();
    let rows = zoom.users.from(page.range()).filter(|(_, user)| holds(user, role));
    let (members, last) = page.cut(rows.map(|(key, user)| (key, Row::from(user))));
    Answer::ok(&json!({
        "members": members,
        "next_page_token": zoom.pages.token(call, last, now, zoom.switches.page_token_life()),
        "page_count": page.count(total),
        "page_number": page.number,
        "page_size": page.size,
        "total_records": total,
    }))
}

/// `POST /roles/{id}/members`
pub(crate) fn add(zoom: &mut Zoom, call: &Call) -> Outcome {
    let role = changeable(zoom, call)?;
    let mut added = Vec::new();
    for key in named(zoom, call, "members", MOST_AT_ONCE)? {
        let user = zoom.users.get_mut(key).filter(|user| !user.is_pending() && user.role_id.as_str() != OWNER);
        let Some(user) = user else { continue };
        if user.role_id != role {
            user.role_id = role.clone();
            added.push(user.id().to_string());
        }
    }
    Answer::created(&json!({ "ids": added.join(","), "add_at": zoom.now() }))
}

/// `DELETE /roles/{id}/members/{member}`
pub(crate) fn remove(zoom: &mut Zoom, call: &Call) -> Outcome {
    let role = changeable(zoom, call)?;
    let key = zoom.users.find(call.param("member"));
    let user = key.and_then(|key| zoom.users.get_mut(key)).filter(|user| user.role_id == role);
    user.ok_or_else(|| errors::NO_USER.about(call.param("member")))?.role_id = RoleId::from(MEMBER.to_owned());
    Answer::done()
}

fn find<'a>(zoom: &'a Zoom, call: &Call) -> Result<&'a Role, Failure> {
    zoom.roles.find(call.param("id")).ok_or(errors::NO_ROLE.into())
}

/// A role that can be given and taken: neither the owner's nor the members'.
fn changeable(zoom: &Zoom, call: &Call) -> Result<RoleId, Failure> {
    let role = find(zoom, call)?;
    if [OWNER, MEMBER].contains(&role.id.as_str()) { Err(errors::FIXED_ROLE.into()) } else { Ok(role.id.clone()) }
}

/// Those who have a role and have accepted.
fn holders<'a>(zoom: &'a Zoom, role: &'a Role) -> impl Iterator<Item = (Key, &'a User)> {
    zoom.users.iter().filter(|(_, user)| holds(user, role))
}

fn holds(user: &User, role: &Role) -> bool {
    user.role_id == role.id && !user.is_pending()
}
