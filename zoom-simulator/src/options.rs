//! What a simulator is started with.

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

use crate::faults::Fault;

/// What a simulator is started with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port of 127.0.0.1 to listen on; 0 lets the system choose one.
    pub port: u16,
    /// How many users the account has in all.
    pub users: usize,
    /// How many of them are deactivated.
    pub inactive: usize,
    /// How many of them have not accepted their invitation.
    pub pending: usize,
    /// How many of them have Zoom Phone; they are active ones.
    pub phone_users: usize,
    /// How many user groups there are.
    pub groups: usize,
    /// How many phone sites there are, the main one included. With 0 the account has no multiple sites.
    pub sites: usize,
    /// What all made-up data, ids and injected faults follow from.
    pub seed: u64,
    /// How long every answer waits.
    pub latency: Duration,
    /// Whose rate limits are enforced.
    pub plan: Plan,
    /// Whether to speak TLS, with a certificate of the simulator's own authority.
    pub tls: bool,
    /// Whether HTTP/2 is offered beside HTTP/1.1 where TLS is spoken, as Zoom does.
    pub http2: bool,
    /// What goes wrong, and how often.
    pub faults: Vec<Fault>,
    /// Whether an unknown path is a fault of the caller's to be shown (500) and not answered as Zoom does.
    pub strict: bool,
    /// A file that every call is appended to, one JSON object per line.
    pub log_file: Option<PathBuf>,
}

impl Default for Options {
    /// 100 active users in 5 groups, 3 sites, no phone users, nothing that goes wrong and no limits. The log goes to
    /// the file that the environment variable `ZOOM_SIM_LOG` names.
    fn default() -> Self {
        Self {
            port: 0,
            users: 100,
            inactive: 0,
            pending: 0,
            phone_users: 0,
            groups: 5,
            sites: 3,
            seed: 1,
            latency: Duration::ZERO,
            plan: Plan::Off,
            tls: false,
            http2: true,
            faults: Vec::new(),
            strict: false,
            log_file: std::env::var_os("ZOOM_SIM_LOG").map(PathBuf::from),
        }
    }
}

/// Options that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// An account has at least its owner.
    #[error("users must be at least 1: every account has an owner")]
    NoOwner,
    /// The owner is active.
    #[error(
        "inactive ({inactive}) and pending ({pending}) together must be less than users ({users}): the owner is active"
    )]
    TooFewActive {
        /// Users in all.
        users: usize,
        /// Of them deactivated.
        inactive: usize,
        /// Of them not yet accepted.
        pending: usize,
    },
    /// Only an active user can have a phone.
    #[error("phone users ({phone_users}) must not be more than active users ({active})")]
    TooManyPhoneUsers {
        /// Users with Zoom Phone.
        phone_users: usize,
        /// Active users.
        active: usize,
    },
    /// Zoom allows 5,000 groups per account.
    #[error("groups ({groups}) must not be more than {MAX_GROUPS}, which is what Zoom allows", MAX_GROUPS = crate::groups::MOST)]
    TooManyGroups {
        /// Groups asked for.
        groups: usize,
    },
}

impl Options {
    /// Whether these options describe a possible account.
    pub(crate) fn check(&self) -> Result<(), OptionsError> {
        let Self { users, inactive, pending, phone_users, groups, .. } = *self;
        if users == 0 {
            return Err(OptionsError::NoOwner);
        }
        let active = users.checked_sub(inactive.saturating_add(pending)).filter(|active| *active > 0);
        let active = active.ok_or(OptionsError::TooFewActive { users, inactive, pending })?;
        if phone_users > active {
            return Err(OptionsError::TooManyPhoneUsers { phone_users, active });
        }
        if groups > crate::groups::MOST {
            return Err(OptionsError::TooManyGroups { groups });
        }
        Ok(())
    }
}

/// The plan of the account, which says how often it may be called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Plan {
    /// No limits are enforced.
    #[default]
    Off,
    /// A free account.
    Free,
    /// A Pro account.
    Pro,
    /// Business, Education, Enterprise or Partner.
    Business,
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Free => "free",
            Self::Pro => "pro",
            Self::Business => "business",
        })
    }
}

/// A word that names no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown plan {0:?}: known are off, free, pro and business")]
pub struct UnknownPlan(String);

impl FromStr for Plan {
    type Err = UnknownPlan;

    fn from_str(name: &str) -> Result<Self, UnknownPlan> {
        let known = [Self::Off, Self::Free, Self::Pro, Self::Business];
        known.into_iter().find(|plan| plan.to_string() == name).ok_or_else(|| UnknownPlan(name.to_owned()))
    }
}

/// What an app needs in order to log in.
#[derive(Clone)]
pub struct Credentials {
    /// The account.
    pub account_id: String,
    /// The app.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: String,
}

impl Default for Credentials {
    /// The same ones always, and nobody can take them for real ones.
    fn default() -> Self {
        Self {
            account_id: "SimulatedAccountIdAAAA".to_owned(),
            client_id: "SimulatedClientIdAAAAA".to_owned(),
            client_secret: "SimulatedClientSecretAAAAAAAAAAA".to_owned(),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account_id, client_id, client_secret: _ } = self;
        f.debug_struct("Credentials")
            .field("account_id", account_id)
            .field("client_id", client_id)
            .finish_non_exhaustive()
    }
}
