//! The switches: how this Zoom differs from another one, and what it is made to do wrong. All can be set while it runs
//! (`PUT /__sim/switches`); what is left out of a request stays as it is, `null` puts one back to its default.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    faults::Fault,
    limits::Label,
    options::{Options, Plan},
};

/// All switches with their settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Switches {
    // The server
    /// An unknown path answers 500 with its name.
    pub(crate) strict: bool,
    /// How long every answer waits.
    pub(crate) latency_ms: u64,
    /// What goes wrong, each `KIND:PROBABILITY`.
    pub(crate) faults: Vec<Fault>,
    /// How much longer an answer waits that the fault `slow` hits.
    pub(crate) slow_ms: u64,
    /// Routes (`DELETE /v2/users/{id}`) whose answers wait until they are taken off this list. The work is done at
    /// arrival.
    pub(crate) hold: Vec<String>,

    // Rate limits
    /// Whose limits are enforced.
    pub(crate) plan: Plan,
    /// Labels that routes (`GET /v2/users`) have in place of their own, as Zoom relabels endpoints now and then.
    pub(crate) labels: BTreeMap<String, Label>,
    /// Which `X-RateLimit-*` headers answers bear.
    pub(crate) rate_limit_headers: RateLimitHeaders,
    /// How a 429 says when to come back.
    pub(crate) retry_after: RetryAfterForm,

    // Logging in
    /// `expires_in` of new access tokens, and their life.
    pub(crate) token_life_seconds: u64,
    /// A token request must be a form, not a query string, as reported since 2025.
    pub(crate) token_form_only: bool,
    /// A new token kills the older ones, as it was until June 2023.
    pub(crate) token_revokes_older: bool,
    /// The status of `invalid_client`: both 400 and 401 are reported.
    pub(crate) invalid_client_status: u16,
    /// The app has been deactivated.
    pub(crate) app_deactivated: bool,
    /// The status of code 124: 401 is observed, 400 is documented.
    pub(crate) bad_token_status: u16,
    /// The scopes of the app, in new tokens; `null` for all.
    pub(crate) scopes: Option<Vec<String>>,

    // Lists
    /// How long a page token lives.
    pub(crate) page_token_life_seconds: u64,
    /// `GET /groups/{id}/members` tells `page_count`.
    pub(crate) group_members_page_count: bool,

    // The account
    /// It is a paid one; otherwise everything about groups is refused with code 200.
    pub(crate) paid_account: bool,
    /// Domains that the account manages.
    pub(crate) managed_domains: Vec<String>,
    /// A user who is created with an address of a managed domain is active at once.
    pub(crate) managed_users_start_active: bool,
    /// Domains that users must be of, if any are given.
    pub(crate) limited_domains: Vec<String>,
    /// Domains that no user may be of.
    pub(crate) blocked_domains: Vec<String>,
    /// Single sign-on is enabled.
    pub(crate) sso: bool,
    /// Single sign-on users may be created before they log in.
    pub(crate) sso_pre_provision: bool,
    /// Users without a log-in may be created (`custCreate`), which takes a contract.
    pub(crate) api_users: bool,
    /// Passwords need a special character.
    pub(crate) enhanced_passwords: bool,

    // Users
    /// Addresses that belong to other accounts: an address, or `@` and a domain.
    pub(crate) foreign_addresses: Vec<String>,
    /// What becomes of an invitation to one of them.
    pub(crate) foreign_address_answer: ForeignAddressAnswer,
    /// The id in the answer to `POST /users` for a user who comes out pending.
    pub(crate) pending_id_in_created: Presence,
    /// `GET /users/{email}` of a pending user tells the id.
    pub(crate) pending_id_in_user: bool,
    /// What `PATCH` does to an inactive user: it answers 204 in both cases.
    pub(crate) patch_of_inactive: PatchOfInactive,
    /// Users who manage a call queue or operate an auto-receptionist, by id or address.
    pub(crate) call_queue_managers: Vec<String>,
    /// The object `feature` in `GET /users/{id}`, which no document has.
    pub(crate) feature_in_user: FeatureInUser,
    /// The status of a successful `PUT /users/{id}/status`: 200 in the document, 204 in older ones.
    pub(crate) status_change_status: u16,

    // Seats, each unlimited if `null`
    /// Basic users.
    pub(crate) seats_basic: Option<usize>,
    /// Licensed users.
    pub(crate) seats_licensed: Option<usize>,
    /// Users with a Zoom United or Zoom Workplace bundle.
    pub(crate) seats_bundles: Option<usize>,
    /// Users with Zoom Phone.
    pub(crate) seats_zoom_phone: Option<usize>,
    /// Calling plans by type.
    pub(crate) seats_calling_plans: BTreeMap<String, u64>,
    /// Basic seats that are used up are refused with code 3412, not 2033.
    pub(crate) basic_seats_code_3412: bool,

    // Zoom Phone
    /// Whether the account has it.
    pub(crate) zoom_phone: ZoomPhone,
    /// How many reads of a new phone user answer 404.
    pub(crate) phone_provisioning_reads: u32,
    /// The first read that finds a new phone user is followed by one more that answers 404.
    pub(crate) phone_provisioning_flaps: bool,
    /// The account has multiple sites; otherwise users and numbers show none.
    pub(crate) multiple_sites: bool,
    /// Sites have codes.
    pub(crate) site_codes: bool,
    /// A page of phone users repeats the last row of the page before.
    pub(crate) phone_duplicate_rows: bool,
    /// The status of assigned plans and numbers: 201 in reality, 200 in the document.
    pub(crate) phone_assigned_status: u16,
    /// Phone users show their numbers with a plus. The document's examples do not.
    pub(crate) phone_numbers_with_plus: bool,
    /// How many numbers a phone user may have.
    pub(crate) phone_numbers_per_user: usize,
}

