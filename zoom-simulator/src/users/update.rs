//! `PATCH /users/{id}`. Only what a request names changes; an e-mail address, a status and a role have calls of their
//! own. A pending user answers success to everything and takes nothing but a group; what an inactive user takes is a
//! switch.

use serde_json::Value;

use crate::{
    call::{Answer, Call, Outcome},
    countries,
    errors::{self, Failure},
    fields::{Fields, Object},
    paging::Key,
    state::{
        Zoom,
        user::{ContactNumber, CustomAttribute, Status, User, UserType},
    },
    switches::PatchOfInactive,
    users::{
        create::no_subscription,
        licenses::{self, Occasion, Seat},
    },
};

/// What a request wants changed. What stays is none.
struct Changes {
    texts: Vec<(TextField, String)>,
    display_name: Option<String>,
    licenses: Vec<License>,
    zoom_phone: Option<bool>,
    group_id: Option<String>,
    division_ids: Option<Vec<String>>,
    contact: Option<Vec<ContactNumber>>,
    custom_attributes: Vec<(String, String)>,
    pmi: Option<u64>,
    use_pmi: Option<bool>,
    pronouns_option: Option<i64>,
    vanity_name: Option<String>,
    host_key: Option<String>,
}

/// A text that a request sets as it comes.
type TextField = fn(&mut User) -> &mut String;

/// A change of the licence.
enum License {
    Type(UserType),
    /// None turns it off.
    United(Option<String>),
    /// None turns it off.
    ZoomOne(Option<i64>),
}

/// The plain texts, with the greatest length that the document gives them.
const TEXTS: [(&str, usize, TextField); 14] = [
    ("first_name", 64, |user| &mut user.first_name),
    ("last_name", 64, |user| &mut user.last_name),
    ("dept", usize::MAX, |user| &mut user.dept),
    ("job_title", 128, |user| &mut user.job_title),
    ("company", 255, |user| &mut user.company),
    ("location", 256, |user| &mut user.location),
    ("cost_center", usize::MAX, |user| &mut user.cost_center),
    ("manager", usize::MAX, |user| &mut user.manager),
    ("cms_user_id", usize::MAX, |user| &mut user.cms_user_id),
    ("language", usize::MAX, |user| &mut user.language),
    ("timezone", usize::MAX, |user| &mut user.timezone),
    ("pronouns", usize::MAX, |user| &mut user.pronouns),
    ("about_me", 150, |user| &mut user.about_me),
    ("linkedin_url", usize::MAX, |user| &mut user.linkedin_url),
];

impl Changes {
    fn read(call: &Call) -> Result<Self, Failure> {
        let mut fields = Fields::of(call)?;
        let texts =
            TEXTS.iter().filter_map(|(name, longest, field)| Some((*field, fields.text(name, *longest)?))).collect();
        let contact = contact(&mut fields);
        let licenses = licenses(&mut fields)?;
        let changes = Self {
            texts,
            contact,
            licenses,
            display_name: fields.text("display_name", 128),
            zoom_phone: fields.boolean("feature.zoom_phone"),
            group_id: fields.text("group_id", usize::MAX),
            division_ids: fields.texts("division_ids", 1),
            custom_attributes: fields
                .objects("custom_attributes", 5)
                .unwrap_or_default()
                .iter()
                .filter_map(attribute)
                .collect(),
            pmi: fields.choice("pmi", pmi),
            use_pmi: fields.boolean("use_pmi"),
            pronouns_option: fields
                .choice("pronouns_option", |value| value.as_i64().filter(|option| (1..=3).contains(option))),
            vanity_name: fields.text("vanity_name", usize::MAX),
            host_key: fields.choice("host_key", host_key),
        };
        refuse_links(&fields)?;
        no_subscription(fields.objects("license_info_list", 2).unwrap_or_default())?;
        fields.check()?;
        Ok(changes)
    }
}

/// The two texts that must not, and must, be links.
fn refuse_links(fields: &Fields) -> Result<(), Failure> {
    let (about_me, linkedin) = (fields.raw("about_me"), fields.raw("linkedin_url"));
    if about_me.contains("://") || about_me.contains('<') {
        return Err(errors::ABOUT_ME_WITH_LINKS.into());
    }
    if !linkedin.is_empty() && !linkedin.contains("linkedin.com") {
        return Err(errors::NOT_LINKEDIN.into());
    }
    Ok(())
}

