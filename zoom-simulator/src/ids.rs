//! Names of things: one type per kind of identifier, so that a group's id never passes for a user's, and the
//! one place where new ones are made.
//!
//! Zoom's ids are sixteen random bytes in base64url, 22 characters long (`KDcuGIm1QgePTO8WbOqwIQ` in its own
//! examples). They may begin with a dash. Here they come from the seed, so that two runs name the same user alike.

use std::{borrow::Borrow, fmt};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub(crate) struct $name(String);

        impl $name {
            pub(crate) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

identifiers! {
    /// A user of the account; phone users bear the same id.
    UserId
    /// A user group.
    GroupId
    /// A role: `0` owner, `1` admin, `2` member, or the id of a custom one.
    RoleId
    /// A phone site.
    SiteId
    /// A phone number of the account's inventory.
    NumberId
}

/// Makes identifiers, the same ones for the same seed.
pub(crate) struct Ids(fastrand::Rng);

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A new identifier of 22 characters.
    pub(crate) fn fresh<T: From<String>>(&mut self) -> T {
        T::from(BASE64_URL_SAFE_NO_PAD.encode(self.0.u128(..).to_be_bytes()))
    }

    /// A whole number of so many digits that does not begin with zero, as personal meeting ids are.
    pub(crate) fn digits(&mut self, digits: u32) -> u64 {
        let least = 10_u64.pow(digits.saturating_sub(1));
        self.0.u64(least..least.saturating_mul(10))
    }
}

/// Whether a text has the form of one of Zoom's own ids. The phone API answers 300 to one that has not.
pub(crate) fn is_well_formed(id: &str) -> bool {
    BASE64_URL_SAFE_NO_PAD.decode(id).is_ok_and(|bytes| bytes.len() == 16)
}
