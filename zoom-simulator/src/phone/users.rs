//! Phone users: `GET /phone/users`, `GET` and `PATCH /phone/users/{id}`.
//!
//! A row of the list and a record are of different shape: the row has the name and the site as an object, the record
//! the site's id, the policy and the emergency address. A user who has just got a phone answers that there is none for
//! some reads, and is in no list until then.

use std::ops::Bound;

use serde_json::{Map, Value, json};

use super::{held_numbers, move_to_site, phone_user, site_reference};
use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure, invalid_field},
    fields::Fields,
    paging::{Key, Page, Sizes},
    state::{
        Zoom,
        phone::{PhoneStatus, PhoneUser, Site},
        user::{Status, User},
    },
};

/// Zoom API, phone, `GET /phone/users`: 30 rows, at most 100.
const SIZES: Sizes = Sizes { usual: 30, largest: 100 };

/// `POST /phone/users`, which once added phone users: the batch has taken its place.
pub(crate) fn create(_: &mut Zoom, _: &Call) -> Outcome {
    Err(errors::METHOD_NOT_ALLOWED.into())
}

/// `GET /phone/users`
pub(crate) fn list(zoom: &mut Zoom, call: &Call) -> Outcome {
    let now = zoom.now();
    let page = zoom.pages.asked(call, SIZES, now)?;
    let filter = Filter::of(zoom, call)?;
    let (total, (users, last)) = if filter.status == Some(None) {
        let waiting = zoom
            .users
            .listed(Status::Active, crate::paging::EVERYTHING)
            .filter(|(key, user)| is_waiting(zoom, *key, user));
        let rows = zoom.users.listed(Status::Active, page.range()).filter(|(key, user)| is_waiting(zoom, *key, user));
        (waiting.count(), page.cut(rows.map(|(key, user)| (key, waiting_row(user)))))
    } else {
        let rows = |range| zoom.phone.users.range(range).filter(|(key, user)| filter.takes(zoom, **key, user));
        let total = rows(crate::paging::EVERYTHING).count();
        (total, page.cut(rows(range(zoom, &page)).filter_map(|(key, user)| Some((*key, row(zoom, *key, user)?)))))
    };
    Answer::ok(&json!({
        "next_page_token": zoom.pages.token(call, last, now, zoom.switches.page_token_life()),
        "page_size": page.size,
        "total_records": total,
        "users": users,
    }))
}

/// Where a page begins: behind the row before it, or by switch with that row once more. A page of one row would then
/// never get further.
fn range(zoom: &Zoom, page: &Page) -> (Bound<Key>, Bound<Key>) {
    match page.range() {
        (Bound::Excluded(last), end) if zoom.switches.phone_duplicate_rows && page.size > 1 => {
            (Bound::Included(last), end)
        }
        range => range,
    }
}

/// What a list is narrowed to.
struct Filter {
    site: Option<String>,
    plan: Option<i64>,
    /// None within for `pending`.
    status: Option<Option<PhoneStatus>>,
    department: Option<String>,
    cost_center: Option<String>,
    keyword: Option<String>,
}

impl Filter {
    fn of(zoom: &Zoom, call: &Call) -> Result<Self, Failure> {
        let text = |name| call.query(name).map(str::to_owned);
        let status = match call.query("status") {
            None => None,
            Some("activate") => Some(Some(PhoneStatus::Activate)),
            Some("deactivate") => Some(Some(PhoneStatus::Deactivate)),
            Some("pending") => Some(None),
            Some(_) => return Err(invalid_field("status")),
        };
        let site = text("site_id");
        if let Some(site) = site.as_ref().filter(|site| zoom.phone.site(site).is_none()) {
            return Err(errors::SITE_NOT_YOURS.about(site));
        }
        let plan = call
            .query("calling_type")
            .map(|plan| plan.parse().map_err(|_| invalid_field("calling_type")))
            .transpose()?;
        let keyword = text("keyword").map(|keyword| keyword.to_lowercase());
        Ok(Self { site, plan, status, department: text("department"), cost_center: text("cost_center"), keyword })
    }