/// The licences that a request names: at most one of the three kinds.
fn licenses(fields: &mut Fields) -> Result<Vec<License>, Failure> {
    let mut licenses = Vec::new();
    if let Some(number) = fields.integer("type") {
        match UserType::from_number(number) {
            Some(user_type) => licenses.push(License::Type(user_type)),
            None if number == licenses::ON_PREM => return Err(errors::ON_PREM.into()),
            None => fields.reject("type"),
        }
    }
    match fields.text("plan_united_type", usize::MAX).as_deref() {
        None => {}
        Some("none") => licenses.push(License::United(None)),
        Some(united) if licenses::is_united_type(united) => licenses.push(License::United(Some(united.to_owned()))),
        Some(_) => return Err(errors::BAD_UNITED_TYPE.into()),
    }
    let zoom_one = fields.choice("zoom_one_type", |value| {
        if value.as_i64() == Some(0) { Some(None) } else { licenses::zoom_one_type(value).map(Some) }
    });
    licenses.extend(zoom_one.map(License::ZoomOne));
    if licenses.len() > 1 { Err(errors::ONE_LICENSE_AT_A_TIME.into()) } else { Ok(licenses) }
}

/// A personal meeting id that may be set has ten digits; those that Zoom gives may have more.
fn pmi(value: &Value) -> Option<u64> {
    value.as_u64().filter(|pmi| (1_000_000_000..10_000_000_000).contains(pmi))
}

/// Six to ten digits.
fn host_key(value: &Value) -> Option<String> {
    let key = value.as_str()?;
    ((6..=10).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_digit())).then(|| key.to_owned())
}

fn attribute(object: &Object) -> Option<(String, String)> {
    let text = |name| object.get(name).and_then(Value::as_str).map(str::to_owned);
    Some((text("key")?, text("value").unwrap_or_default()))
}

/// The telephone numbers of a profile: the list, or the older pair of number and country, which needs both.
fn contact(fields: &mut Fields) -> Option<Vec<ContactNumber>> {
    let known = |object: &Object| object.get("label").is_none_or(|label| LABELS.iter().any(|known| label == known));
    if let Some(list) = fields.objects("phone_numbers", 3) {
        if !list.iter().all(known) {
            fields.reject("phone_numbers");
        }
        return Some(list.iter().map(from_object).collect());
    }
    let (number, country) = (fields.text("phone_number", usize::MAX), fields.text("phone_country", usize::MAX));
    if number.as_deref().is_some_and(|number| !number.is_empty()) {
        fields.require("phone_country");
    }
    match (number?, country) {
        (number, _) if number.is_empty() => Some(Vec::new()),
        (number, country) => {
            let country = country.unwrap_or_default();
            let code = countries::find(&country).map_or("", |country| country.calling_code).to_owned();
            Some(vec![ContactNumber { code, country, label: String::new(), number, verified: false }])
        }
    }
}

/// Zoom API, users, `phone_numbers`.
const LABELS: [&str; 4] = ["Mobile", "Office", "Home", "Fax"];

fn from_object(object: &Object) -> ContactNumber {
    let text = |name| object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let country = text("country");
    // The code of the country is Zoom's to fill in where it is not given.
    let code = || countries::find(&country).map_or("", |country| country.calling_code).to_owned();
    ContactNumber {
        code: Some(text("code")).filter(|given| !given.is_empty()).unwrap_or_else(code),
        country,
        label: text("label"),
        number: text("number"),
        verified: false,
    }
}

/// `PATCH /users/{id}`
pub(crate) fn update(zoom: &mut Zoom, call: &Call) -> Outcome {
    let changes = Changes::read(call)?;
    let (key, user) = zoom.user(call.param("id"))?;
    match user.status() {
        Status::Pending => return update_pending(zoom, key, changes.group_id),
        Status::Inactive if zoom.switches.patch_of_inactive == PatchOfInactive::Ignored => return Answer::done(),
        Status::Inactive | Status::Active => {}
    }
    check(zoom, key, user, &changes)?;
    let attributes = attributes(zoom, &changes.custom_attributes)?;
    match changes.zoom_phone {
        Some(true) => zoom.enable_phone(key)?,
        Some(false) => zoom.phone.remove_user(key),
        None => {}
    }
    if let Some(user) = zoom.users.get_mut(key) {
        apply(user, changes, attributes);
    }
    Answer::done()
}

