//! A change, step by step: what each step does, in which words, and what is said when one fails.
//!
//! A step is one call of Zoom's (waiting for a new phone is as many reads as it takes). The steps of a
//! change are made up before the first of them is taken, so that what cannot be done is refused before
//! anything is changed. When a step fails, the error says which ones were taken and which were not.

mod taking;

use connector_base::value::Secret;

use crate::api::ZoomError;
use crate::api::body::Body;
use crate::api::client::Call;
use crate::api::groups::{MOST_ADMINS, MOST_MEMBERS};
use crate::api::phone::{PhoneNumber, PhoneStatus};
use crate::api::users::{Activation, PhoneSwitch};
use crate::phone::Wanted;
use crate::schema::{ADMINS, MEMBERS};

/// A step. Steps of users are about the user that they are taken for, steps of groups about the group.
#[derive(Clone, Debug)]
#[cfg_attr(test, derive(PartialEq))]
pub(crate) enum Step {
    Activate,
    /// Fields of the user's record, and the attributes that they hold.
    Fields {
        fields: Body,
        names: Vec<&'static str>,
    },
    Password(Secret),
    Email(String),
    Join(String),
    /// A pending user is put into a group by a field of the record.
    JoinPending(String),
    Leave(String),
    PrimaryGroup(String),
    GiveRole(String),
    TakeRole(String),
    PhoneOff,
    PhoneOn,
    /// What else is wanted of a phone that was just switched on: more steps, once it is there.
    SetUpPhone(Box<Wanted>),
    PhoneStatus(PhoneStatus),
    PhoneProfile {
        fields: Body,
        names: Vec<&'static str>,
    },
    AddPlans(Vec<i32>),
    SwitchPlan {
        from: i32,
        to: i32,
    },
    RemovePlan(i32),
    AddNumbers(Vec<String>),
    RemoveNumber(PhoneNumber),
    Deactivate,
    LogOut,
    Rename(String),
    AddPeople(People, Vec<String>),
    RemovePerson(People, String),
}

/// Those who belong to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum People {
    Members,
    Admins,
}

impl People {
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Members => MEMBERS,
            Self::Admins => ADMINS,
        }
    }

    /// How many of them a call adds.
    pub(crate) fn at_once(self) -> usize {
        match self {
            Self::Members => MOST_MEMBERS,
            Self::Admins => MOST_ADMINS,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Members => "member",
            Self::Admins => "administrator",
        }
    }
}

impl Step {
    /// A regular verb, and what it is done to.
    fn words(&self) -> (&'static str, String) {
        let plain = |verb, what: &str| (verb, what.to_owned());
        match self {
            Self::Activate => plain("activate", "the user"),
            Self::Fields { names, .. } | Self::PhoneProfile { names, .. } => ("change", names.join(", ")),
            Self::Password(_) => plain("change", "the password"),
            Self::Email(email) => ("change", format!("the address to {email}")),
            Self::Join(group) | Self::JoinPending(group) => ("add", format!("the user to the group {group}")),
            Self::Leave(group) => ("remove", format!("the user from the group {group}")),
            Self::PrimaryGroup(group) => ("change", format!("the primary group to {group}")),
            Self::GiveRole(role) => ("change", format!("the role to {role}")),
            Self::TakeRole(role) => ("remove", format!("the role {role}")),
            Self::PhoneOff => plain("switch", "Zoom Phone off"),
            Self::PhoneOn => plain("switch", "Zoom Phone on"),
            Self::SetUpPhone(wanted) => match wanted.names() {
                names if names.is_empty() => plain("wait", "for the phone"),
                names => ("wait", format!("for the phone, to change {}", names.join(", "))),
            },
            Self::PhoneStatus(PhoneStatus::Activate) => plain("activate", "the phone"),
            Self::PhoneStatus(PhoneStatus::Deactivate) => plain("deactivate", "the phone"),
            Self::AddPlans(plans) => ("add", format!("the calling plans {}", list(plans))),
            Self::SwitchPlan { from, to } => ("change", format!("the calling plan {from} to {to}")),
            Self::RemovePlan(plan) => ("remove", format!("the calling plan {plan}")),
            Self::AddNumbers(numbers) => ("add", format!("the numbers {}", list(numbers))),
            Self::RemoveNumber(number) => ("remove", format!("the number {}", number.number)),
            Self::Deactivate => plain("deactivate", "the user"),
            Self::LogOut => plain("revoke", "the user's log-ins"),
            Self::Rename(name) => ("rename", format!("the group to {name}")),
            Self::AddPeople(people, users) => ("add", format!("the {}s {}", people.word(), list(users))),
            Self::RemovePerson(people, user) => ("remove", format!("the {} {user}", people.word())),
        }
    }

