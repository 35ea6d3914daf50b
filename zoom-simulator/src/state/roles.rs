//! Roles. The three that every account has bear the ids 0, 1 and 2; a custom one has an id like everything else. Who
//! holds a role is written on the user, who has exactly one.

use serde::Serialize;

use crate::ids::RoleId;

/// The owner's role.
pub(crate) const OWNER: &str = "0";
/// The admins' role.
pub(crate) const ADMIN: &str = "1";
/// Everybody else's role.
pub(crate) const MEMBER: &str = "2";

/// A role.
#[derive(Clone, Serialize)]
pub(crate) struct Role {
    pub(crate) id: RoleId,
    pub(crate) name: String,
    pub(crate) description: String,
}

/// The roles of the account.
pub(crate) struct Roles(Vec<Role>);

impl Roles {
    /// The three that Zoom gives, and others.
    pub(crate) fn with(custom: Vec<Role>) -> Self {
        let fixed = [
            (OWNER, "Owner", "Account owner has full privileges to access and manage a Zoom account."),
            (ADMIN, "Admin", "Account administrator can add, remove, or edit users."),
            (MEMBER, "Member", "Has no administrative privileges."),
        ];
        let fixed = fixed.map(|(id, name, description)| Role {
            id: RoleId::from(id.to_owned()),
            name: name.to_owned(),
            description: description.to_owned(),
        });
        Self(fixed.into_iter().chain(custom).collect())
    }

    pub(crate) fn find(&self, id: &str) -> Option<&Role> {
        self.iter().find(|role| role.id.as_str() == id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Role> {
        self.0.iter()
    }
}
