//! Who is in a group: `GET` and `POST /groups/{id}/members`, `PATCH` and `DELETE /groups/{id}/members/{member}`.
//!
//! Adding answers 201 whatever became of it: those who are in the group already, do not exist or are still pending are
//! left out of `ids` without a word.

use serde::Serialize;
use serde_json::json;

use super::find;
use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    fields::Fields,
    ids::UserId,
    paging::{Key, Sizes},
    state::{
        Zoom,
        user::{User, UserType},
    },
    users::named,
};

/// Zoom API, users, `GET /groups/{groupId}/members`: 30 rows, at most 2,000.
const SIZES: Sizes = Sizes { usual: 30, largest: 2_000 };

/// Zoom API, users, `POST /groups/{groupId}/members`: at most 30 at once.
const MOST_AT_ONCE: usize = 30;

#[derive(Serialize)]
struct Row<'a> {
    id: &'a UserId,
    email: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    #[serde(rename = "type")]
    user_type: UserType,
}

impl<'a> From<&'a User> for Row<'a> {
    fn from(user: &'a User) -> Self {
        Self {
            id: user.id(),
            email: user.email().as_str(),
            first_name: &user.first_name,
            last_name: &user.last_name,
            user_type: user.user_type,
        }
    }
}

/// `GET /groups/{id}/members`
pub(crate) fn list(zoom: &mut Zoom, call: &Call) -> Outcome {
    let now = zoom.now();
    let page = zoom.pages.asked(call, SIZES, now)?;
    let group = find(zoom, call.param("id"))?;
    let total = group.members.len();
    let users = group.members.range(page.range()).filter_map(|key| Some((*key, zoom.users.get(*key)?)));
    let (members, last) = page.cut(users.map(|(key, user)| (key, Row::from(user))));
    let mut list = json!({
        "members": members,
        "page_number": page.number,
        "page_size": page.size,
        "total_records": total,
    });
    if let Some(list) = list.as_object_mut() {
        // Some accounts no longer get it (move-coop/parsons, issue 599).
        if zoom.switches.group_members_page_count {
            list.insert("page_count".to_owned(), page.count(total).into());
        }
        let token = zoom.pages.token(call, last, now, zoom.switches.page_token_life());
        list.insert("next_page_token".to_owned(), token.into());
    }
    Answer::ok(&list)
}

/// `POST /groups/{id}/members`
pub(crate) fn add(zoom: &mut Zoom, call: &Call) -> Outcome {
    let group = find(zoom, call.param("id"))?.id().clone();
    let named = named(zoom, call, "members", MOST_AT_ONCE)?;
    let mut added = Vec::new();
    for key in named {
        let user = zoom.users.get(key).filter(|user| !user.is_pending()).map(|user| user.id().to_string());
        added.extend(user.filter(|_| zoom.join(key, group.as_str())));
    }
    Answer::created(&json!({ "ids": added.join(","), "added_at": zoom.now() }))
}

/// `PATCH /groups/{id}/members/{member}`: moves a member to another group, or makes one of the member's groups the
/// primary one. The target stands in the body.
pub(crate) fn update(zoom: &mut Zoom, call: &Call) -> Outcome {
    let group = find(zoom, call.param("id"))?.id().clone();
    let mut fields = Fields::of(call)?;
    fields.require("action");
    let moves = fields.choice("action", |value| match value.as_str()? {
        "move" => Some(true),
        "set_primary" => Some(false),
        _ => None,
    });
    let target = fields.text("target_group_id", usize::MAX).filter(|target| !target.is_empty());
    fields.check()?;
    let target = find(zoom, &target.ok_or(errors::NO_TARGET_GROUP)?)?.id().clone();
    let key = member(zoom, call)?;
    if moves == Some(true) {
        zoom.leave(key, group.as_str());
        zoom.join(key, target.as_str());
    } else if let Some(user) = zoom.users.get_mut(key) {
        let place = user.group_ids.iter().position(|held| *held == target).ok_or(errors::NO_MEMBER)?;
        let primary = user.group_ids.remove(place);
        user.group_ids.insert(0, primary);
    }
    Answer::done()
}

/// `DELETE /groups/{id}/members/{member}`
pub(crate) fn remove(zoom: &mut Zoom, call: &Call) -> Outcome {
    let group = find(zoom, call.param("id"))?.id().clone();
    let key = member(zoom, call)?;
    zoom.leave(key, group.as_str());
    Answer::done()
}

/// The member of the group whom a call names.
fn member(zoom: &Zoom, call: &Call) -> Result<Key, Failure> {
    let group = find(zoom, call.param("id"))?;
    let key = zoom.users.find(call.param("member")).filter(|key| group.members.contains(key));
    key.ok_or(errors::NO_MEMBER.into())
}
