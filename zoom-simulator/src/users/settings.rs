//! `GET` and `PATCH /users/{id}/settings`, of which only the object `feature` is kept: the licences beyond the meeting
//! one. A pending user has no settings.

use serde_json::{Map, Value, json};

use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, Failure},
    fields::{Fields, Object},
    paging::Key,
    state::{
        Zoom,
        user::{User, UserType},
    },
};

/// The features that are on or off (Zoom API, users, `feature`), without those that the document calls deprecated.
const FLAGS: [&str; 20] = [
    "large_meeting",
    "webinar",
    "zoom_events",
    "zoom_events_unlimited",
    "zoom_sessions_unlimited",
    "zoom_events_pay_per_attendee",
    "zoom_sessions_pay_per_attendee",
    "zoom_phone",
    "zoom_revenue_accelerator",
    "zoom_whiteboard",
    "zoom_whiteboard_plus",
    "zoom_translated_captions",
    "zoom_customer_managed_key",
    "zoom_quality_management",
    "zoom_workforce_management",
    "zoom_scheduler",
    "zoom_clips_plus",
    "zoom_mail_calendar",
    "zoom_compliance_management",
    "zoom_docs",
];

/// The features that are a number.
const CAPACITIES: [&str; 4] =
    ["large_meeting_capacity", "meeting_capacity", "webinar_capacity", "zoom_events_capacity"];

/// How many a meeting holds: 300 with a licence, 100 without (Zoom's plans).
fn meeting_capacity(user: &User) -> i64 {
    if user.user_type == UserType::Licensed { 300 } else { 100 }
}

/// The user whose settings a call is about.
fn user<'a>(zoom: &'a Zoom, call: &Call) -> Result<(Key, &'a User), Failure> {
    let (key, user) = zoom.user(call.param("id"))?;
    if user.is_pending() { Err(errors::PENDING_SETTINGS.into()) } else { Ok((key, user)) }
}

/// `GET /users/{id}/settings`
pub(crate) fn read(zoom: &mut Zoom, call: &Call) -> Outcome {
    let (key, user) = user(zoom, call)?;
    // The other parts of the settings, which these ask for, are not kept.
    if call.query("option").is_some() || call.query("custom_query_fields").is_some() {
        return Answer::ok(&json!({}));
    }
    let mut feature: Map<String, Value> = FLAGS.iter().map(|flag| ((*flag).to_owned(), Value::Bool(false))).collect();
    feature.insert("meeting_capacity".to_owned(), meeting_capacity(user).into());
    feature.insert("concurrent_meeting".to_owned(), "None".into());
    feature.extend(user.features.clone());
    feature.insert("zoom_phone".to_owned(), zoom.phone.users.contains_key(&key).into());
    Answer::ok(&json!({ "feature": feature }))
}

/// `PATCH /users/{id}/settings`
pub(crate) fn update(zoom: &mut Zoom, call: &Call) -> Outcome {
    let mut fields = Fields::of(call)?;
    let feature = fields.object("feature").unwrap_or_default();
    for (name, value) in &feature {
        let fits = match name.as_str() {
            flag if FLAGS.contains(&flag) => value.is_boolean(),
            capacity if CAPACITIES.contains(&capacity) => value.is_i64(),
            "concurrent_meeting" => ["Basic", "Plus", "None"].iter().any(|known| value == known),
            _ => true,
        };
        if !fits {
            fields.reject(&format!("feature.{name}"));
        }
    }
    fields.check()?;
    let (key, user) = user(zoom, call)?;
    check(user, &feature)?;
    match feature.get("zoom_phone").and_then(Value::as_bool) {
        Some(true) => zoom.enable_phone(key)?,
        Some(false) => zoom.phone.remove_user(key),
        None => {}
    }
    if let Some(user) = zoom.users.get_mut(key) {
        let kept = |name: &str| name == "concurrent_meeting" || FLAGS.contains(&name) || CAPACITIES.contains(&name);
        user.features.extend(feature.into_iter().filter(|(name, _)| name != "zoom_phone" && kept(name)));
    }
    Answer::done()
}

/// Which features go with which licence, and with each other.
fn check(user: &User, wanted: &Object) -> Result<(), Failure> {
    let wants = |name| wanted.get(name) == Some(&Value::Bool(true));
    let has = |name| user.features.get(name) == Some(&Value::Bool(true));
    let is_paid = user.user_type == UserType::Licensed;
    let rules = [
        (wants("large_meeting") && !is_paid, errors::LARGE_MEETING_UNPAID),
        (wants("webinar") && !is_paid, errors::WEBINAR_UNPAID),
        (wants("zoom_events") && !is_paid, errors::EVENTS_UNPAID),
        (wants("webinar") && has("zoom_events"), errors::WEBINAR_WITH_EVENTS),
        (wants("zoom_events") && has("webinar"), errors::EVENTS_WITH_WEBINAR),
    ];
    match rules.into_iter().find(|(broken, _)| *broken) {
        Some((_, refusal)) => Err(refusal.into()),
        None => Ok(()),
    }
}
