//! A change, step by step: what each step does, in which words, and what is said when one fails.
//!
//! A step is one call of Zoom's (waiting for a new phone is as many reads as it takes). The steps of a
//! change are made up before the first of them is taken, so that what cannot be done is refused before
//! anything is changed. When a step fails, the error says which ones were taken and which were not.

use connector_base::error::{Error, ErrorKind, Result};
use connector_base::runtime::{now, sleep};
use connector_base::value::{Case, Secret, contains};

use crate::Zoom;
use crate::api::ZoomError;
use crate::api::body::{Body, Field};
use crate::api::client::{Call, Client};
use crate::api::groups::{MOST_ADMINS, MOST_MEMBERS};
use crate::api::phone::{PhoneNumber, PhoneStatus, PhoneUser};
use crate::api::users::Activation;
use crate::phone::Wanted;
use crate::read::find_group;
use crate::schema::{ADMINS, GROUP, GROUP_IDS, MEMBERS, ROLE_ID, USER, ZOOM_PHONE_FEATURE};
use crate::user::uid;

/// A step. Steps of users are about the user that they are taken for, steps of groups about the group.
#[derive(Clone, Debug, PartialEq)]
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
            Self::PhoneOff => Call::set_phone_feature(id, Field::Flag(false)),
            Self::PhoneOn => Call::set_phone_feature(id, Field::Flag(true)),
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
            _ => false,
        }
    }
}

