//! The part of a change that is not about the phone.

use connector_base::attribute::{ENABLE, NAME, PASSWORD};
use connector_base::error::{Error, Result};
use connector_base::value::{Quoted, Secret, Value};

use super::profile::Profile;
use super::{Changed, activation, missing};
use crate::api::record::Record;
use crate::api::roles::MEMBER;
use crate::api::users::{Activation, UserStatus};
use crate::schema::{
    CUSTOM_ATTRIBUTES, Carrier, GROUP_IDS, PHONE_COUNTRY, PHONE_NUMBER, PLAN_UNITED_TYPE, PRIMARY_GROUP_ID, ROLE_ID,
    ROLE_NAME, STATUS, ZOOM_ONE_FEATURE_TYPE, user_attribute,
};
use crate::steps::Step;
use crate::user::Known;

/// The steps that are not about the phone, in their order.
pub(super) fn steps(known: &Known, changed: &[Changed], roles: &[Record]) -> Result<Vec<Step>> {
    let pending = known.user.status() == Some(UserStatus::Pending);
    let mut profile = Profile::default();
    let mut later = Vec::new();
    let mut leaving = Vec::new();
    for changed in changed {
        match changed.name() {
            ENABLE | STATUS | PHONE_NUMBER | PHONE_COUNTRY | PRIMARY_GROUP_ID | ROLE_ID | ROLE_NAME => {}
            NAME => later.extend(changed.text().map(str::to_owned).map(Step::Email)),
            PASSWORD => {
                if let Some(Value::Secret(password)) = changed.after.first() {
                    later.push(Step::Password(Secret::new(password.as_str())));
                }
            }
            GROUP_IDS => {
                let join = if pending { Step::JoinPending } else { Step::Join };
                later.extend(missing(&changed.after, &changed.before).into_iter().map(join));
                leaving.extend(missing(&changed.before, &changed.after).into_iter().map(Step::Leave));
            }
            CUSTOM_ATTRIBUTES => profile.custom(changed)?,
            _ if matches!(changed.row.carrier, Carrier::Phone | Carrier::Site) => {}
            _ => profile.set(changed)?,
        }
    }
    let set = |name: &str| changed.iter().any(|changed| changed.name() == name && !changed.after.is_empty());
    if set(PLAN_UNITED_TYPE) && set(ZOOM_ONE_FEATURE_TYPE) {
        return Err(plans_exclude());
    }
    profile.contact(known, changed)?;
    let mut steps = Vec::new();
    if activation(changed)? == Some(Activation::Activate) {
        steps.push(Step::Activate);
    }
    steps.extend(profile.steps());
    // Password and address of an administrator are not changed: who ceases to be one does so before.
    let role = role(known, changed, roles)?;
    let (first, last) = match role {
        Some(Step::TakeRole(_)) => (role, None),
        _ => (None, role),
    };
    steps.extend(first);
    steps.extend(later);
    steps.extend(primary_group(known, changed)?);
    steps.extend(leaving);
    steps.extend(last);
    Ok(steps)
}

/// A user has one plan of the two sorts: each takes the other's place.
pub(crate) fn plans_exclude() -> Error {
    let message = format!("{PLAN_UNITED_TYPE} and {ZOOM_ONE_FEATURE_TYPE} exclude each other");
    Error::attribute(ZOOM_ONE_FEATURE_TYPE, message).with_hint("Give one of them, and clear the other.")
}

/// Makes a group the primary one. It must be one of the user's then.
fn primary_group(known: &Known, changed: &[Changed]) -> Result<Option<Step>> {
    let of = |name: &str| changed.iter().find(|changed| changed.name() == name);
    let Some(primary) = of(PRIMARY_GROUP_ID) else { return Ok(None) };
    let groups = match of(GROUP_IDS) {
        Some(groups) => groups.after.clone(),
        None => user_attribute(GROUP_IDS).and_then(|row| known.values(row)).unwrap_or_default(),
    };
    match primary.after.first() {
        Some(group) if groups.contains(group) => {
            let changes = !primary.is_so_already();
            Ok(group.as_text().filter(|_| changes).map(|group| Step::PrimaryGroup(group.to_owned())))
        }
        // Who is in no group has no primary one.
        None if groups.is_empty() => Ok(None),
        None => {
            let message = format!("{PRIMARY_GROUP_ID} cannot be cleared while the user is in groups");
            Err(Error::attribute(PRIMARY_GROUP_ID, message))
        }
        Some(_) => {
            let message = format!("{PRIMARY_GROUP_ID} is one of the user's {GROUP_IDS}");
            Err(Error::attribute(PRIMARY_GROUP_ID, message).with_hint("Add the user to the group in the same update."))
        }
    }
}

/// Gives the user another role, or takes the one there is, which leaves a member.
fn role(known: &Known, changed: &[Changed], roles: &[Record]) -> Result<Option<Step>> {
    let mut wanted: Option<String> = None;
    for changed in changed.iter().filter(|changed| matches!(changed.name(), ROLE_ID | ROLE_NAME)) {
        let name = changed.name();
        let given = changed.text().filter(|text| !text.is_empty());
        let given = given.ok_or_else(|| Error::attribute(name, format!("{name} cannot be without a value")))?;
        let id = match name {
            ROLE_NAME => {
                let mut named = roles.iter().filter(|role| role.name() == given);
                match (named.next(), named.next()) {
                    (Some(role), None) => role.id(),
                    (None, _) => {
                        let known: Vec<&str> = roles.iter().map(Record::name).collect();
                        return Err(Error::attribute(name, format!("there is no role named {}", Quoted(given)))
                            .with_hint(format!("The roles are: {}.", known.join(", "))));
                    }
                    (Some(_), Some(_)) => {
                        let message = format!("there is more than one role named {}", Quoted(given));
                        return Err(Error::attribute(name, message).with_hint("Name one of them by ROLE_ID."));
                    }
                }
            }
            _ => given,
        };
        if wanted.replace(id.to_owned()).is_some_and(|other| other != id) {
            return Err(Error::attribute(ROLE_ID, format!("{ROLE_ID} and {ROLE_NAME} contradict each other")));
        }
    }
    let before = known.user.record().text("role_id");
    Ok(wanted.filter(|role| before != Some(role)).map(|role| match before {
        Some(before) if role == MEMBER => Step::TakeRole(before.to_owned()),
        _ => Step::GiveRole(role),
    }))
}
