//! Why an operation did not succeed, as the connector says it.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::Uid;

/// What a connector answers instead of a result. The component is well: the next call can be made.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectorError {
    /// What sort of error this is: callers decide by this alone.
    pub kind: ErrorKind,
    /// What went wrong, in one sentence for a person.
    pub message: String,
    /// The next step to take, in one sentence for a person.
    pub hint: Option<String>,
    /// Whether the same call may succeed later without anybody changing anything.
    pub retryable: bool,
    /// What had already been changed when a change of several calls failed, in the order in which it
    /// happened.
    pub done: Vec<String>,
    /// The object that it is about.
    pub uid: Option<Uid>,
    /// The attributes that it is about.
    pub attributes: Vec<String>,
    /// The status that the provider answered with.
    pub http_status: Option<u16>,
    /// The code that the provider answered with.
    pub provider_code: Option<String>,
    /// The provider's identifier of the call.
    pub request_id: Option<String>,
    /// How long to wait before trying again, where it is known. Serialized as `retryAfterMs`.
    #[serde(rename = "retryAfterMs", serialize_with = "milliseconds")]
    pub retry_after: Option<Duration>,
    /// Anything else worth knowing, as names and values.
    pub details: Vec<(String, String)>,
}

impl ConnectorError {
    /// An error that says no more than its kind and a sentence.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            hint: None,
            retryable: false,
            done: Vec::new(),
            uid: None,
            attributes: Vec::new(),
            http_status: None,
            provider_code: None,
            request_id: None,
            retry_after: None,
            details: Vec::new(),
        }
    }
}

impl fmt::Display for ConnectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConnectorError {}

fn milliseconds<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.as_millis()).serialize(serializer)
}

/// What sort of error a connector answers: ConnId's taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// The object to create, or the new name, exists already.
    AlreadyExists,
    /// There is no object with this uid.
    UnknownUid,
    /// An attribute value violates the schema, the syntax or a policy.
    InvalidAttributeValue,
    /// An end user's credential is wrong.
    InvalidCredential,
    /// An end user's password is wrong.
    InvalidPassword,
    /// An end user's password has expired.
    PasswordExpired,
    /// The resource refuses the operation to this service.
    PermissionDenied,
    /// The configuration is wrong or incomplete.
    Configuration,
    /// The resource cannot be reached. Nothing was sent.
    ConnectionFailed,
    /// The connection was lost during the call: whether the call took effect is not known.
    ConnectionBroken,
    /// Another failure of input or output.
    Io,
    /// The operation took longer than it may.
    OperationTimeout,
    /// The resource takes no more calls at the moment.
    RateLimited,
    /// The object or the search is no longer as the caller last saw it.
    PreconditionFailed,
    /// The resource wants a revision.
    PreconditionRequired,
    /// The connector or the resource does not do this.
    UnsupportedOperation,
    /// An argument of the call is wrong.
    InvalidArgument,
    /// None of the above.
    Other,
}

/// The contract's word for it.
impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