/// Which rate limit headers answers bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RateLimitHeaders {
    /// Category, limit and remaining; the type on a 429.
    Usual,
    /// Those, and on a 429 the second at which to come back (`X-RateLimit-Reset`).
    WithReset,
    /// None, as reported for some limits.
    None,
}

/// How a 429 says when to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RetryAfterForm {
    /// Zoom's way: a date and time, and only for daily limits.
    Date,
    /// Seconds, for every limit.
    Seconds,
    /// Not at all.
    None,
}

/// What becomes of an invitation to an address of another account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ForeignAddressAnswer {
    /// 409 with code 1005.
    Used,
    /// 400 with code 1009.
    ActiveElsewhere,
    /// 201, and the user is pending.
    Invited,
}

/// How an id is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Presence {
    /// As it is.
    Present,
    /// As an empty text.
    Empty,
    /// Not at all.
    Absent,
}

/// What a `PATCH` does to an inactive user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PatchOfInactive {
    /// Nothing, as users of the older connector report.
    Ignored,
    /// What it says.
    Applied,
}

/// The object `feature` in `GET /users/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FeatureInUser {
    /// Not there.
    Off,
    /// There, with nothing in it.
    Empty,
    /// There, with `zoom_phone` as it is.
    Real,
}

/// Whether the account has Zoom Phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ZoomPhone {
    /// It has.
    On,
    /// It has not, and everything about the phone answers 403.
    Forbidden,
    /// It has not, and everything about the phone answers 404 with code 2001.
    Missing,
}

impl Switches {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            strict: options.strict,
            latency_ms: u64::try_from(options.latency.as_millis()).unwrap_or(u64::MAX),
            faults: options.faults.clone(),
            // Longer than a caller that expects 200 ms should like, shorter than any sensible time-out.
            slow_ms: 2_000,
            hold: Vec::new(),
            plan: options.plan,
            labels: BTreeMap::new(),
            rate_limit_headers: RateLimitHeaders::Usual,
            retry_after: RetryAfterForm::Date,
            // One hour, as Zoom's OAuth answers say.
            token_life_seconds: 3_600,
            token_form_only: false,
            token_revokes_older: false,
            invalid_client_status: 400,
            app_deactivated: false,
            bad_token_status: 401,
            scopes: None,
            // 15 minutes (Zoom API, `next_page_token` of every list).
            page_token_life_seconds: 900,
            group_members_page_count: true,
            paid_account: true,
            managed_domains: Vec::new(),
            managed_users_start_active: false,
            limited_domains: Vec::new(),
            blocked_domains: vec!["blocked.example".to_owned()],
            sso: true,
            sso_pre_provision: false,
            api_users: false,
            enhanced_passwords: false,
            foreign_addresses: vec!["@foreign.example".to_owned()],
            foreign_address_answer: ForeignAddressAnswer::Used,
            pending_id_in_created: Presence::Present,
            pending_id_in_user: true,
            patch_of_inactive: PatchOfInactive::Ignored,
            call_queue_managers: Vec::new(),
            feature_in_user: FeatureInUser::Off,
            status_change_status: 200,
            seats_basic: None,
            seats_licensed: None,
            seats_bundles: None,
            seats_zoom_phone: None,
            seats_calling_plans: BTreeMap::new(),
            basic_seats_code_3412: false,
            zoom_phone: ZoomPhone::On,
            phone_provisioning_reads: 2,
            phone_provisioning_flaps: false,
            multiple_sites: options.sites > 0,
            site_codes: true,
            phone_duplicate_rows: false,
            phone_assigned_status: 201,
            phone_numbers_with_plus: true,
            // Zoom API, phone, `phone_numbers` of a user: maxItems 10.
            phone_numbers_per_user: 10,
        }
    }

    pub(crate) fn page_token_life(&self) -> Duration {
        Duration::from_secs(self.page_token_life_seconds)
    }

    pub(crate) fn json(&self) -> Value {
        // A struct of plain data always serialises.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// These switches with some set otherwise; `defaults` is what `null` stands for.
    pub(crate) fn with(&self, changes: Value, defaults: &Self) -> Result<Self, SwitchError> {
        let (Value::Object(changes), Value::Object(mut all), defaults) = (changes, self.json(), defaults.json()) else {
            return Err(SwitchError::NotAnObject);
        };
        for (name, value) in changes {
            let Some(setting) = all.get_mut(&name) else {
                return Err(SwitchError::Unknown { name, known: all.keys().cloned().collect::<Vec<_>>().join(", ") });
            };
            *setting = if value.is_null() { defaults.get(&name).cloned().unwrap_or_default() } else { value };
            // Decoded one by one, so that the message can name the one that is wrong.
            if let Err(error) = serde_json::from_value::<Self>(Value::Object(all.clone())) {
                return Err(SwitchError::Wrong { name, reason: error.to_string() });
            }
        }
        serde_json::from_value(Value::Object(all)).map_err(|_| SwitchError::NotAnObject)
    }
}

/// Switches that cannot be set so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SwitchError {
    /// What came was no JSON object.
    #[error("switches are set with a JSON object of names and values")]
    NotAnObject,
    /// There is no such switch.
    #[error("unknown switch {name:?}: known are {known}")]
    Unknown {
        /// The name that was given.
        name: String,
        /// All names there are, with commas between them.
        known: String,
    },
    /// A switch cannot have this value.
    #[error("switch {name:?}: {reason}")]
    Wrong {
        /// The switch.
        name: String,
        /// What is wrong with the value.
        reason: String,
    },
}
