//! Several phone users at once: `POST /phone/users/batch` gives phones to users, `PUT /phone/users/batch` moves,
//! activates or provisions them. All of it happens or none.

use http::StatusCode;
use serde_json::{Value, json};

use super::{move_to_site, numbers, plans::available_by_name};
use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure, invalid_field},
    fields::{Fields, Object},
    paging::Key,
    state::{
        Zoom,
        phone::{PhoneStatus, Site},
        user::Status,
    },
};

/// Zoom API, phone, `/phone/users/batch`: at most 10 users.
const MOST_AT_ONCE: usize = 10;

/// A phone user to be.
struct Wanted {
    key: Key,
    site: Site,
    extension: u64,
    plans: Vec<i64>,
    numbers: Vec<Key>,
    status: PhoneStatus,
}

/// `POST /phone/users/batch`. Plans go by name here, and the extension comes without the site's code. The answer is a
/// bare array.
pub(crate) fn add(zoom: &mut Zoom, call: &Call) -> Outcome {
    let mut fields = Fields::of(call)?;
    fields.require("users");
    let users = fields.objects("users", usize::MAX).unwrap_or_default();
    fields.check()?;
    if users.len() > MOST_AT_ONCE {
        return Err(errors::BATCH_TOO_LARGE.into());
    }
    let wanted = users.iter().map(|user| wanted(zoom, user)).collect::<Result<Vec<_>, _>>()?;
    let mut added = Vec::new();
    for wanted in wanted {
        zoom.enable_phone(wanted.key)?;
        for number in &wanted.numbers {
            zoom.phone.assign(*number, Some(wanted.key));
        }
        if let Some(phone) = zoom.phone.users.get_mut(&wanted.key) {
            phone.site_id = wanted.site.id;
            phone.calling_plans = wanted.plans;
            phone.status = wanted.status;
        }
        zoom.phone.set_extension(wanted.key, wanted.extension);
        added.extend(zoom.users.get(wanted.key).map(|user| json!({ "email": user.email(), "id": user.id() })));
    }
    Ok(Answer::json(StatusCode::CREATED, &added))
}

fn wanted(zoom: &Zoom, user: &Object) -> Result<Wanted, Failure> {
    let text = |name| user.get(name).and_then(Value::as_str).filter(|text: &&str| !text.is_empty());
    let texts = |name| user.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let email = text("email").ok_or_else(|| invalid_field("users.email"))?;
    let key =
        zoom.users.find(email).filter(|key| zoom.users.get(*key).is_some_and(|user| user.status() == Status::Active));
    let key = key.ok_or_else(|| invalid_field("users.email"))?;
    if text("template_name").is_some() {
        return Err(errors::NO_TEMPLATE.into());
    }
    let site = zoom.phone.sites.iter().find(|site| {
        text("site_name").is_none_or(|name| site.name == name)
            && text("site_code").is_none_or(|code| site.site_code.to_string() == code)
    });
    let site = site.ok_or_else(|| invalid_field("users.site_name"))?.clone();
    let extension = text("extension_number").and_then(|extension| extension.parse().ok());
    let extension = site.extension(extension.ok_or_else(|| invalid_field("users.extension_number"))?);
    let held = zoom.phone.users.get(&key);
    if zoom.phone.is_taken(extension) && held.is_none_or(|held| held.extension_number != extension) {
        return Err(errors::EXTENSION_TAKEN.about(extension));
    }
    let plans = texts("calling_plans").map(|name| available_by_name(zoom, name)).collect::<Result<Vec<_>, _>>()?;
    if plans.is_empty() {
        return Err(invalid_field("users.calling_plans"));
    }
    let numbers: Vec<_> = texts("phone_numbers").map(str::to_owned).collect();
    let numbers = numbers::check(zoom, key, held.map_or(0, |held| held.numbers.len()), &numbers)?;
    let status =
        if text("activation_status") == Some("deactivate") { PhoneStatus::Deactivate } else { PhoneStatus::Activate };
    Ok(Wanted { key, site, extension, plans, numbers, status })
}

/// `PUT /phone/users/batch`
pub(crate) fn update(zoom: &mut Zoom, call: &Call) -> Outcome {
    let mut fields = Fields::of(call)?;
    fields.require("batch_type");
    fields.require("user_ids");
    let (kind, site) = (fields.text("batch_type", usize::MAX).unwrap_or_default(), fields.text("site_id", usize::MAX));
    let users = fields.texts("user_ids", usize::MAX).unwrap_or_default();
    let status = fields.choice("activation_status", |value| match value.as_str()? {
        "activate" => Some(PhoneStatus::Activate),
        "deactivate" => Some(PhoneStatus::Deactivate),
        _ => None,
    });
    if kind == "activate" && status.is_none() {
        fields.reject("activation_status");
    }
    fields.check()?;
    if users.len() > MOST_AT_ONCE {
        return Err(errors::BATCH_TOO_LARGE.into());
    }
    let keys = users.iter().map(|name| Ok(zoom.user(name)?.0)).collect::<Result<Vec<_>, Failure>>()?;
    let site = || zoom.phone.site(site.as_deref().unwrap_or_default()).cloned().ok_or(errors::NO_SUCH_SITE);
    match kind.as_str() {
        "move_site" => {
            let site = site()?;
            keys.into_iter().for_each(|key| move_to_site(zoom, key, &site));
        }
        "assign_pending_user" => {
            let site = site()?;
            for key in keys {
                zoom.enable_phone(key)?;
                move_to_site(zoom, key, &site);
            }
        }
        "activate" => {
            for key in keys {
                if let (Some(phone), Some(status)) = (zoom.phone.users.get_mut(&key), status) {
                    phone.status = status;
                }
            }
        }
        other => return Err(errors::BAD_BATCH_TYPE.about(other)),
    }
    Answer::done()
}
