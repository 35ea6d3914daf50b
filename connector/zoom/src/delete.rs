//! Deleting users and groups, in the way that the configuration says.
//!
//! | user | deactivate | disassociate | delete |
//! |---|---|---|---|
//! | active | deactivated, and logged out where asked for | disassociated | deleted |
//! | inactive | nothing to do | disassociated | deleted |
//! | pending | the invitation is taken back | the invitation is taken back | the invitation is taken back |
//!
//! An invitation is taken back by the address, and Zoom takes only `disassociate` for it.
//!
//! What a user leaves behind goes over to whom the options of the deletion name.

use connector_base::connector::Deletion;
use connector_base::error::{Error, Result};
use connector_base::value::Value;

use crate::Zoom;
use crate::api::users::{Removal, UserStatus};
use crate::configuration::OnDelete;
use crate::schema::{GROUP, TRANSFER_EMAIL, USER};
use crate::steps::Step;
use crate::update::with_uid;

impl Zoom {
    /// Deletes a user.
    pub(crate) fn delete_user(&self, deletion: &Deletion) -> Result<()> {
        let transfer = transfer(deletion)?;
        if !transfer.is_empty() && self.settings.on_delete == OnDelete::Deactivate {
            return Err(Error::argument("who is deactivated keeps everything: nothing can be transferred")
                .with_hint("Set deactivateOnDelete to false, or leave the options out."));
        }
        let client = self.client.until(deletion.options.deadline);
        let user = match with_uid(&client, &deletion.uid) {
            // Zoom tells nothing of who was invited too long ago, whose uid is the address.
            Err(error) if error.provider_code.as_deref() == Some("1120") => {
                return Ok(client.remove_user(&deletion.uid, Removal::Disassociate, &[])?);
            }
            user => user?,
        };
        let id = crate::user::uid(&user);
        match (user.status(), self.settings.on_delete) {
            (Some(UserStatus::Pending), _) => client.remove_user(user.email(), Removal::Disassociate, &[])?,
            // Nothing is left to do, unless an earlier log-out failed.
            (Some(UserStatus::Inactive), OnDelete::Deactivate) => {
                let again = self.deactivation().into_iter().filter(|step| matches!(step, Step::LogOut)).collect();
                self.take(&client, id, again, Vec::new())?;
            }
            (_, OnDelete::Deactivate) => self.take(&client, id, self.deactivation(), Vec::new())?,
            (_, OnDelete::Disassociate) => client.remove_user(id, Removal::Disassociate, &transfer)?,
            (_, OnDelete::Delete) => client.remove_user(id, Removal::Delete, &transfer)?,
        }
        Ok(())
    }

    /// The steps that deactivate a user, and log the user out where the configuration says so.
    pub(crate) fn deactivation(&self) -> Vec<Step> {
        let log_out = self.settings.immediate_logout_on_deactivate.then_some(Step::LogOut);
        [Step::Deactivate].into_iter().chain(log_out).collect()
    }

    /// Deletes a group, where the configuration allows it.
    pub(crate) fn delete_group(&self, deletion: &Deletion) -> Result<()> {
        if !deletion.options.extra.is_empty() {
            return Err(Error::argument(format!(
                "the options of deleting are for {USER}: a {GROUP} leaves nothing behind"
            )));
        }
        if !self.settings.entitlement_deletion_enabled {
            return Err(Error::unsupported("groups are not deleted: entitlementDeletionEnabled is false")
                .with_hint("Set entitlementDeletionEnabled to true."));
        }
        let client = self.client.until(deletion.options.deadline);
        client.delete_group(&deletion.uid).map_err(|error| match error.is_not_found() {
            true => Error::unknown_uid(GROUP, &deletion.uid),
            false => error.into(),
        })
    }
}

/// The parameters of the query that say what goes over to whom (Zoom API, `DELETE /users/{userId}`): the
/// options in lower case.
fn transfer(deletion: &Deletion) -> Result<Vec<(String, String)>> {
    let mut transfer = Vec::new();
    let mut to_somebody = false;
    for (option, values) in &deletion.options.extra {
        let value = match values.first() {
            // An empty one names nobody.
            Some(Value::Text(email)) if !email.is_empty() => email.clone(),
            Some(Value::Boolean(flag)) => flag.to_string(),
            _ => continue,
        };
        to_somebody |= option == TRANSFER_EMAIL;
        transfer.push((option.to_ascii_lowercase(), value));
    }
    if !transfer.is_empty() && !to_somebody {
        return Err(Error::argument("it is not said to whom things are transferred")
            .with_hint(format!("Give the option {TRANSFER_EMAIL}.")));
    }
    Ok(transfer)
}
