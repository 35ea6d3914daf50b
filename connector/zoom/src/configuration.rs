//! The configuration: the properties of the Java connector, under its bean names, with the names of
//! its property files as aliases.

use std::time::Duration;

use connector_base::configuration::{
    About, Choice, Configuration, Flag, Kind, Number, Property, RequiredSecret, RequiredText, Row, ServiceUrl, Text,
    Url,
};
use connector_base::contract::{ConfigurationProperty, PropertyInfo};
use connector_base::error::Result;
use connector_base::log::Level;
use connector_base::value::{Quoted, Secret, Value};

use crate::api::budget::{RatePlan, RateSettings};
use crate::api::limits::Label;

const CONNECTION: &str = "Connection";
const LIMITS: &str = "Limits";
const RESULTS: &str = "Results";
const LIFECYCLE: &str = "Lifecycle";
const PHONE: &str = "Zoom Phone";
const LOGGING: &str = "Logging";

const fn about(
    name: &'static str,
    aliases: &'static [&'static str],
    group: &'static str,
    display: &'static str,
    help: &'static str,
) -> About {
    About { name, aliases, group, display, help }
}

pub(crate) const SERVICE_URL: Property<ServiceUrl> = Property::new(
    about("serviceUrl", &["service.serviceUrl"], CONNECTION, "Service URL", "The base URL of Zoom's API."),
    ServiceUrl { default: "https://api.zoom.us/v2" },
);
pub(crate) const TOKEN_URL: Property<ServiceUrl> = Property::new(
    about(
        "tokenUrl",
        &["security.authenticator.oauth2ClientCredentials.tokenUrl"],
        CONNECTION,
        "OAuth2 Token URL",
        "Where access tokens come from.",
    ),
    ServiceUrl { default: "https://zoom.us/oauth/token" },
);
pub(crate) const ACCOUNT_ID: Property<RequiredText> = Property::new(
    about(
        "accountId",
        &["custom.accountId"],
        CONNECTION,
        "OAuth2 Account Id",
        "The account id of the server-to-server OAuth app.",
    ),
    RequiredText,
);
pub(crate) const CLIENT_ID: Property<RequiredText> = Property::new(
    about(
        "clientId",
        &["security.authenticator.oauth2ClientCredentials.clientId"],
        CONNECTION,
        "OAuth2 Client Id",
        "The client id of the server-to-server OAuth app.",
    ),
    RequiredText,
);
pub(crate) const CLIENT_SECRET: Property<RequiredSecret> = Property::new(
    about(
        "clientSecret",
        &["security.authenticator.oauth2ClientCredentials.clientSecret"],
        CONNECTION,
        "OAuth2 Client Secret",
        "The client secret of the server-to-server OAuth app.",
    ),
    RequiredSecret,
);
pub(crate) const SCOPE: Property<Text> = Property::new(
    about(
        "scope",
        &["security.authenticator.oauth2ClientCredentials.scope"],
        CONNECTION,
        "OAuth2 Scope",
        "The scopes to ask for. Without any, Zoom grants all that the app has.",
    ),
    Text,
);
const IO_ERROR_RETRIES: Property<Number> = Property::new(
    about(
        "ioErrorRetries",
        &["rest.ioErrorRetries"],
        CONNECTION,
        "IO Error Retries",
        "How often a call is made again after a failure of the connection or of Zoom's servers.",
    ),
    Number { default: 5, least: 0, most: 20 },
);
const RATE_PLAN: Property<Choice> = Property::new(
    about(
        "ratePlan",
        &[],
        LIMITS,
        "Rate Plan",
        "The plan of the Zoom account, which says how often it may be called. business stands for Business, Education, Enterprise and Partner. With off, only what Zoom refuses is waited for.",
    ),
    Choice { default: "business", allowed: RatePlan::WORDS },
);
const RATE_SHARE: Property<Number> = Property::new(
    about(
        "rateShare",
        &[],
        LIMITS,
        "Rate Share",
        "How much of the account's limits this instance takes, in percent: several instances, and other apps, share them.",
    ),
    Number { default: 100, least: 1, most: 100 },
);
const RATE_LIMITS: Property<RateLimits> = Property::new(
    about(
        "rateLimits",
        &[],
        LIMITS,
        "Rate Limits",
        "Labels with another limit than the plan has: Light=40, Phone Medium=10. Calls in a second, for Resource-intensive in a minute.",
    ),
    RateLimits,
);
const CONCURRENCY: Property<Number> = Property::new(
    about("concurrency", &[], LIMITS, "Concurrency", "How many calls are under way at a time."),
    Number { default: 64, least: 1, most: 256 },
);
const DEEP_GET: Property<Flag> = Property::new(
    about(
        "deepGet",
        &["results.deepGet"],
        RESULTS,
        "Deep Get Enabled",
        "Paged searches read every user's record and phone. Without, they return what Zoom's lists carry. Look-ups read everything in any case.",
    ),
    Flag { default: true },
);
const DEEP_IMPORT: Property<Flag> = Property::new(
    about(
        "deepImport",
        &["results.deepImport"],
        RESULTS,
        "Deep Import Enabled",
        "Searches without paging read every user's record and phone. Without, they return what Zoom's lists carry. Look-ups read everything in any case.",
    ),
    Flag { default: true },
);
const PAGINATION: Property<Flag> = Property::new(
    about(
        "pagination",
        &["results.pagination"],
        RESULTS,
        "Pagination Enabled",
        "Heed the page size and offset that a caller asks for. Without, every search is answered as one without paging.",
    ),
    Flag { default: true },
);
const IMPORT_BATCH_SIZE: Property<Number> = Property::new(
    about(
        "importBatchSize",
        &["results.importBatchSize"],
        RESULTS,
        "Import Batch Size",
        "How many objects a page holds where the caller does not ask for a number.",
    ),
    Number { default: 30, least: 1, most: 300 },
);
const DUPLICATE_ERROR_RETURNS_ID: Property<Flag> = Property::new(
    about(
        "duplicateErrorReturnsId",
        &["service.duplicateErrorReturnsId"],
        LIFECYCLE,
        "Duplicate Record Returns Id",
        "Creating what exists already answers the id of the existing object, not an error.",
    ),
    Flag { default: false },
);
const DEACTIVATE_ON_DELETE: Property<Flag> = Property::new(
    about(
        "deactivateOnDelete",
        &["custom.deactivateOnDelete"],
        LIFECYCLE,
        "Deactivate On Delete",
        "Deleting a user deactivates the account. Otherwise Disassociate On Delete decides.",
    ),
    Flag { default: true },
);
const DISASSOCIATE_ON_DELETE: Property<Flag> = Property::new(
    about(
        "disassociateOnDelete",
        &["custom.disassociateOnDelete"],
        LIFECYCLE,
        "Disassociate On Delete",
        "Deleting a user lets the login go on as a basic account outside of this one. Otherwise the user is deleted.",
    ),
    Flag { default: false },
);
const IMMEDIATE_LOGOUT_ON_DEACTIVATE: Property<Flag> = Property::new(
    about(
        "immediateLogoutOnDeactivate",
        &["custom.immediateLogoutOnDeactivate"],
        LIFECYCLE,
        "Immediate Logout on Deactivate",
        "A user who is deactivated is logged out everywhere at once.",
    ),
    Flag { default: false },
);
const ENTITLEMENT_DELETION_ENABLED: Property<Flag> = Property::new(
    about(
        "entitlementDeletionEnabled",
        &["custom.entitlementDeletionEnabled"],
        LIFECYCLE,
        "Entitlement Deletion Enabled",
        "Groups may be deleted.",
    ),
    Flag { default: false },
);
const ZOOM_PHONE: Property<Flag> = Property::new(
    about(
        "zoomPhone",
        &[],
        PHONE,
        "Zoom Phone",
        "Manage Zoom Phone. Without, users have no attributes of the phone, and the app needs none of its scopes.",
    ),
    Flag { default: true },
);
const PHONE_PROVISIONING_INTERVAL: Property<Number> = Property::new(
    about(
        "phoneProvisioningInterval",
        &[],
        PHONE,
        "Phone Provisioning Interval",
        "How long to wait between two looks whether a phone that was switched on is there, in milliseconds.",
    ),
    Number { default: 2000, least: 0, most: 60_000 },
);
const PHONE_PROVISIONING_HITS: Property<Number> = Property::new(
    about(
        "phoneProvisioningHits",
        &[],
        PHONE,
        "Phone Provisioning Hits",
        "How many looks in a row must find the phone: one that has just been made comes and goes.",
    ),
    Number { default: 2, least: 1, most: 10 },
);
const PHONE_PROVISIONING_LIMIT: Property<Number> = Property::new(
    about(
        "phoneProvisioningLimit",
        &[],
        PHONE,
        "Phone Provisioning Limit",
        "How long to wait for the phone at most, in seconds. Some callers give up after 60.",
    ),
    // Less than the 300 s that hosts give an operation: then the error would be theirs, and say nothing of what was done.
    Number { default: 45, least: 0, most: 270 },
);
const LOG_LEVEL: Property<Choice> = Property::new(
    about("logLevel", &[], LOGGING, "Log Level", "How much the connector writes to its log."),
    Choice { default: "warn", allowed: Level::WORDS },
);

