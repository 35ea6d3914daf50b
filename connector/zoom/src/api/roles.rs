//! Roles (Zoom API, "Roles"). A user has one; what is not the owner's or the members' can be given and
//! taken, and who has lost a role is a member.

use super::client::{Call, Client};
use super::error::ZoomError;
use super::limits;
use super::page::page_of;
use super::record::{Record, Shape};

/// The role of a user who has no other.
pub(crate) const MEMBER: &str = "2";

static PAGE: [(&str, Shape); 3] = page_of("roles", &[("id", Shape::Id), ("name", Shape::Text)]);

impl Client {
    /// All roles: `GET /roles`, which has no pages.
    pub(crate) fn roles(&self) -> Result<Vec<Record>, ZoomError> {
        Ok(self.wait_for(Call::new(&limits::LIST_ROLES, &[]))?.page(&PAGE)?.rows)
    }

    /// Gives a user a role, and says whether Zoom did: `POST /roles/{roleId}/members`.
    pub(crate) fn give_role(&self, role: &str, user: &str) -> Result<bool, ZoomError> {
        let added = self.add_people(&limits::ADD_ROLE_MEMBERS, role, "members", &[user.to_owned()])?;
        Ok(added.iter().any(|id| id == user))
    }
}

impl Call {
    /// Takes a role from a user, who is a member then: `DELETE /roles/{roleId}/members/{memberId}`.
    pub(crate) fn take_role(role: &str, user: &str) -> Self {
        Self::new(&limits::REMOVE_ROLE_MEMBER, &[role, user])
    }
}
