//! Roles (Zoom API, "Roles"). A user has one; what is not the owner's or the members' can be given and
//! taken, and who has lost a role is a member.

use serde_json::Value;

use super::client::{Call, Client};
use super::error::ZoomError;
use super::limits;
use super::page::with_id;
use super::record::{Record, Shape};

/// The role of a user who has no other.
pub(crate) const MEMBER: &str = "2";

/// A role: an id and a name.
fn role(value: Value) -> Result<Record, String> {
    with_id(Record::read(value, &[("id", Shape::Text), ("name", Shape::Text)])?, "id")
}

impl Client {
    /// All roles: `GET /roles`, which has no pages.
    pub(crate) async fn roles(&self) -> Result<Vec<Record>, ZoomError> {
        Ok(self.page(Call::new(&limits::LIST_ROLES, &[]), "roles", role).await?.rows)
    }

    /// Gives a user a role, and says whether Zoom did: `POST /roles/{roleId}/members`.
    pub(crate) async fn give_role(&self, role: &str, user: &str) -> Result<bool, ZoomError> {
        let added = self.add_people(&limits::ADD_ROLE_MEMBERS, role, "members", &[user.to_owned()]).await?;
        Ok(added.iter().any(|id| id == user))
    }
}

impl Call {
    /// Takes a role from a user, who is a member then: `DELETE /roles/{roleId}/members/{memberId}`.
    pub(crate) fn take_role(role: &str, user: &str) -> Self {
        Self::new(&limits::REMOVE_ROLE_MEMBER, &[role, user])
    }
}