/// All properties, in the order in which a form shows them.
pub(crate) const PROPERTIES: &[&dyn Row] = &[
    &SERVICE_URL,
    &TOKEN_URL,
    &ACCOUNT_ID,
    &CLIENT_ID,
    &CLIENT_SECRET,
    &SCOPE,
    &IO_ERROR_RETRIES,
    &RATE_PLAN,
    &RATE_SHARE,
    &RATE_LIMITS,
    &CONCURRENCY,
    &DEEP_GET,
    &DEEP_IMPORT,
    &PAGINATION,
    &IMPORT_BATCH_SIZE,
    &DUPLICATE_ERROR_RETURNS_ID,
    &DEACTIVATE_ON_DELETE,
    &DISASSOCIATE_ON_DELETE,
    &IMMEDIATE_LOGOUT_ON_DEACTIVATE,
    &ENTITLEMENT_DELETION_ENABLED,
    &ZOOM_PHONE,
    &PHONE_PROVISIONING_INTERVAL,
    &PHONE_PROVISIONING_HITS,
    &PHONE_PROVISIONING_LIMIT,
    &LOG_LEVEL,
];

/// Labels, each with a limit: `Light=40, Phone Medium=10`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RateLimits;

impl Kind for RateLimits {
    type Output = Vec<(Label, u32)>;

