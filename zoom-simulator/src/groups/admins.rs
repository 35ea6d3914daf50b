//! The administrators of a group: `GET` and `POST /groups/{id}/admins`, `DELETE /groups/{id}/admins/{user}`. They need
//! not be members.

use serde::Serialize;
use serde_json::json;

use super::is_paid;
use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    paging::Sizes,
    state::{Zoom, groups::Group},
    users::named,
};

/// Zoom API, users, `GET /groups/{groupId}/admins`: 30 rows, at most 300.
const SIZES: Sizes = Sizes { usual: 30, largest: 300 };

/// Zoom API, users, `POST /groups/{groupId}/admins`: at most 10 at once.
const MOST_AT_ONCE: usize = 10;

#[derive(Serialize)]
struct Row<'a> {
    email: &'a str,
    name: &'a str,
}

/// `GET /groups/{id}/admins`
pub(crate) fn list(zoom: &mut Zoom, call: &Call) -> Outcome {
    let now = zoom.now();
    let page = zoom.pages.asked(call, SIZES, now)?;
    let group = find(zoom, call.param("id"))?;
    let total = group.admins.len();
    let users = group.admins.range(page.range()).filter_map(|key| Some((*key, zoom.users.get(*key)?)));
    let (admins, last) =
        page.cut(users.map(|(key, user)| (key, Row { email: user.email().as_str(), name: &user.display_name })));
    Answer::ok(&json!({
        "admins": admins,
        "next_page_token": zoom.pages.token(call, last, now, zoom.switches.page_token_life()),
        "page_size": page.size,
        "total_records": total,
    }))
}

/// `POST /groups/{id}/admins`
pub(crate) fn add(zoom: &mut Zoom, call: &Call) -> Outcome {
    let group = find(zoom, call.param("id"))?.id().clone();
    let named = named(zoom, call, "admins", MOST_AT_ONCE)?;
    let mut added = Vec::new();
    for key in named {
        let Some(user) = zoom.users.get(key).filter(|user| !user.is_pending()) else { continue };
        if zoom.groups.find_mut(group.as_str()).is_some_and(|group| group.admins.insert(key)) {
            added.push(user.id().as_str());
        }
    }
    Answer::created(&json!({ "ids": added.join(","), "added_at": zoom.now() }))
}

/// `DELETE /groups/{id}/admins/{user}`
pub(crate) fn remove(zoom: &mut Zoom, call: &Call) -> Outcome {
    let group = find(zoom, call.param("id"))?.id().clone();
    let key = zoom.users.find(call.param("user"));
    let group = zoom.groups.find_mut(group.as_str()).filter(|group| key.is_some_and(|key| group.admins.contains(&key)));
    let group = group.ok_or_else(|| errors::NOT_AN_ADMIN.about(call.param("id")))?;
    if let Some(key) = key {
        group.admins.remove(&key);
    }
    Answer::done()
}

/// The group that a call names, whose absence has other words here.
fn find<'a>(zoom: &'a Zoom, id: &str) -> Result<&'a Group, Failure> {
    is_paid(zoom)?;
    zoom.groups.find(id).ok_or_else(|| errors::NO_GROUP_OF_ADMINS.about(id))
}
