//! The contract's error, and how it is built.
//!
//! [`Error`] is the record of the contract itself, in a box. It is made by [`Error::new`] (or one of the
//! shorthands for what every connector has to say) and filled by the `with_` functions or by its fields.

use std::fmt;
use std::ops::{Deref, DerefMut};

pub use crate::contract::ErrorKind;
use crate::contract::{Error as Record, Uid};
use crate::value::Quoted;

/// The result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation did not succeed.
#[derive(Clone, Debug)]
pub struct Error(Box<Record>);

impl Deref for Error {
    type Target = Record;

    fn deref(&self) -> &Record {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Record {
        &mut self.0
    }
}

impl From<Error> for Record {
    fn from(error: Error) -> Self {
        *error.0
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl Error {
    /// An error of this kind, with a message for a person. It is `retryable` where the kind by itself
    /// says that nothing about the call was wrong.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let retryable = matches!(
            kind,
            ErrorKind::ConnectionFailed
                | ErrorKind::ConnectionBroken
                | ErrorKind::Io
                | ErrorKind::OperationTimeout
                | ErrorKind::RateLimited
        );
        Self(Box::new(Record {
            kind,
            message: message.into(),
            hint: None,
            retryable,
            done: Vec::new(),
            uid: None,
            attributes: Vec::new(),
            http_status: None,
            provider_code: None,
            request_id: None,
            retry_after_ms: None,
            details: Vec::new(),
        }))
    }

    /// A `configuration` error.
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration, message)
    }

    /// An `invalid-argument` error.
    pub fn argument(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidArgument, message)
    }

    /// An `invalid-attribute-value` error about one attribute.
    pub fn attribute(name: impl Into<String>, message: impl Into<String>) -> Self {
        let mut error = Self::new(ErrorKind::InvalidAttributeValue, message);
        error.attributes.push(name.into());
        error
    }

    /// An `unsupported-operation` error.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::UnsupportedOperation, message)
    }

    /// The `unknown-uid` error of an object class.
    pub fn unknown_uid(object_class: &str, uid: &str) -> Self {
        Self::new(ErrorKind::UnknownUid, format!("there is no {object_class} with the uid {}", Quoted(uid)))
    }

    /// The next step to take.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The object that it is about.
    #[must_use]
    pub fn with_uid(mut self, uid: impl Into<String>) -> Self {
        self.uid = Some(Uid { value: uid.into(), revision: None, name_hint: None });
        self
    }

    /// What had already been changed.
    #[must_use]
    pub fn with_done(mut self, done: Vec<String>) -> Self {
        self.done = done;
        self
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.retryable = retryable;
        self
    }
}