    fn read(&self, value: Option<&Value>) -> Result<Self::Output, String> {
        let text = Text.read(value)?.unwrap_or_default();
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let mut limits = Vec::new();
        for part in text.split(',') {
            let (name, calls) = part.split_once('=').unwrap_or((part, ""));
            let label = Label::of(name).ok_or_else(|| {
                format!(
                    "names {}: labels are Light, Medium, Heavy and Resource-intensive, also with Phone before",
                    Quoted(name.trim())
                )
            })?;
            let calls = calls.trim().parse().ok().filter(|calls| *calls > 0);
            let calls = calls.ok_or_else(|| format!("gives {label} no number of calls, as in {label}=10"))?;
            if limits.iter().any(|(other, _)| *other == label) {
                return Err(format!("names {label} more than once"));
            }
            limits.push((label, calls));
        }
        Ok(limits)
    }

    fn describe(&self, info: &mut PropertyInfo) {
        Text.describe(info);
    }
}

/// What deleting a user does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnDelete {
    Deactivate,
    Disassociate,
    Delete,
}

/// How long to wait for a phone that was switched on: Zoom makes it in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PhoneProvisioning {
    /// Between two looks.
    pub(crate) interval: Duration,
    /// How many looks in a row must find it.
    pub(crate) hits: u32,
    /// In all.
    pub(crate) limit: Duration,
}

/// A configuration that was read and checked.
pub(crate) struct Settings {
    pub(crate) service_url: Url,
    pub(crate) token_url: Url,
    pub(crate) account_id: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: Secret,
    pub(crate) scope: Option<String>,
    pub(crate) io_error_retries: u32,
    pub(crate) rates: RateSettings,
    pub(crate) deep_get: bool,
    pub(crate) deep_import: bool,
    pub(crate) pagination: bool,
    pub(crate) import_batch_size: u32,
    pub(crate) duplicate_error_returns_id: bool,
    pub(crate) on_delete: OnDelete,
    pub(crate) immediate_logout_on_deactivate: bool,
    pub(crate) entitlement_deletion_enabled: bool,
    pub(crate) zoom_phone: bool,
    pub(crate) phone_provisioning: PhoneProvisioning,
    pub(crate) log_level: Level,
}