/// The one thing that a pending user takes is a group.
fn update_pending(zoom: &mut Zoom, key: Key, group: Option<String>) -> Outcome {
    if let Some(group) = group {
        zoom.groups.find(&group).ok_or_else(|| errors::NO_SUCH_GROUP.about(&group))?;
        zoom.join(key, &group);
    }
    Answer::done()
}

/// What the account's state forbids.
fn check(zoom: &Zoom, key: Key, user: &User, changes: &Changes) -> Result<(), Failure> {
    if changes.pmi.is_some() && user.user_type == UserType::None {
        return Err(errors::NO_MEETING_PMI.into());
    }
    if let Some(name) = changes.vanity_name.as_ref().filter(|name| !name.is_empty())
        && zoom.users.iter().any(|(other, user)| other != key && user.vanity_name.as_ref() == Some(name))
    {
        return Err(errors::VANITY_NAME_TAKEN.into());
    }
    for license in &changes.licenses {
        match license {
            License::Type(UserType::Basic) if Seat::of(user) != Some(Seat::Basic) => {
                Seat::Basic.check(zoom, Occasion::Change)?
            }
            License::Type(UserType::Licensed) if Seat::of(user) != Some(Seat::Licensed) => {
                Seat::Licensed.check(zoom, Occasion::Change)?;
            }
            License::Type(UserType::None) if user.user_type != UserType::None => {
                return Err(errors::TYPE_CHANGE_REFUSED.into());
            }
            License::United(None) if user.plan_united_type.is_some() => {
                Seat::Basic.check(zoom, Occasion::EndOfUnited)?
            }
            License::ZoomOne(None) if user.zoom_one_type.is_some() => {
                Seat::Basic.check(zoom, Occasion::EndOfZoomOne)?
            }
            License::United(Some(_)) | License::ZoomOne(Some(_)) if Seat::of(user) != Some(Seat::Bundle) => {
                Seat::Bundle.check(zoom, Occasion::Change)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The values of custom attributes, whose keys the admin must have defined.
fn attributes(zoom: &Zoom, given: &[(String, String)]) -> Result<Vec<CustomAttribute>, Failure> {
    let defined = |key: &String| zoom.custom_attributes.iter().find(|known| known.key == *key);
    let value =
        |(key, value): &(String, String)| Some(CustomAttribute { value: value.clone(), ..defined(key)?.clone() });
    given.iter().map(|pair| value(pair).ok_or_else(|| errors::invalid_field("custom_attributes.key"))).collect()
}

fn apply(user: &mut User, changes: Changes, attributes: Vec<CustomAttribute>) {
    for (field, text) in changes.texts {
        *field(user) = text;
    }
    if let Some(name) = changes.display_name {
        user.display_name = if name.is_empty() { user.derived_name() } else { name };
    }
    for license in changes.licenses {
        license.apply(user);
    }
    set(&mut user.division_ids, changes.division_ids);
    set(&mut user.phone_numbers, changes.contact);
    set(&mut user.pmi, changes.pmi);
    set(&mut user.use_pmi, changes.use_pmi);
    set(&mut user.pronouns_option, changes.pronouns_option);
    if let Some(name) = changes.vanity_name {
        user.vanity_name = Some(name).filter(|name| !name.is_empty());
    }
    user.host_key = changes.host_key.or(user.host_key.take());
    for attribute in attributes {
        user.custom_attributes.retain(|held| held.key != attribute.key);
        user.custom_attributes.extend(Some(attribute).filter(|attribute| !attribute.value.is_empty()));
    }
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

impl License {
    /// A bundle brings a meeting licence and takes it away; a type of its own takes a bundle away.
    fn apply(self, user: &mut User) {
        let (united, zoom_one, user_type) = match self {
            Self::Type(user_type) => (None, None, user_type),
            Self::United(None) if user.plan_united_type.is_none() => return,
            Self::ZoomOne(None) if user.zoom_one_type.is_none() => return,
            Self::United(None) | Self::ZoomOne(None) => (None, None, UserType::Basic),
            Self::United(united) => (united, None, UserType::Licensed),
            Self::ZoomOne(zoom_one) => (None, zoom_one, UserType::Licensed),
        };
        (user.plan_united_type, user.zoom_one_type, user.user_type) = (united, zoom_one, user_type);
    }
}
