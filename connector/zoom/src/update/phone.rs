//! The part of a change that is about the phone.

use connector_base::error::{Error, Result};
use connector_base::value::Value;

use super::Changed;
use crate::phone::Wanted;
use crate::schema::{Carrier, SITE_CODE, SITE_ID, SITE_NAME, ZOOM_PHONE_FEATURE};
use crate::steps::Step;
use crate::user::{Known, Phone};

/// What a change makes of the phone feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Feature {
    /// The user has no phone, and gets none.
    Off,
    SwitchedOff,
    SwitchedOn,
    On,
}

impl Feature {
    pub(super) fn of(known: &Known, changed: &[Changed]) -> Result<Self> {
        let is_on = matches!(known.phone, Phone::On(_));
        let Some(changed) = changed.iter().find(|changed| changed.name() == ZOOM_PHONE_FEATURE) else {
            return Ok(if is_on { Self::On } else { Self::Off });
        };
        match (is_on, changed.after.as_slice()) {
            (false, [Value::Boolean(true)]) => Ok(Self::SwitchedOn),
            (true, [Value::Boolean(false)]) => Ok(Self::SwitchedOff),
            (false, []) => Ok(Self::Off),
            _ => {
                let message = format!("{ZOOM_PHONE_FEATURE} is true or false, and not cleared");
                Err(Error::attribute(ZOOM_PHONE_FEATURE, message))
            }
        }
    }

    pub(super) fn will_be_on(self) -> bool {
        matches!(self, Self::SwitchedOn | Self::On)
    }
}

/// The attributes of the site that get a value.
pub(super) fn given_site(changed: &[Changed]) -> Vec<(&'static str, Value)> {
    let of_site = |changed: &&Changed| matches!(changed.name(), SITE_ID | SITE_NAME | SITE_CODE);
    let value = |changed: &Changed| Some((changed.name(), changed.after.first()?.clone()));
    changed.iter().filter(of_site).filter_map(value).collect()
}

/// The steps that are about the phone.
///
/// Errors: `invalid-attribute-value` for what a user without a phone cannot have.
pub(super) fn steps(known: &Known, changed: &[Changed], feature: Feature, site: Option<String>) -> Result<Vec<Step>> {
    let mut wanted = Wanted { site, ..Wanted::default() };
    let of_phone = |changed: &&Changed| matches!(changed.row.carrier, Carrier::Phone | Carrier::Site);
    for changed in changed.iter().filter(of_phone).filter(|changed| changed.name() != ZOOM_PHONE_FEATURE) {
        let name = changed.name();
        match (feature.will_be_on(), changed.after.is_empty()) {
            (true, true) if matches!(name, SITE_ID | SITE_NAME | SITE_CODE) && !changed.is_so_already() => {
                return Err(Error::attribute(name, format!("{name} cannot be cleared: a phone is at a site")));
            }
            (true, _) => wanted.set(name, &changed.change, &changed.after)?,
            // What the phone had goes with it.
            (false, true) => {}
            (false, false) if feature == Feature::SwitchedOff && changed.sets_nothing_new() => {}
            (false, false) if feature == Feature::SwitchedOff => {
                let message = format!("{name} cannot be set while {ZOOM_PHONE_FEATURE} is switched off");
                return Err(Error::attribute(name, message));
            }
            (false, false) => {
                let message = format!("{name} cannot be set: {} has no Zoom Phone", known.user.email());
                return Err(
                    Error::attribute(name, message).with_hint("Set ZOOM_PHONE_FEATURE to true in the same call.")
                );
            }
        }
    }
    Ok(match (feature, &known.phone) {
        (Feature::SwitchedOff, _) => vec![Step::PhoneOff],
        (Feature::SwitchedOn, _) => vec![Step::PhoneOn, Step::SetUpPhone(Box::new(wanted))],
        (Feature::On, Phone::On(phone)) => wanted.steps(&phone.user),
        _ => Vec::new(),
    })
}
