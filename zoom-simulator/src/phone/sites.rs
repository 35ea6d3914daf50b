//! Sites: `GET /phone/sites` and `GET /phone/sites/{id}`. Both take the feature of multiple sites; the main site is
//! there always.

use serde_json::{Value, json};

use super::receptionist;
use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    paging::{Key, Sizes},
    state::{
        Zoom,
        phone::{SHORT_EXTENSION_DIGITS, Site},
    },
};

/// Zoom API, phone, `GET /phone/sites`: 30 rows, at most 300.
const SIZES: Sizes = Sizes { usual: 30, largest: 300 };

/// What a row and a record have in common. That the main site says so is reported, not documented.
fn site(zoom: &Zoom, site: &Site) -> Value {
    let mut shown = json!({
        "id": site.id,
        "name": site.name,
        "country": { "code": site.country, "name": site.country_name },
        "main_auto_receptionist": receptionist(site),
    });
    let is_main = zoom.phone.sites.first().is_some_and(|main| main.id == site.id);
    if let Some(shown) = shown.as_object_mut() {
        shown.extend(zoom.switches.site_codes.then(|| ("site_code".to_owned(), site.site_code.into())));
        shown.extend(is_main.then(|| ("level".to_owned(), "main".into())));
    }
    shown
}

fn has_sites(zoom: &Zoom) -> Result<(), Failure> {
    if zoom.switches.multiple_sites { Ok(()) } else { Err(errors::NO_MULTIPLE_SITES.into()) }
}

/// `GET /phone/sites`
pub(crate) fn list(zoom: &mut Zoom, call: &Call) -> Outcome {
    has_sites(zoom)?;
    let now = zoom.now();
    let page = zoom.pages.asked(call, SIZES, now)?;
    let name = call.query("site_name").map(str::to_lowercase);
    let is_asked = |site: &Site| name.as_ref().is_none_or(|name| site.name.to_lowercase().contains(name));
    let sites = || (0..).map(Key).zip(&zoom.phone.sites).filter(|(_, site)| is_asked(site));
    let total = sites().count();
    let rows = sites().filter(|(key, _)| std::ops::RangeBounds::contains(&page.range(), key));
    let (sites, last) = page.cut(rows.map(|(key, row)| (key, site(zoom, row))));
    Answer::ok(&json!({
        "next_page_token": zoom.pages.token(call, last, now, zoom.switches.page_token_life()),
        "page_size": page.size,
        "sites": sites,
        "total_records": total,
    }))
}

/// `GET /phone/sites/{id}`
pub(crate) fn read(zoom: &mut Zoom, call: &Call) -> Outcome {
    has_sites(zoom)?;
    let mut record = site(zoom, zoom.phone.site(call.param("id")).ok_or(errors::NO_SITE)?);
    if let Some(record) = record.as_object_mut() {
        record.insert("short_extension".to_owned(), json!({ "length": SHORT_EXTENSION_DIGITS }));
    }
    Answer::ok(&record)
}