fn list(things: &[impl ToString]) -> String {
    let texts: Vec<String> = things.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

impl Zoom {
    /// Takes the steps of a change of the user or group with an id; `done` is what was done before.
    ///
    /// Errors: that of the step that failed, with what was done and what was not.
    pub(crate) async fn take(&self, client: &Client, id: &str, steps: Vec<Step>, mut done: Vec<String>) -> Result<()> {
        // The next one is the last, so that it can be taken and others put in its place.
        let mut steps: Vec<Step> = steps.into_iter().rev().collect();
        while let Some(step) = steps.pop() {
            match self.step(client, id, &step).await {
                Ok(more) => {
                    done.push(step.done());
                    steps.extend(more.into_iter().rev());
                }
                Err(error) => {
                    // The most that a user may have is not documented: where it is reached, numbers that are
                    // to go make room for the new ones.
                    let leaving = steps.iter().rev().take_while(|next| matches!(next, Step::RemoveNumber(_))).count();
                    let full = matches!(step, Step::AddNumbers(_)) && contains(&error.message, "maximum");
                    if full && leaving > 0 {
                        steps.insert(steps.len() - leaving, step);
                        continue;
                    }
                    steps.push(step);
                    let mut error = error.with_done(done);
                    let left: Vec<String> = steps.iter().rev().map(Step::to_do).collect();
                    error.details.push(("not done".to_owned(), left.join("; ")));
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Takes a step; the steps that follow from it.
    async fn step(&self, client: &Client, id: &str, step: &Step) -> Result<Vec<Step>> {
        if let Some(call) = step.call(id) {
            return match (client.run(call).await, step) {
                (Ok(()), _) => Ok(Vec::new()),
                (Err(error), step) if step.is_done_by(&error) => Ok(Vec::new()),
                (Err(error), Step::Email(email)) if is_taken(&error) => Err(address_taken(client, email, error).await),
                (Err(error), Step::Rename(name)) if is_taken(&error) => Err(name_taken(client, name, error).await),
                (Err(error), _) => Err(error.into()),
            };
        }
        match step {
            Step::SetUpPhone(wanted) => return Ok(wanted.steps(&self.phone_of(client, id).await?)),
            Step::Join(group) => {
                let joined = add(client, People::Members, group, &[id.to_owned()]).await;
                joined.map_err(|error| in_group(error, group))?;
            }
            Step::JoinPending(group) => join_pending(client, id, group).await?,
            Step::AddPeople(people, users) => add(client, *people, id, users).await?,
            Step::GiveRole(role) if !client.give_role(role, id).await? => {
                return Err(Error::attribute(ROLE_ID, format!("Zoom did not give the user the role {role}"))
                    .with_hint("Only active users can have another role, and the owner's role is not given."));
            }
            _ => {}
        }
        Ok(Vec::new())
    }

    /// Waits until the phone that was switched on is there, and stays there.
    async fn phone_of(&self, client: &Client, id: &str) -> Result<PhoneUser> {
        let settings = &self.settings.phone_provisioning;
        let start = now();
        let mut hits = 0;
        loop {
            let phone = client.phone_user(id).await?;
            hits = if phone.is_some() { hits + 1 } else { 0 };
            if let Some(phone) = phone.filter(|_| hits >= settings.hits) {
                return Ok(phone);
            }
            let next = now() + settings.interval;
            let too_late = client.deadline().is_some_and(|deadline| next >= deadline);
            if too_late || next.since(start) >= settings.limit {
                let mut error = Error::new(ErrorKind::OperationTimeout, "Zoom is still making the phone")
                    .with_hint("Make the same update again after a while, or raise phoneProvisioningLimit.");
                error.attributes.push(ZOOM_PHONE_FEATURE.to_owned());
                return Err(error);
            }
            sleep(settings.interval).await;
        }
    }
}

/// Puts a pending user into a group, and looks whether Zoom did.
async fn join_pending(client: &Client, id: &str, group: &str) -> Result<()> {
    let joined = client.run(Call::update_user(id, &Body::text("group_id", group))).await;
    joined.map_err(|error| in_group(error.into(), group))?;
    let user = client.user(id).await?.unwrap_or_default();
    match user.record().list("group_ids").iter().any(|member| member.as_str() == Some(group)) {
        true => Ok(()),
        false => Err(Error::attribute(GROUP_IDS, format!("Zoom did not add the user to the group {group}"))
            .with_hint("Add the user when the invitation is accepted.")),
    }
}

/// Adds users to a group, and takes it for an error where Zoom leaves one out without a word.
async fn add(client: &Client, people: People, group: &str, users: &[String]) -> Result<()> {
    let added = match people {
        People::Members => client.add_members(group, users).await,
        People::Admins => client.add_admins(group, users).await,
    };
    let added = added?;
    match users.iter().find(|user| !added.contains(user)) {
        None => Ok(()),
        Some(left_out) => {
            let message = format!("Zoom did not make {left_out} a {} of the group {group}", people.word());
            Err(Error::attribute(people.attribute(), message)
                .with_hint("Look whether the user is active, and not in the group already."))
        }
    }
}

/// An error about a group that a value names: the value is wrong, not the object that is changed.
fn in_group(mut error: Error, group: &str) -> Error {
    if error.provider_code.as_deref() == Some("4130") {
        error.kind = ErrorKind::InvalidAttributeValue;
        error.attributes = vec![GROUP_IDS.to_owned()];
        error.message = format!("there is no group with the id {group:?}");
        error.hint = Some(format!("Name the id of a {GROUP}."));
    }
    error
}

/// Whether Zoom refuses a name because there is one already: an address (1005, 1009), a group's (4132).
pub(crate) fn is_taken(error: &ZoomError) -> bool {
    matches!(error.code(), Some(1005 | 1009 | 4132))
}

/// The error of an address that Zoom refuses: with the uid of the user who has it, or, where the account
/// has no such user, about one who is outside of it.
pub(crate) async fn address_taken(client: &Client, email: &str, refused: ZoomError) -> Error {
    match client.user(email).await {
        Ok(Some(holder)) => already_exists(&format!("a {USER} with the address {email}"), uid(&holder)),
        Ok(None) => {
            let mut error = Error::from(refused);
            error.message = format!("the address {email} exists outside this account ({})", error.message);
            error
        }
        Err(error) => error.into(),
    }
}

/// The error of a group's name that Zoom refuses, with the uid of the group that has it.
pub(crate) async fn name_taken(client: &Client, name: &str, refused: ZoomError) -> Error {
    match find_group(client, name, Case::Ignored).await {
        Ok(Some(holder)) => already_exists(&format!("a {GROUP} named {name:?}"), &holder),
        Ok(None) => refused.into(),
        Err(error) => error,
    }
}

/// The error of an object that exists.
pub(crate) fn already_exists(what: &str, existing: &str) -> Error {
    Error::new(ErrorKind::AlreadyExists, format!("there is {what} already")).with_uid(existing)
}
