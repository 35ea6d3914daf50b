//! Deleting users and groups, in the way that the configuration says.
//!
//! | user | deactivate | disassociate | delete |
//! |---|---|---|---|
//! | active | deactivated, and logged out where asked for | disassociated | deleted |
//! | inactive | nothing to do | disassociated | deleted |
//! | pending | the invitation is taken back | the invitation is taken back | the invitation is taken back |
//!
//! An invitation is taken back by the address, and Zoom takes only `disassociate` for it.

use connector_base::connector::Deletion;
use connector_base::error::{Error, Result};

use crate::Zoom;
use crate::api::users::{Removal, UserStatus};
use crate::configuration::OnDelete;
use crate::schema::GROUP;
use crate::update::with_uid;

impl Zoom {
    /// Deletes a user.
    pub(crate) async fn delete_user(&self, deletion: &Deletion) -> Result<()> {
        let client = self.client.until(deletion.options.deadline);
        let user = with_uid(&client, &deletion.uid).await?;
        let id = crate::user::uid(&user);
        match (user.status(), self.settings.on_delete) {
            (Some(UserStatus::Pending), _) => client.remove_user(user.email(), Removal::Disassociate).await?,
            (Some(UserStatus::Inactive), OnDelete::Deactivate) => {}
            (_, OnDelete::Deactivate) => {
                let mut done = Vec::new();
                let outcome = self.deactivate(&client, id, &mut done).await;
                outcome.map_err(|error| error.with_done(done))?;
            }
            (_, OnDelete::Disassociate) => client.remove_user(id, Removal::Disassociate).await?,
            (_, OnDelete::Delete) => client.remove_user(id, Removal::Delete).await?,
        }
        Ok(())
    }

    /// Deletes a group, where the configuration allows it.
    pub(crate) async fn delete_group(&self, deletion: &Deletion) -> Result<()> {
        if !self.settings.entitlement_deletion_enabled {
            return Err(Error::unsupported("groups are not deleted: entitlementDeletionEnabled is false")
                .with_hint("Set entitlementDeletionEnabled to true."));
        }
        let client = self.client.until(deletion.options.deadline);
        client.delete_group(&deletion.uid).await.map_err(|error| match error.is_not_found() {
            true => Error::unknown_uid(GROUP, &deletion.uid),
            false => error.into(),
        })
    }
}
