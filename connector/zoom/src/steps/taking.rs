//! Taking the steps of a change, one after the other.

use connector_base::error::{Error, ErrorKind, Result};
use connector_base::runtime::{Stuck, block_on, now, sleep, wait};
use connector_base::value::{Quoted, contains};

use super::{People, Step};
use crate::api::body::Body;
use crate::api::client::{Call, Client};
use crate::api::phone::PhoneUser;
use crate::duplicates::{address_taken, is_taken, name_taken};
use crate::schema::{GROUP, GROUP_IDS, ROLE_ID, ZOOM_PHONE_FEATURE};
use crate::{Zoom, read};

impl Zoom {
    /// Takes the steps of a change of the user or group with an id; `done` is what was done before.
    ///
    /// Errors: that of the step that failed, with what was done and what was not.
    pub(crate) fn take(&self, client: &Client, id: &str, steps: Vec<Step>, mut done: Vec<String>) -> Result<()> {
        // The next one is the last, so that it can be taken and others put in its place.
        let mut steps: Vec<Step> = steps.into_iter().rev().collect();
        while let Some(mut step) = steps.pop() {
            match self.step(client, id, &mut step) {
                Ok(more) => {
                    done.push(step.done());
                    steps.extend(more.into_iter().rev());
                }
                Err(error) => {
                    // The most that a user may have is not documented: where it is reached, numbers that are
                    // to go make room for the new ones.
                    let leaving = steps.iter().rev().take_while(|next| matches!(next, Step::RemoveNumber(_))).count();
                    let refused = error.kind == ErrorKind::InvalidAttributeValue;
                    let said = error.message.to_ascii_lowercase();
                    let too_many = refused && (contains(&said, "maximum") || contains(&said, "exceed"));
                    if let Step::AddNumbers(numbers) = &step
                        && too_many
                        && leaving > 0
                    {
                        let making_room = leaving.min(numbers.len());
                        steps.insert(steps.len() - making_room, step);
                        continue;
                    }
                    steps.push(step);
                    done.extend(error.done.iter().cloned());
                    let mut error = error.with_done(done);
                    let left: Vec<String> = steps.iter().rev().map(Step::to_do).collect();
                    error.details.push(("not done".to_owned(), left.join("; ")));
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Takes a step; the steps that follow from it. What is left of one that was taken in part stays in it.
    fn step(&self, client: &Client, id: &str, step: &mut Step) -> Result<Vec<Step>> {
        if let Some(call) = step.call(id) {
            return match (client.run(call), &*step) {
                (Ok(()), _) => Ok(Vec::new()),
                (Err(error), step) if step.is_done_by(&error) => Ok(Vec::new()),
                (Err(error), Step::Email(email)) if is_taken(&error) => {
                    unless_own(id, address_taken(client, email, error))
                }
                (Err(error), Step::Rename(name)) if is_taken(&error) => unless_own(id, name_taken(client, name, error)),
                (Err(error), _) => Err(error.into()),
            };
        }
        match step {
            Step::SetUpPhone(wanted) => return Ok(wanted.steps(&self.phone_of(client, id)?)),
            Step::Join(group) => {
                let joined = add(client, People::Members, group, &mut vec![id.to_owned()]);
                joined.map_err(|error| in_group(error, group))?;
            }
            Step::JoinPending(group) => join_pending(client, id, group)?,
            Step::AddPeople(people, users) => add(client, *people, id, users)?,
            Step::GiveRole(role) => give_role(client, id, role)?,
            // The others are calls, and taken above: one that is none must not pass for done.
            other => return Err(Error::new(ErrorKind::Other, format!("nobody knows how to {}", other.to_do()))),
        }
        Ok(Vec::new())
    }

    /// Waits until the phone that was switched on is there, and stays there.
    fn phone_of(&self, client: &Client, id: &str) -> Result<PhoneUser> {
        let settings = &self.settings.phone_provisioning;
        let start = now();
        let mut hits = 0;
        loop {
            let phone = wait(client.phone_user(id))?;
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
            block_on(sleep(settings.interval)).ok_or(Stuck)?;
        }
    }
}

/// Puts a pending user into a group, and looks whether Zoom did.
fn join_pending(client: &Client, id: &str, group: &str) -> Result<()> {
    let joined = client.run(Call::update_user(id, &Body::text("group_id", group)));
    joined.map_err(|error| in_group(error.into(), group))?;
    let user = wait(client.user(id))?.unwrap_or_default();
    match user.record().list("group_ids").iter().any(|member| member.as_text() == Some(group)) {
        true => Ok(()),
        false => Err(Error::attribute(GROUP_IDS, format!("Zoom did not add the user to the group {group}"))
            .with_hint("Add the user when the invitation is accepted.")),
    }
}

/// Adds users to a group, and takes it for an error where Zoom leaves one out without a word. Those who
/// were left out stay among the users, and the error says who was added.
fn add(client: &Client, people: People, group: &str, users: &mut Vec<String>) -> Result<()> {
    let added = match people {
        People::Members => client.add_members(group, users)?,
        People::Admins => client.add_admins(group, users)?,
    };
    let (in_it, mut left_out): (Vec<String>, Vec<String>) = users.drain(..).partition(|user| added.contains(user));
    if !left_out.is_empty() {
        // Perhaps somebody else was faster: who is in the group already is left out too.
        let present = wait(read::people(client, people, group))?;
        left_out.retain(|user| !present.iter().any(|present| present.as_text() == Some(user)));
    }
    *users = left_out;
    match users.first() {
        None => Ok(()),
        Some(first) => {
            let message = format!("Zoom did not make {first} a {} of the group {group}", people.word());
            let partly = (!in_it.is_empty()).then(|| Step::AddPeople(people, in_it).done());
            Err(Error::attribute(people.attribute(), message)
                .with_hint("Look whether the user is active.")
                .with_done(partly.into_iter().collect()))
        }
    }
}

/// Gives a user a role, and looks whether Zoom did: who has it already is left out of the answer too.
fn give_role(client: &Client, id: &str, role: &str) -> Result<()> {
    if client.give_role(role, id)? {
        return Ok(());
    }
    let user = wait(client.user(id))?.unwrap_or_default();
    match user.record().text("role_id") == Some(role) {
        true => Ok(()),
        false => Err(Error::attribute(ROLE_ID, format!("Zoom did not give the user the role {role}"))
            .with_hint("Only active users can have another role, and the owner's role is not given.")),
    }
}

/// An error about a group that a value names: the value is wrong, not the object that is changed.
fn in_group(mut error: Error, group: &str) -> Error {
    if error.provider_code.as_deref() == Some("4130") {
        error.kind = ErrorKind::InvalidAttributeValue;
        error.attributes = vec![GROUP_IDS.to_owned()];
        error.message = format!("there is no group with the id {}", Quoted(group));
        error.hint = Some(format!("Name the id of a {GROUP}."));
    }
    error
}

/// Nothing is wrong where it is the object itself that has the name: a call that was made twice.
fn unless_own(id: &str, taken: Error) -> Result<Vec<Step>> {
    match &taken.uid {
        Some(holder) if holder.value == id => Ok(Vec::new()),
        _ => Err(taken),
    }
}