    fn takes(&self, zoom: &Zoom, key: Key, user: &PhoneUser) -> bool {
        user.is_ready()
            && self.site.as_ref().is_none_or(|site| user.site_id.as_str() == site)
            && self.plan.is_none_or(|plan| user.calling_plans.contains(&plan))
            && self.status.is_none_or(|status| status == Some(user.status))
            && self.department.as_ref().is_none_or(|department| user.department == *department)
            && self.cost_center.as_ref().is_none_or(|cost_center| user.cost_center == *cost_center)
            && self.keyword.as_ref().is_none_or(|keyword| has_keyword(zoom, key, user, keyword))
    }
}

/// Whether a name, the extension or a number has this in it.
fn has_keyword(zoom: &Zoom, key: Key, user: &PhoneUser, keyword: &str) -> bool {
    let has_name = zoom.users.get(key).is_some_and(|user| user.display_name.to_lowercase().contains(keyword));
    let mut numbers = user.numbers.iter().filter_map(|id| zoom.phone.number(id.as_str()));
    has_name
        || user.extension_number.to_string().contains(keyword)
        || numbers.any(|(_, number)| number.number.contains(keyword))
}

fn row(zoom: &Zoom, key: Key, phone: &PhoneUser) -> Option<Value> {
    let user = zoom.users.get(key)?;
    let is_active = phone.status == PhoneStatus::Activate;
    let mut row = json!({
        "id": user.id(),
        "email": user.email(),
        "name": user.display_name,
        "phone_user_id": phone.phone_user_id,
        "extension_id": phone.extension_id,
        "extension_number": phone.extension_number,
        "status": phone.status,
        "activation_status": if is_active { "activated" } else { "ready to activate" },
        "calling_plans": plans(zoom, phone),
        "phone_numbers": held_numbers(zoom, phone),
        "department": phone.department,
        "cost_center": phone.cost_center,
    });
    insert(&mut row, "site", site_reference(zoom, phone.site_id.as_str()));
    Some(row)
}

/// A user with a Workplace bundle who has no phone yet, whom the status `pending` means.
fn is_waiting(zoom: &Zoom, key: Key, user: &User) -> bool {
    user.zoom_one_type.is_some() && !zoom.phone.users.contains_key(&key)
}

fn waiting_row(user: &User) -> Value {
    json!({
        "id": user.id(),
        "email": user.email(),
        "name": user.display_name,
        "status": "pending",
        "activation_status": "not ready",
        "department": user.dept,
        "cost_center": user.cost_center,
    })
}

/// The calling plans of a user. That records tell their names is reported (Terraform's provider), not documented.
fn plans(zoom: &Zoom, phone: &PhoneUser) -> Vec<Value> {
    let name = |plan| zoom.phone.plan(plan).map_or("", |plan| plan.name);
    phone.calling_plans.iter().map(|plan| json!({ "type": plan, "name": name(*plan) })).collect()
}

fn insert(object: &mut Value, name: &str, value: Option<Value>) {
    if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
        object.insert(name.to_owned(), value);
    }
}

/// `GET /phone/users/{id}`. Each read brings a phone that is still being provisioned closer.
pub(crate) fn read(zoom: &mut Zoom, call: &Call) -> Outcome {
    if let Some(phone) = zoom.users.find(call.param("id")).and_then(|key| zoom.phone.users.get_mut(&key))
        && !phone.is_ready()
    {
        phone.unready_reads -= 1;
        return Err(errors::NO_PHONE_USER.about(call.param("id")));
    }
    let (key, _) = phone_user(zoom, call, errors::BAD_USER_ID, errors::NO_PHONE_USER)?;
    let record = record(zoom, key)?;
    if let Some(phone) = zoom.phone.users.get_mut(&key)
        && std::mem::take(&mut phone.flaps)
    {
        phone.unready_reads = 1;
    }
    Answer::ok(&record)
}

