//! Users (Zoom API, users).

pub(crate) mod access;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod licenses;
pub(crate) mod list;
pub(crate) mod password;
pub(crate) mod read;
pub(crate) mod settings;
pub(crate) mod update;

use serde_json::Value;

use crate::{
    call::Call,
    errors::Failure,
    fields::{Fields, Object},
    paging::Key,
    state::Zoom,
};

/// The users whom a list in a request names, by id or, where there is none, by address.
pub(crate) fn named(zoom: &Zoom, call: &Call, list: &str, most: usize) -> Result<Vec<Key>, Failure> {
    let mut fields = Fields::of(call)?;
    fields.require(list);
    let named = fields.objects(list, most);
    fields.check()?;
    let text = |object: &Object, name| {
        object.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let name = |object: &Object| text(object, "id").or_else(|| text(object, "email"));
    Ok(named.unwrap_or_default().iter().filter_map(name).filter_map(|name| zoom.users.find(&name)).collect())
}
