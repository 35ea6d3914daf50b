//! The contract's data, as users of this library see it.
//!
//! The types that `bindgen!` generates derive a `Debug` that prints secrets and allow states that mean
//! nothing, so they stay inside of this crate. These are their counterparts, with three differences:
//!
//! | contract | here |
//! |---|---|
//! | `value.secret(string)` | [`Value::Secret`], which cannot be printed |
//! | `attribute { values: option<list>, complete: bool }` | [`Values`]: unknown, complete or incomplete |
//! | `filter { nodes }` with positions | [`Filter`], a tree |
//! | `options` with an offset and a cookie | [`Start`]: one of them |
//!
//! What a connector answers can be serialized, with field names in camel case and secrets masked.

mod attribute;
mod error;
mod filter;
mod manifest;
mod options;
mod schema;
mod search;
mod value;

pub use attribute::{Attribute, Change, ConnectorObject, Delta, NAME, UID, Uid, Values};
pub use error::{ConnectorError, ErrorKind};
pub use filter::Filter;
pub use manifest::{
    Authentication, ClientAuthentication, FormField, FormValue, HostNeed, Manifest, PropertyInfo, PropertyType,
    ScopeNeed, TokenHeader,
};
pub use options::{AttributesToGet, Container, ExtraOption, Options, RunAs, Scope, SearchOptions, SortKey, Start};
pub use schema::{AttributeInfo, ObjectClassInfo, Operation, OperationSupport, OptionInfo, Schema};
pub use search::{Plan, PlannedCall, SearchResult};
pub use value::{Reference, Value, ValueType};
