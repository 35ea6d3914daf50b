//! Changing users; groups are in `group`.
//!
//! The user is read first, with the phone where the change is about it; what is to be done is then a
//! list of steps:
//!
//! | order | step | call |
//! |---|---|---|
//! | 1 | activate | `PUT /users/{id}/status` |
//! | 2 | change fields; of the plans (TYPE, PLAN_UNITED_TYPE, ZOOM_ONE_FEATURE_TYPE) one in each call | `PATCH /users/{id}` |
//! | 3 | change the password, the address | `PUT /users/{id}/password`, `.../email` |
//! | 4 | join groups, make one the primary one, leave groups | `POST`, `PATCH` and `DELETE /groups/{id}/members` |
//! | 5 | change the role | `POST` and `DELETE /roles/{id}/members` |
//! | 6 | switch the phone on or off | `PATCH /users/{id}` |
//! | 7 | change the phone, once it is there | see `phone` |
//! | 8 | deactivate | `PUT /users/{id}/status` |
//! | 9 | log out | `DELETE /users/{id}/token` |
//!
//! Activation comes first because an inactive user cannot be changed; deactivation comes last so that
//! none of the other changes is lost. A change that changes nothing has no steps.

mod group;
mod phone;
mod profile;
#[cfg(test)]
mod tests;
mod user;

use connector_base::attribute::{ENABLE, NAME, PASSWORD, applied, same_values};
use connector_base::connector::{SideEffects, Update};
use connector_base::contract::Change;
use connector_base::error::{Error, ErrorKind, Result};
use connector_base::runtime::wait;
use connector_base::schema::AttributeDef;
use connector_base::value::{Case, Value};

use crate::Zoom;
use crate::api::Client;
use crate::api::phone::PhoneStatus;
use crate::api::users::{Activation, User, UserStatus};
use crate::phone::{plain_numbers, site};
use crate::read::complete;
use crate::schema::{
    EXTENSION_NUMBER, GROUP_IDS, PHONE_NUMBER, PLAN_UNITED_TYPE, PRIMARY_GROUP_ID, ROLE_ID, ROLE_NAME, SITE_CODE,
    SITE_ID, SITE_NAME, STATUS, TYPE, USER, UserAttribute, ZOOM_ONE_FEATURE_TYPE, ZOOM_PHONE_NUMBERS,
    ZOOM_PHONE_STATUS, user_attribute,
};
use crate::steps::Step;
use crate::user::{Known, Needs, uid};
use phone::{Feature, given_site};
pub(crate) use profile::plan_field;
pub(crate) use user::plans_exclude;

/// An attribute that a change gives other values than it has.
pub(crate) struct Changed {
    row: &'static UserAttribute,
    change: Change,
    before: Vec<Value>,
    after: Vec<Value>,
}

impl Changed {
    pub(crate) fn name(&self) -> &'static str {
        self.row.def.name
    }

    fn text(&self) -> Option<&str> {
        self.after.first().and_then(Value::as_text)
    }

    /// Whether it only takes away, as letting no calls through does.
    fn sets_nothing_new(&self) -> bool {
        self.after.iter().all(|value| self.before.contains(value))
            || (self.name() == ZOOM_PHONE_STATUS && self.text() == Some(PhoneStatus::Deactivate.as_str()))
    }

    fn is_so_already(&self) -> bool {
        same_values(&self.before, &self.after, self.row.def.case())
            || (self.name() == PHONE_NUMBER && same_number(&self.before, &self.after))
    }
}

impl Zoom {
    /// Changes a user.
    pub(crate) fn update_user(&self, update: &Update) -> Result<SideEffects> {
        let client = self.client.until(update.options.deadline);
        let user = with_uid(&client, &update.uid)?;
        let id = uid(&user).to_owned();
        let needs = Needs::of(|name| update.changes.iter().any(|(attribute, _)| attribute.name == name));
        let Some(known) = wait(complete(&client, Known::record(user), needs))? else {
            return Err(Error::unknown_uid(USER, &update.uid));
        };
        let changed = changed(&known, &mut update.changes.iter().map(|(attribute, change)| (attribute.name, change)))?;
        allowed(&known, &changed)?;
        let steps = self.steps(&client, &known, &changed)?;
        let name = steps.iter().find_map(|step| match step {
            Step::Email(email) => Some(email.clone()),
            _ => None,
        });
        self.take(&client, &id, steps, Vec::new())?;
        Ok(SideEffects { uid: None, name })
    }

