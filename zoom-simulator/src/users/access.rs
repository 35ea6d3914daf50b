//! How a user gets in: `PUT /users/{id}/status`, `PUT /users/{id}/email`, `DELETE /users/{id}/token`.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use crate::{
    call::{Answer, Call, Outcome},
    errors::{self, NO_USER},
    fields::Fields,
    state::{Zoom, user::Status},
    users::{
        create::within,
        licenses::{Occasion, Seat},
    },
};

#[derive(Clone, Copy)]
enum Action {
    Activate,
    Deactivate,
    /// Clocking in and out is workforce management; it changes nothing that can be read here.
    Clock,
}

impl Action {
    fn decode(value: &Value) -> Option<Self> {
        match value.as_str()? {
            "activate" => Some(Self::Activate),
            "deactivate" => Some(Self::Deactivate),
            "clock_in" | "clock_out" => Some(Self::Clock),
            _ => None,
        }
    }
}

/// `PUT /users/{id}/status`
pub(crate) fn put_status(zoom: &mut Zoom, call: &Call) -> Outcome {
    let mut fields = Fields::of(call)?;
    fields.require("action");
    let action = fields.choice("action", Action::decode);
    fields.check()?;
    let (key, user) = zoom.user(call.param("id"))?;
    if user.is_pending() {
        return Err(NO_USER.about(call.param("id")));
    }
    if user.is_admin() {
        return Err(errors::ADMIN_STATUS.into());
    }
    match (action, user.status()) {
        (Some(Action::Activate), Status::Inactive) => {
            Seat::Basic.check(zoom, Occasion::Activation)?;
            zoom.users.set_status(key, Status::Active);
        }
        (Some(Action::Deactivate), Status::Active) => zoom.deactivate(key),
        _ => {}
    }
    Ok(Answer::empty(StatusCode::from_u16(zoom.switches.status_change_status).unwrap_or_default()))
}

/// Zoom API, users, `PUT /users/{userId}/email`: three changes in any 24 hours.
const EMAIL_CHANGES: usize = 3;
const EMAIL_CHANGES_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);

/// `PUT /users/{id}/email`. The account must manage the domain of the new address.
pub(crate) fn put_email(zoom: &mut Zoom, call: &Call) -> Outcome {
    let mut fields = Fields::of(call)?;
    fields.require("email");
    let email = fields.email("email");
    fields.check()?;
    let Some(email) = email else { return Err(errors::invalid_field("email")) };
    let now = zoom.now();
    let (key, user) = zoom.user(call.param("id"))?;
    if user.is_pending() {
        return Err(NO_USER.about(call.param("id")));
    }
    if user.is_admin() {
        return Err(errors::ADMIN_EMAIL.into());
    }
    if zoom.switches.managed_domains.is_empty() {
        return Err(errors::LIMITED_DOMAINS.about_each([&email, &""]));
    }
    within(&zoom.switches.managed_domains, &email)?;
    let is_foreign = email.is_one_of(&zoom.switches.foreign_addresses);
    if is_foreign || zoom.users.find(&email.key()).is_some_and(|holder| holder != key) {
        return Err(errors::EMAIL_USED.about(email));
    }
    if user.email_changes.iter().filter(|change| now.since(**change) < EMAIL_CHANGES_WITHIN).count() >= EMAIL_CHANGES {
        // A limit of the user's, not of the account's: it comes without headers (devforum 18928).
        return Err(errors::TOO_MANY_A_DAY.into());
    }
    if let Some(user) = zoom.users.get_mut(key) {
        user.email_changes.push(now);
    }
    zoom.users.set_email(key, email);
    Answer::done()
}

/// `DELETE /users/{id}/token`: logs the user out. Nothing here remembers a session that could end.
pub(crate) fn delete_token(zoom: &mut Zoom, call: &Call) -> Outcome {
    zoom.user(call.param("id"))?;
    Answer::done()
}