    /// What was done: "changed DEPT".
    pub(crate) fn done(&self) -> String {
        let (verb, what) = self.words();
        let ending = if verb.ends_with('e') { "d" } else { "ed" };
        format!("{verb}{ending} {what}")
    }

    /// What was to be done: "change DEPT".
    fn to_do(&self) -> String {
        let (verb, what) = self.words();
        format!("{verb} {what}")
    }

    /// The call that it is, for those that are one and whose answer says nothing.
    fn call(&self, id: &str) -> Option<Call> {
        Some(match self {
            Self::Activate => Call::set_status(id, Activation::Activate),
            Self::Fields { fields, .. } => Call::update_user(id, fields),
            Self::Password(password) => Call::set_password(id, password),
            Self::Email(email) => Call::set_email(id, email),
            Self::Leave(group) => Call::remove_member(group, id),
            Self::PrimaryGroup(group) => Call::set_primary_group(group, id),
            Self::TakeRole(role) => Call::take_role(role, id),
            Self::PhoneOff => Call::switch_phone(id, PhoneSwitch::Off),
            Self::PhoneOn => Call::switch_phone(id, PhoneSwitch::On),
            Self::PhoneStatus(status) => Call::set_phone_status(id, *status),
            Self::PhoneProfile { fields, .. } => Call::update_phone_user(id, fields),
            Self::AddPlans(plans) => Call::add_plans(id, plans),
            Self::SwitchPlan { from, to } => Call::switch_plan(id, *from, *to),
            Self::RemovePlan(plan) => Call::remove_plan(id, *plan),
            Self::AddNumbers(numbers) => Call::add_numbers(id, numbers),
            Self::RemoveNumber(number) => Call::remove_number(id, number),
            Self::Deactivate => Call::set_status(id, Activation::Deactivate),
            Self::LogOut => Call::log_out(id),
            Self::Rename(name) => Call::rename_group(id, name),
            Self::RemovePerson(People::Members, user) => Call::remove_member(id, user),
            Self::RemovePerson(People::Admins, user) => Call::remove_admin(id, user),
            Self::SetUpPhone(_) | Self::Join(_) | Self::JoinPending(_) | Self::GiveRole(_) | Self::AddPeople(..) => {
                return None;
            }
        })
    }

    /// Whether an error means that it was done already: what is to be removed is not there.
    fn is_done_by(&self, error: &ZoomError) -> bool {
        match self {
            Self::Leave(_) => matches!(error.code(), Some(1010 | 4130 | 4131)),
            Self::RemovePerson(..) => matches!(error.code(), Some(4131 | 4138)),
            Self::TakeRole(_) => error.code() == Some(1001),
            Self::Password(_) => error.is_same_password(),
            // The number is not, or no longer, the user's.
            Self::RemoveNumber(_) => error.code() == Some(400),
            _ => false,
        }
    }
}

fn list(things: &[impl ToString]) -> String {
    let texts: Vec<String> = things.iter().map(ToString::to_string).collect();
    texts.join(", ")
}