fn record(zoom: &Zoom, key: Key) -> Result<Value, Failure> {
    let phone = zoom.phone.users.get(&key).ok_or(errors::NO_SUCH_SITE)?;
    let (Some(user), Some(site)) = (zoom.users.get(key), zoom.phone.site(phone.site_id.as_str())) else {
        return Err(errors::NO_SUCH_SITE.into());
    };
    let mut record = json!({
        "id": user.id(),
        "email": user.email(),
        "phone_user_id": phone.phone_user_id,
        "extension_id": phone.extension_id,
        "extension_number": phone.extension_number,
        "status": phone.status,
        "calling_plans": plans(zoom, phone),
        "phone_numbers": held_numbers(zoom, phone),
        "department": phone.department,
        "cost_center": phone.cost_center,
        "emergency_address": emergency_address(phone, site),
        "policy": policy(phone),
        "site_admin": false,
    });
    insert(&mut record, "site_id", zoom.switches.multiple_sites.then(|| json!(site.id)));
    Ok(record)
}

fn emergency_address(phone: &PhoneUser, site: &Site) -> Value {
    json!({
        "id": phone.emergency_address_id,
        "address_line1": "55 Example Street",
        "address_line2": "",
        "city": site.name,
        "country": site.country,
        "state_code": "",
        "zip": "10000",
    })
}

/// What a phone user may do: the usual, and what was set otherwise.
fn policy(phone: &PhoneUser) -> Map<String, Value> {
    let usual = [
        ("international_calling", json!(false)),
        ("delegation", json!(true)),
        ("elevate_to_meeting", json!(true)),
        ("sms", json!({ "enable": true, "international_sms": false })),
        (
            "voicemail",
            json!({ "enable": true, "allow_delete": true, "allow_download": true, "allow_transcription": true }),
        ),
    ];
    usual.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(phone.policy.clone()).collect()
}

/// `PATCH /phone/users/{id}`: site, extension and policy. The extension is the whole number, as text.
pub(crate) fn update(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (key, phone) = phone_user(zoom, call, errors::BAD_USER_ID_TO_PATCH, errors::NO_PHONE_USER)?;
    let mut fields = Fields::of(call)?;
    let (site_id, extension) = (fields.text("site_id", usize::MAX), fields.text("extension_number", usize::MAX));
    let (address, template) = (fields.text("emergency_address_id", usize::MAX), fields.text("template_id", usize::MAX));
    let policy = fields.object("policy");
    fields.check()?;
    let site_id = site_id.as_deref().unwrap_or(phone.site_id.as_str());
    let site = zoom.phone.site(site_id).ok_or(errors::NO_SUCH_SITE)?.clone();
    let extension = extension.map(|extension| free_extension(zoom, phone, &site, &extension)).transpose()?;
    move_to_site(zoom, key, &site);
    if let Some(extension) = extension {
        zoom.phone.set_extension(key, extension);
    }
    if let Some(phone) = zoom.phone.users.get_mut(&key) {
        phone.policy.extend(policy.unwrap_or_default());
        phone.emergency_address_id = address.unwrap_or(std::mem::take(&mut phone.emergency_address_id));
        phone.template_id = template.unwrap_or(std::mem::take(&mut phone.template_id));
    }
    Answer::done()
}

/// The number of an extension that a phone user may have on a site.
fn free_extension(zoom: &Zoom, phone: &PhoneUser, site: &Site, text: &str) -> Result<u64, Failure> {
    let number: u64 = text.parse().map_err(|_| errors::BAD_EXTENSION)?;
    if zoom.switches.site_codes && zoom.switches.multiple_sites && site.extension(number) != number {
        return Err(errors::BAD_EXTENSION.into());
    }
    if number != phone.extension_number && zoom.phone.is_taken(number) {
        return Err(errors::EXTENSION_TAKEN.about(number));
    }
    Ok(number)
}
