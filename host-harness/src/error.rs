//! What can go wrong in a call, and who is to blame.
//!
//! | error | who | what becomes of the instance |
//! |---|---|---|
//! | [`Error::Connector`] | the resource, the caller or the configuration, as the connector says | stays |
//! | [`Error::Configuration`] | the caller: the host cannot make use of what it was given | there is none |
//! | [`Error::Load`] | the file: it is no component for this host | there is none |
//! | [`Error::Contract`] | the component: its answer is one that the contract does not allow | stays |
//! | [`Error::Trap`], [`Error::Limit`] | the component | discarded, the next call starts afresh |

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::model::{ConnectorError, ErrorKind};

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The connector answered an error.
    #[error(transparent)]
    Connector(Box<ConnectorError>),
    /// The host cannot make use of its own configuration: a certificate, for example.
    #[error("{0}")]
    Configuration(String),
    /// The file cannot be loaded as a connector.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The component ran into something that it could not go on from.
    #[error("the component trapped: {message}")]
    Trap {
        /// What happened.
        message: String,
        /// The last lines that the component wrote to its log before that: often the reason.
        last_words: Option<String>,
    },
    /// The component took more than it was given.
    #[error(transparent)]
    Limit(#[from] Limit),
    /// The component answered what the contract does not allow.
    #[error("the component broke its contract: {0}")]
    Contract(String),
}

impl Error {
    /// The sort of error, to decide by.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Connector(error) => Kind::Connector(error.kind),
            Self::Configuration(_) => Kind::Connector(ErrorKind::Configuration),
            Self::Load(_) => Kind::Load,
            Self::Trap { .. } => Kind::Trap,
            Self::Limit(_) => Kind::Limit,
            Self::Contract(_) => Kind::Contract,
        }
    }

    /// What helps a person on: the next step to take, or the last words of a component that trapped.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Connector(error) => error.hint.as_deref(),
            Self::Trap { last_words, .. } => last_words.as_deref(),
            Self::Limit(limit) => Some(limit.hint()),
            Self::Load(error) => error.hint(),
            Self::Configuration(_) | Self::Contract(_) => None,
        }
    }
}

impl From<ConnectorError> for Error {
    fn from(error: ConnectorError) -> Self {
        Self::Connector(Box::new(error))
    }
}

/// What sort of error an [`Error`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// What the connector said, in the contract's words.
    Connector(ErrorKind),
    /// The file is no connector.
    Load,
    /// The component trapped.
    Trap,
    /// The component ran into a limit.
    Limit,
    /// The component broke its contract.
    Contract,
}

impl Kind {
    /// The exit code of a process that ends with this error.
    ///
    /// | code | kinds |
    /// |---|---|
    /// | 2 | configuration, invalid-argument, invalid-attribute-value, unsupported-operation |
    /// | 3 | unknown-uid |
    /// | 4 | already-exists |
    /// | 5 | permission-denied, invalid-credential, invalid-password, password-expired |
    /// | 6 | connection-failed, connection-broken, io, operation-timeout |
    /// | 7 | rate-limited |
    /// | 8 | load, trap, limit, contract |
    /// | 1 | the others |
    pub fn exit_code(self) -> u8 {
        use ErrorKind as K;
        match self {
            Self::Connector(
                K::Configuration | K::InvalidArgument | K::InvalidAttributeValue | K::UnsupportedOperation,
            ) => 2,
            Self::Connector(K::UnknownUid) => 3,
            Self::Connector(K::AlreadyExists) => 4,
            Self::Connector(K::PermissionDenied | K::InvalidCredential | K::InvalidPassword | K::PasswordExpired) => 5,
            Self::Connector(K::ConnectionFailed | K::ConnectionBroken | K::Io | K::OperationTimeout) => 6,
            Self::Connector(K::RateLimited) => 7,
            Self::Connector(K::PreconditionFailed | K::PreconditionRequired | K::Other) => 1,
            Self::Load | Self::Trap | Self::Limit | Self::Contract => 8,
        }
    }
}

/// The word for it: the contract's, or `load`, `trap`, `limit`, `contract`.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connector(kind) => kind.fmt(f),
            Self::Load => f.write_str("load"),
            Self::Trap => f.write_str("trap"),
            Self::Limit => f.write_str("limit"),
            Self::Contract => f.write_str("contract"),
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What the component took more of than it was given (`Limits`, `Timeouts`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// Bytes of linear memory, all memories of the component together.
    #[error("the component asked for more than {} MiB of memory", .0 >> 20)]
    Memory(usize),
    /// Elements of tables, all tables of the component together.
    #[error("the component asked for more than {0} table elements")]
    Tables(usize),
    /// Host resources held at one time: requests, bodies, streams, timers.
    #[error("the component holds more than {0} host resources at a time")]
    Resources(usize),
    /// Time spent computing in one operation.
    #[error("the component computed for more than {0:?} in one operation")]
    Cpu(Duration),
    /// Time from the beginning of one operation, waiting included.
    #[error("the operation took more than {0:?}")]
    WallClock(Duration),
}

impl Limit {
    fn hint(self) -> &'static str {
        match self {
            Self::Memory(_) => "ask for smaller pages, or give it more memory",
            Self::Tables(_) => "the component is not built as usual components are",
            Self::Resources(_) => "the component makes too many requests at a time, or never drops them",
            Self::Cpu(_) => "ask for smaller pages; a component that never comes back is at fault itself",
            Self::WallClock(_) => "the resource may be slow or its rate limit used up; ask for smaller pages",
        }
    }
}

/// Why a file cannot be loaded as a connector.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {source}", path = .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is no WebAssembly, or only a part of one.
    #[error("not a WebAssembly file: {0}")]
    NotWasm(String),
    /// The file is a core module.
    #[error("a core WebAssembly module, not a component")]
    CoreModule,
    /// The component does not implement the contract.
    #[error("the component does not export {0}, so it is no connector")]
    NotAConnector(String),
    /// The component implements another version of the contract.
    #[error("the component was built for version {found} of the contract, this host speaks {spoken}")]
    ContractVersion {
        /// The version that the component exports.
        found: String,
        /// The version that this host calls.
        spoken: String,
    },
    /// The component imports something that this host does not have, or cannot be compiled.
    #[error("the component cannot be linked: {0}")]
    Link(String),
    /// The component says different things about itself in different places.
    #[error("the component contradicts itself: {0}")]
    Contradiction(String),
}

impl LoadError {
    fn hint(&self) -> Option<&str> {
        match self {
            Self::CoreModule => {
                Some("build it for the target wasm32-wasip2, or wrap it with `wasm-tools component new`")
            }
            Self::ContractVersion { .. } => Some("build the component again, or use a host of its version"),
            _ => None,
        }
    }
}