    /// The steps of a change, with what it takes to make them up: sites and roles are read where the change
    /// names them.
    pub(crate) fn steps(&self, client: &Client, known: &Known, changed: &[Changed]) -> Result<Vec<Step>> {
        let named = |name: &str| changed.iter().any(|changed| changed.name() == name && !changed.after.is_empty());
        let roles = if named(ROLE_NAME) { client.roles()? } else { Vec::new() };
        let feature = Feature::of(known, changed)?;
        if feature == Feature::SwitchedOn && client.lacks_phone() {
            return Err(Error::unsupported("the account has no Zoom Phone").with_hint("Set zoomPhone to false."));
        }
        let mut steps = user::steps(known, changed, &roles)?;
        let site = match given_site(changed) {
            given if !given.is_empty() && feature.will_be_on() => Some(self.site(client, &given)?),
            _ => None,
        };
        steps.extend(phone::steps(known, changed, feature, site)?);
        if let Some(Activation::Deactivate) = activation(changed)? {
            steps.extend(self.deactivation());
        }
        Ok(steps)
    }

    /// The id of the site that is meant. A list that was read before may be too old to have it.
    fn site(&self, client: &Client, given: &[(&'static str, Value)]) -> Result<String> {
        match site(&wait(client.sites())?, given) {
            Err(_) => {
                client.forget_sites();
                site(&wait(client.sites())?, given)
            }
            found => found,
        }
    }
}

/// The user with a uid. Zoom reads users by their address too, which may be somebody else's by now, and
/// knows `me`: neither is a uid.
pub(crate) fn with_uid(client: &Client, uid: &str) -> Result<User> {
    let is_meant = |user: &User| match user.id() {
        Some(id) => id == uid,
        // The address stands in, and has no letter case.
        None => Case::Ignored.equal(user.email(), uid),
    };
    wait(client.user(uid))?.filter(is_meant).ok_or_else(|| Error::unknown_uid(USER, uid))
}

/// The texts of the one list that the other does not have.
fn missing(one: &[Value], other: &[Value]) -> Vec<String> {
    one.iter().filter(|value| !other.contains(value)).filter_map(Value::as_text).map(str::to_owned).collect()
}

/// The attributes that get other values than they have.
pub(crate) fn changed(
    known: &Known,
    changes: &mut dyn Iterator<Item = (&'static str, &Change)>,
) -> Result<Vec<Changed>> {
    let mut all = Vec::new();
    for (name, change) in changes {
        let Some(row) = user_attribute(name) else { continue };
        let change = match name {
            ZOOM_PHONE_NUMBERS => plain_numbers(change)?,
            _ => change.clone(),
        };
        let before = known.values(row).unwrap_or_default();
        let mut after = applied(&change, &row.def, &before);
        each_names_something(&row.def, &after)?;
        // Zoom has no empty texts: to set one is to clear.
        after.retain(|value| !is_nothing(name, value));
        if matches!(name, NAME | PASSWORD) && after.is_empty() {
            return Err(Error::attribute(name, format!("{name} cannot be cleared")));
        }
        all.push(Changed { row, change, before, after });
    }
    activation(&all)?;
    let counts: Vec<bool> = all.iter().map(|one| all.iter().any(|other| counts_with(one, other))).collect();
    let mut counts = counts.into_iter();
    all.retain(|_| counts.next() == Some(true));
    Ok(all)
}

/// Whether a value means that there is none: Zoom has no empty texts, and numbers its plans.
pub(crate) fn is_nothing(name: &str, value: &Value) -> bool {
    match (name, value) {
        (PLAN_UNITED_TYPE, Value::Text(text)) => text.is_empty() || text == "none",
        (ZOOM_ONE_FEATURE_TYPE, Value::Text(text)) => text.is_empty() || text == "0",
        (_, Value::Text(text) | Value::Secret(text)) => text.is_empty(),
        _ => false,
    }
}

/// Whether a value that is given counts for what another one changes, even if it is so already: as one more
/// word about the same thing, which may contradict, or as what the other change would undo.
fn counts_with(one: &Changed, other: &Changed) -> bool {
    if other.is_so_already() {
        return false;
    }
    let ends_plan = || other.after.is_empty();
    match (one.name(), other.name()) {
        (SITE_ID | SITE_NAME | SITE_CODE | EXTENSION_NUMBER, SITE_ID | SITE_NAME | SITE_CODE) => true,
        (ROLE_ID | ROLE_NAME, ROLE_ID | ROLE_NAME) => true,
        (PRIMARY_GROUP_ID, GROUP_IDS) => true,
        // A plan that ends takes the type with it.
        (TYPE, PLAN_UNITED_TYPE | ZOOM_ONE_FEATURE_TYPE) => ends_plan(),
        (PLAN_UNITED_TYPE | ZOOM_ONE_FEATURE_TYPE, PLAN_UNITED_TYPE | ZOOM_ONE_FEATURE_TYPE) => {
            one.name() == other.name() || !(one.after.is_empty() || other.after.is_empty())
        }
        (name, other) => name == other,
    }
}

/// Refuses an empty text among the values of an attribute that has several: it names nothing. Nor do dots,
/// which would mean another path.
///
/// Errors: `invalid-attribute-value`.
pub(crate) fn each_names_something(attribute: &AttributeDef, values: &[Value]) -> Result<()> {
    let names_nothing = |value: &Value| matches!(value.as_text(), Some("" | "." | ".."));
    match attribute.is_multi_valued() && values.iter().any(names_nothing) {
        true => Err(Error::attribute(attribute.name, format!("a value of {} names nothing", attribute.name))),
        false => Ok(()),
    }
}

/// Zoom puts the country's code before a number that was given without, and writes no more than digits.
fn same_number(before: &[Value], after: &[Value]) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    match (before, after) {
        ([Value::Text(before)], [Value::Text(after)]) => {
            let without_code = before.split_once(' ').filter(|_| !after.starts_with('+')).map(|(_, rest)| digits(rest));
            digits(before) == digits(after) || without_code == Some(digits(after))
        }
        _ => false,
    }
}

/// Which way the status goes. `__ENABLE__` and STATUS say the same thing: both may be given, if they agree.
fn activation(changed: &[Changed]) -> Result<Option<Activation>> {
    let mut wanted = None;
    for changed in changed.iter().filter(|changed| matches!(changed.name(), ENABLE | STATUS)) {
        let status = match (changed.name(), changed.after.first()) {
            (_, Some(Value::Boolean(true))) => Activation::Activate,
            (_, Some(Value::Boolean(false))) => Activation::Deactivate,
            (_, Some(Value::Text(status))) if status == UserStatus::Active.as_str() => Activation::Activate,
            (_, Some(Value::Text(status))) if status == UserStatus::Inactive.as_str() => Activation::Deactivate,
            // A pending user may stay so.
            _ if changed.is_so_already() => continue,
            (name, _) => {
                let message = format!("{name} can be set to active or inactive, and not be cleared");
                return Err(Error::attribute(name, message));
            }
        };
        if wanted.replace(status).is_some_and(|other| other != status) {
            return Err(Error::attribute(STATUS, format!("{ENABLE} and {STATUS} contradict each other")));
        }
    }
    Ok(wanted)
}

/// Refuses what Zoom would take and not do.
fn allowed(known: &Known, changed: &[Changed]) -> Result<()> {
    let email = known.user.email();
    let only_joins =
        |changed: &&Changed| changed.name() == GROUP_IDS && missing(&changed.before, &changed.after).is_empty();
    let (message, hint, refused): (String, &str, Vec<&Changed>) = match known.user.status() {
        Some(UserStatus::Pending) => (
            format!("{email} is pending: Zoom would take the change and not make it"),
            "Make the change when the user has accepted the invitation. Until then only groups can be added.",
            changed.iter().filter(|changed| !only_joins(changed)).collect(),
        ),
        Some(UserStatus::Inactive) if activation(changed)? != Some(Activation::Activate) => (
            format!("{email} is inactive, and an inactive user cannot be changed"),
            "Activate the user in the same update: __ENABLE__ = true.",
            changed.iter().collect(),
        ),
        _ => return Ok(()),
    };
    if refused.is_empty() {
        return Ok(());
    }
    let mut error = Error::new(ErrorKind::PreconditionFailed, message).with_hint(hint);
    error.attributes = refused.iter().map(|changed| changed.name().to_owned()).collect();
    Err(error)
}