impl Settings {
    /// Reads and checks a configuration.
    pub(crate) fn read(properties: Vec<ConfigurationProperty>) -> Result<Self> {
        let given = Configuration::read(PROPERTIES, properties)?;
        let on_delete = match (given.get(&DEACTIVATE_ON_DELETE)?, given.get(&DISASSOCIATE_ON_DELETE)?) {
            (true, _) => OnDelete::Deactivate,
            (false, true) => OnDelete::Disassociate,
            (false, false) => OnDelete::Delete,
        };
        Ok(Self {
            service_url: given.get(&SERVICE_URL)?,
            token_url: given.get(&TOKEN_URL)?,
            account_id: given.get(&ACCOUNT_ID)?,
            client_id: given.get(&CLIENT_ID)?,
            client_secret: given.get(&CLIENT_SECRET)?,
            scope: given.get(&SCOPE)?,
            io_error_retries: given.get(&IO_ERROR_RETRIES)?,
            rates: RateSettings {
                plan: RatePlan::of(given.get(&RATE_PLAN)?),
                share: given.get(&RATE_SHARE)?,
                other: given.get(&RATE_LIMITS)?,
                concurrency: given.get(&CONCURRENCY)?,
            },
            deep_get: given.get(&DEEP_GET)?,
            deep_import: given.get(&DEEP_IMPORT)?,
            pagination: given.get(&PAGINATION)?,
            import_batch_size: given.get(&IMPORT_BATCH_SIZE)?,
            duplicate_error_returns_id: given.get(&DUPLICATE_ERROR_RETURNS_ID)?,
            on_delete,
            immediate_logout_on_deactivate: given.get(&IMMEDIATE_LOGOUT_ON_DEACTIVATE)?,
            entitlement_deletion_enabled: given.get(&ENTITLEMENT_DELETION_ENABLED)?,
            zoom_phone: given.get(&ZOOM_PHONE)?,
            phone_provisioning: PhoneProvisioning {
                interval: Duration::from_millis(given.get(&PHONE_PROVISIONING_INTERVAL)?.into()),
                hits: given.get(&PHONE_PROVISIONING_HITS)?,
                limit: Duration::from_secs(given.get(&PHONE_PROVISIONING_LIMIT)?.into()),
            },
            log_level: Level::of(given.get(&LOG_LEVEL)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(name: &str, value: &str) -> ConfigurationProperty {
        ConfigurationProperty { name: name.to_owned(), values: vec![Value::text(value)] }
    }

    fn read(properties: &[(&str, &str)]) -> Result<Settings> {
        let required = [("accountId", "a"), ("clientId", "c"), ("clientSecret", "s")];
        let all = required.iter().chain(properties);
        Settings::read(all.map(|(name, value)| property(name, value)).collect())
    }

    #[test]
    fn a_deleted_user_is_deactivated_disassociated_or_deleted() {
        let on_delete = |deactivate, disassociate| {
            let properties = [("deactivateOnDelete", deactivate), ("custom.disassociateOnDelete", disassociate)];
            read(&properties).map(|settings| settings.on_delete).expect("settings")
        };
        assert_eq!(on_delete("", ""), OnDelete::Deactivate);
        assert_eq!(on_delete("true", "true"), OnDelete::Deactivate);
        assert_eq!(on_delete("false", "true"), OnDelete::Disassociate);
        assert_eq!(on_delete("false", "false"), OnDelete::Delete);
    }

    #[test]
    fn the_names_of_the_java_connectors_property_files_are_taken() {
        let oauth = "security.authenticator.oauth2ClientCredentials.";
        let names = [
            ("service.serviceUrl".to_owned(), "https://api-eu.zoom.us/v2/"),
            (format!("{oauth}tokenUrl"), "https://zoom.us/oauth/token"),
            (format!("{oauth}clientId"), "id"),
            (format!("{oauth}clientSecret"), "secret"),
            (format!("{oauth}scope"), "user:read:admin"),
            ("custom.accountId".to_owned(), "account"),
            ("rest.ioErrorRetries".to_owned(), "3"),
            ("results.deepGet".to_owned(), "false"),
            ("results.deepImport".to_owned(), "false"),
            ("results.pagination".to_owned(), "true"),
            ("results.importBatchSize".to_owned(), "300"),
            ("service.duplicateErrorReturnsId".to_owned(), "true"),
            ("custom.deactivateOnDelete".to_owned(), "false"),
            ("custom.disassociateOnDelete".to_owned(), "true"),
            ("custom.immediateLogoutOnDeactivate".to_owned(), "true"),
            ("custom.entitlementDeletionEnabled".to_owned(), "true"),
        ];
        let settings = Settings::read(names.iter().map(|(name, value)| property(name, value)).collect()).expect("read");
        assert_eq!(settings.service_url, Url { origin: "https://api-eu.zoom.us".into(), path: "/v2".into() });
        assert_eq!((settings.io_error_retries, settings.import_batch_size), (3, 300));
        assert!(!settings.deep_get && !settings.deep_import && settings.duplicate_error_returns_id);
        assert_eq!(settings.client_secret.reveal(), "secret");
    }

    #[test]
    fn limits_are_given_by_label() {
        let limits =
            read(&[("rateLimits", "light = 40,Phone Medium=10, RESOURCE-INTENSIVE=1")]).expect("read").rates.other;
        assert_eq!(limits, [(Label::Light, 40), (Label::PhoneMedium, 10), (Label::ResourceIntensive, 1)]);
        for wrong in ["Light", "Light=0", "Light=x", "Bright=1", "Light=1,", "Light=1,light=2"] {
            let error = read(&[("rateLimits", wrong)]).err().expect("refused");
            assert!(error.message.contains("rateLimits"), "{}", error.message);
        }
    }

    #[test]
    fn the_batch_size_is_1_to_300() {
        for wrong in ["0", "301", "-1", "thirty"] {
            let error = read(&[("importBatchSize", wrong)]).err().expect("refused");
            assert!(error.message.contains("importBatchSize"), "{}", error.message);
        }
    }
}
