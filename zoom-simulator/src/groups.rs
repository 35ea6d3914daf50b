//! User groups (Zoom API, users): `GET` and `POST /groups`, `GET`, `PATCH` and `DELETE /groups/{id}`. Who is in them is in
//! the modules below.

pub(crate) mod admins;
pub(crate) mod members;

use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    fields::Fields,
    ids::GroupId,
    limits::Daily,
    paging::Sizes,
    state::{Zoom, groups::Group},
};

/// How many groups an account may have (Zoom API, users, `POST /groups`).
pub(crate) const MOST: usize = 5_000;

/// Zoom API, users, `GET /groups`: at most 300 rows; the document gives no default, 30 is that of the other lists.
const SIZES: Sizes = Sizes { usual: 30, largest: 300 };

#[derive(Serialize)]
struct Row<'a> {
    id: &'a GroupId,
    name: &'a str,
    total_members: usize,
}

impl<'a> From<&'a Group> for Row<'a> {
    fn from(group: &'a Group) -> Self {
        Self { id: group.id(), name: group.name(), total_members: group.members.len() }
    }
}

/// Everything about groups takes a paid account.
fn is_paid(zoom: &Zoom) -> Result<(), Failure> {
    if zoom.switches.paid_account { Ok(()) } else { Err(errors::PAID_ONLY.into()) }
}

/// `GET /groups`. Unlike other lists it does not tell the size of its pages.
pub(crate) fn list(zoom: &mut Zoom, call: &Call) -> Outcome {
    is_paid(zoom)?;
    let now = zoom.now();
    let page = zoom.pages.asked(call, SIZES, now)?;
    let (groups, last) = page.cut(zoom.groups.rows().range(page.range()).map(|(key, group)| (*key, Row::from(group))));
    Answer::ok(&json!({
        "groups": groups,
        "total_records": zoom.groups.rows().len(),
        "next_page_token": zoom.pages.token(call, last, now, zoom.switches.page_token_life()),
    }))
}

/// `POST /groups`
pub(crate) fn create(zoom: &mut Zoom, call: &Call) -> Outcome {
    is_paid(zoom)?;
    let name = name(call)?;
    if zoom.groups.is_used(&name, None) {
        return Err(errors::GROUP_NAME_USED.about(name));
    }
    if zoom.groups.rows().len() >= MOST {
        return Err(errors::TOO_MANY_GROUPS.into());
    }
    let now = zoom.now();
    zoom.limits.spend(Daily::Groups, &zoom.switches, now)?;
    let id: GroupId = zoom.ids.fresh();
    zoom.groups.insert(id.clone(), name);
    let group = find(zoom, id.as_str())?;
    Ok(Answer::json(StatusCode::CREATED, &Row::from(group)))
}

/// `GET /groups/{id}`
pub(crate) fn read(zoom: &mut Zoom, call: &Call) -> Outcome {
    Answer::ok(&Row::from(find(zoom, call.param("id"))?))
}

/// `PATCH /groups/{id}`: a group can only be renamed.
pub(crate) fn update(zoom: &mut Zoom, call: &Call) -> Outcome {
    let id = find(zoom, call.param("id"))?.id().clone();
    let name = name(call)?;
    if zoom.groups.is_used(&name, Some(id.as_str())) {
        return Err(errors::GROUP_RENAME_USED.about(name));
    }
    zoom.groups.rename(id.as_str(), name);
    Answer::done()
}

/// `DELETE /groups/{id}`
pub(crate) fn delete(zoom: &mut Zoom, call: &Call) -> Outcome {
    is_paid(zoom)?;
    if zoom.remove_group(call.param("id")) { Answer::done() } else { Err(errors::NO_GROUP_TO_DELETE.into()) }
}

/// The group that a call names.
fn find<'a>(zoom: &'a Zoom, id: &str) -> Result<&'a Group, Failure> {
    is_paid(zoom)?;
    zoom.groups.find(id).ok_or_else(|| errors::NO_GROUP.about(id))
}

/// The name that a call gives a group.
fn name(call: &Call) -> Result<String, Failure> {
    let mut fields = Fields::of(call)?;
    let name = fields.text("name", usize::MAX);
    fields.check()?;
    name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).ok_or(errors::BAD_GROUP_NAME.into())
}
