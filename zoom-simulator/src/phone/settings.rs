//! Settings: `GET` and `PATCH /phone/users/{id}/settings`, `GET /phone/settings`. Of a user's many settings those are
//! kept that an extension cannot be without; the status is written in yet another way here.

use serde_json::json;

use super::phone_user;
use crate::{
    call::{Answer, Call, Outcome},
    countries, errors,
    fields::Fields,
    state::{Zoom, phone::PhoneStatus},
};

/// The settings that are texts and are kept as they come.
const TEXTS: [&str; 5] =
    ["area_code", "audio_prompt_language", "default_transcription_language", "music_on_hold_id", "outbound_caller_id"];

/// `GET /phone/users/{id}/settings`
pub(crate) fn read(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (key, phone) = phone_user(zoom, call, errors::BAD_USER_ID, errors::NO_PHONE_USER)?;
    let site = zoom.phone.site(phone.site_id.as_str());
    let country = site.and_then(|site| countries::find(&site.country));
    let set = |name: &str, usual: &str| phone.settings.get(name).cloned().unwrap_or_else(|| usual.into());
    let first =
        phone.numbers.first().and_then(|id| zoom.phone.number(id.as_str())).map(|(_, number)| number.number.as_str());
    let name = zoom.users.get(key).map(|user| user.display_name.as_str());
    let callers: Vec<_> =
        first.iter().map(|number| json!({ "is_default": true, "name": name, "number": number })).collect();
    Answer::ok(&json!({
        "area_code": set("area_code", ""),
        "audio_prompt_language": set("audio_prompt_language", "en-US"),
        "default_transcription_language": set("default_transcription_language", "en-US"),
        "music_on_hold_id": set("music_on_hold_id", ""),
        "country": country.map(|country| json!({
            "code": country.code,
            "country_code": country.calling_code.trim_start_matches('+'),
            "name": country.name,
        })).unwrap_or_default(),
        "extension_number": phone.extension_number,
        "outbound_caller": { "number": set("outbound_caller_id", first.unwrap_or_default()) },
        "outbound_caller_ids": callers,
        "status": if phone.status == PhoneStatus::Activate { "Active" } else { "Inactive" },
        "voice_mail": [],
    }))
}

/// `PATCH /phone/users/{id}/settings`
pub(crate) fn update(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (key, _) = phone_user(zoom, call, errors::BAD_USER_ID, errors::NO_PHONE_USER)?;
    let mut fields = Fields::of(call)?;
    let texts: Vec<_> = TEXTS.iter().filter_map(|name| Some((*name, fields.text(name, usize::MAX)?))).collect();
    fields.check()?;
    if let Some(phone) = zoom.phone.users.get_mut(&key) {
        phone.settings.extend(texts.into_iter().map(|(name, text)| (name.to_owned(), text.into())));
    }
    Answer::done()
}

/// `GET /phone/settings`: those of the account.
pub(crate) fn read_account(zoom: &mut Zoom, _: &Call) -> Outcome {
    let country = zoom.phone.sites.first().map(|site| json!({ "code": site.country, "name": site.country_name }));
    Answer::ok(&json!({
        "country": country.unwrap_or_default(),
        "multiple_sites": { "enabled": zoom.switches.multiple_sites, "site_code": zoom.switches.site_codes },
        "byoc": { "enable": false },
        "multiple_party_conference": { "enable": true },
        "show_device_ip_for_call_log": { "enable": false },
    }))
}
