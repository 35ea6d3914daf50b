//! The numbers of the account: `GET /phone/numbers` and `GET /phone/numbers/{number}`, both deprecated, and
//! `GET /number_management/numbers`, which has taken their place and words everything differently.

use serde_json::{Value, json};

use super::site_reference;
use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    paging::{EVERYTHING, Sizes},
    state::{Zoom, phone::Number},
};

/// Zoom API, phone, `GET /phone/numbers`: 30 rows, at most 100.
const SIZES: Sizes = Sizes { usual: 30, largest: 100 };
/// Zoom API, number management: 30 rows, at most 200.
const MANAGED_SIZES: Sizes = Sizes { usual: 30, largest: 200 };

/// Answers a page of those numbers that a filter takes.
fn page(
    zoom: &mut Zoom,
    call: &Call,
    sizes: Sizes,
    rows: &str,
    takes: impl Fn(&Number) -> bool,
    row: fn(&Zoom, &Number) -> Value,
) -> Outcome {
    let now = zoom.now();
    let page = zoom.pages.asked(call, sizes, now)?;
    let taken = |range| zoom.phone.numbers().range(range).filter(|(_, number)| takes(number));
    let total = taken(EVERYTHING).count();
    let (numbers, last) = page.cut(taken(page.range()).map(|(key, number)| (*key, row(zoom, number))));
    let token = zoom.pages.token(call, last, now, zoom.switches.page_token_life());
    let mut list = json!({ "next_page_token": token, "page_size": page.size, rows: numbers });
    if let (Some(list), "phone_numbers") = (list.as_object_mut(), rows) {
        list.insert("total_records".to_owned(), total.into());
    }
    Answer::ok(&list)
}

/// `GET /phone/numbers`
pub(crate) fn list(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (kind, site, number) = (call.query("type"), call.query("site_id"), call.query("phone_number"));
    // All numbers here are toll numbers, and those who hold one are users.
    let is_other = call.query("number_type").is_some_and(|kind| kind != "toll")
        || call.query("extension_type").is_some_and(|kind| kind != "user");
    let takes = |held: &Number| {
        let of_kind = match kind {
            Some("assigned") => held.assignee.is_some(),
            Some("unassigned") => held.assignee.is_none(),
            Some("byoc") => false,
            _ => true,
        };
        of_kind
            && !is_other
            && site.is_none_or(|site| held.site_id.as_str() == site)
            && number.is_none_or(|number| held.number == number)
    };
    page(zoom, call, SIZES, "phone_numbers", takes, row)
}

fn row(zoom: &Zoom, number: &Number) -> Value {
    let mut row = json!({
        "id": number.id,
        "number": number.number,
        "number_type": "toll",
        "capability": ["incoming", "outgoing"],
        "location": number.location,
        "display_name": "",
        "source": "internal",
        "status": "available",
    });
    let holder = number.assignee.and_then(|key| zoom.users.get(key).zip(zoom.phone.users.get(&key)));
    let assignee = holder.map(|(user, phone)| {
        json!({ "id": user.id(), "name": user.display_name, "type": "user", "extension_number": phone.extension_number })
    });
    if let Some(row) = row.as_object_mut() {
        row.extend(assignee.map(|assignee| ("assignee".to_owned(), assignee)));
        row.extend(site_reference(zoom, number.site_id.as_str()).map(|site| ("site".to_owned(), site)));
    }
    row
}

/// `GET /phone/numbers/{number}`, by id.
pub(crate) fn read(zoom: &mut Zoom, call: &Call) -> Outcome {
    let id = call.param("number");
    let (_, number) = zoom.phone.number(id).ok_or_else(|| errors::NO_NUMBER.about(id))?;
    Answer::ok(&row(zoom, number))
}

/// `GET /number_management/numbers`
pub(crate) fn list_managed(zoom: &mut Zoom, call: &Call) -> Outcome {
    one_of(call, "allocated_product", &["UNALLOCATED", "ZOOM_PHONE", "ZOOM_CONTACT_CENTER"])?;
    one_of(call, "number_type", &["Toll", "TollFree", "VirtualService", "Mobile", "SharedCost", "National", "ITFS"])?;
    one_of(call, "number_status", &["Normal", "Pending"])?;
    let site = call.query("site_id");
    if site.is_some_and(|site| zoom.phone.site(site).is_none()) {
        return Err(errors::NO_NUMBER_SITE.into());
    }
    let usual = [
        ("allocated_product", "ZOOM_PHONE"),
        ("number_type", "Toll"),
        ("number_status", "Normal"),
        ("number_source", "Zoom"),
    ];
    let is_usual = usual.into_iter().all(|(name, value)| call.query(name).is_none_or(|asked| asked == value));
    let (assigned_to, keyword) = (call.query("assigned_to_type"), call.query("keyword"));
    let takes = |number: &Number| {
        let of_kind = match assigned_to {
            None => true,
            Some("User") => number.assignee.is_some(),
            Some("PhoneUnassigned") => number.assignee.is_none(),
            Some(_) => false,
        };
        of_kind
            && is_usual
            && site.is_none_or(|site| number.site_id.as_str() == site)
            && keyword.is_none_or(|keyword| {
                number.number.trim_start_matches('+').starts_with(keyword.trim_start_matches('+'))
            })
    };
    page(zoom, call, MANAGED_SIZES, "numbers", takes, managed_row)
}

fn one_of(call: &Call, name: &str, known: &[&str]) -> Result<(), Failure> {
    match call.query(name) {
        Some(value) if !known.contains(&value) => Err(errors::BAD_NUMBER_QUERY.about(name)),
        _ => Ok(()),
    }
}

fn managed_row(zoom: &Zoom, number: &Number) -> Value {
    let holder = number.assignee.and_then(|key| zoom.users.get(key).zip(zoom.phone.users.get(&key)));
    let assigned: Vec<_> = holder
        .map(|(user, phone)| {
            json!({
                "assigned_to_id": user.id(),
                "assigned_to_name": user.display_name,
                "assigned_to_type": "User",
                "extension_number": phone.extension_number.to_string(),
            })
        })
        .into_iter()
        .collect();
    let site = zoom.phone.site(number.site_id.as_str()).filter(|_| zoom.switches.multiple_sites);
    let mut row = json!({
        "id": number.id,
        "number": number.number,
        "allocated_product": "ZOOM_PHONE",
        "number_type": "Toll",
        "display_name": "",
        "capability": ["Incoming", "Outgoing"],
        "source": "Zoom",
        "status": "Normal",
        "assigned_list": assigned,
    });
    if let Some(row) = row.as_object_mut() {
        row.extend(site.map(|site| ("site".to_owned(), json!({ "site_id": site.id, "name": site.name }))));
    }
    row
}
