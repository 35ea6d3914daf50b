//! Zoom Phone (Zoom API, phone). A phone user is named like any user; but a text that cannot be an id is refused with
//! code 300, and a user without a phone does not exist here.

pub(crate) mod batch;
pub(crate) mod inventory;
pub(crate) mod numbers;
pub(crate) mod plans;
pub(crate) mod settings;
pub(crate) mod sites;
pub(crate) mod users;

use serde_json::{Value, json};

use crate::{
    call::Call,
    errors::{Failure, Refusal},
    ids::is_well_formed,
    paging::Key,
    state::{
        Zoom,
        phone::{Number, PhoneUser, Site},
    },
};

/// The phone user whom a call names; the refusals are those of the operation.
fn phone_user<'a>(
    zoom: &'a Zoom,
    call: &Call,
    bad: Refusal,
    missing: Refusal,
) -> Result<(Key, &'a PhoneUser), Failure> {
    let name = call.param("id");
    if name != "me" && !name.contains('@') && !is_well_formed(name) {
        return Err(bad.into());
    }
    let key = zoom.users.find(name);
    let found = key.and_then(|key| Some((key, zoom.phone.users.get(&key).filter(|user| user.is_ready())?)));
    found.ok_or_else(|| missing.about(name))
}

/// A site as others refer to it. Without multiple sites there is none to refer to.
fn site_reference(zoom: &Zoom, id: &str) -> Option<Value> {
    let site = zoom.phone.site(id).filter(|_| zoom.switches.multiple_sites)?;
    Some(json!({ "id": site.id, "name": site.name }))
}

/// The numbers of a phone user, as lists and records show them.
fn held_numbers(zoom: &Zoom, user: &PhoneUser) -> Vec<Value> {
    let held = user.numbers.iter().filter_map(|id| zoom.phone.number(id.as_str()));
    held.map(|(_, number)| json!({ "id": number.id, "number": shown(zoom, number) })).collect()
}

/// A number as phone users show it.
fn shown<'a>(zoom: &Zoom, number: &'a Number) -> &'a str {
    if zoom.switches.phone_numbers_with_plus { &number.number } else { number.number.trim_start_matches('+') }
}

/// Moves a phone user to a site. The extension keeps its short part, if that is free there.
fn move_to_site(zoom: &mut Zoom, key: Key, site: &Site) {
    let Some(user) = zoom.phone.users.get_mut(&key).filter(|user| user.site_id != site.id) else { return };
    user.site_id = site.id.clone();
    let moved = site.extension(user.extension_number);
    let extension = if zoom.phone.is_taken(moved) { zoom.phone.next_extension(site.site_code) } else { moved };
    zoom.phone.set_extension(key, extension);
}

/// The main receptionist of a site, who holds the extension that ends in zeros.
fn receptionist(site: &Site) -> Value {
    json!({
        "id": site.receptionist_id,
        "name": format!("{} Auto Receptionist", site.name),
        "extension_id": site.receptionist_extension_id,
        "extension_number": site.extension(0),
    })
}
