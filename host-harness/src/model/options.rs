//! The options of an operation (ConnId: OperationOptions).

use std::num::NonZeroU32;
use std::time::Duration;

use super::{Uid, Value};
use crate::secrets::Secret;

/// What a caller says about any operation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Perform the operation as another user, where the schema lists that.
    pub run_as: Option<RunAs>,
    /// How long the caller will wait. The host's own time-out (`Timeouts::operation`) is passed on where
    /// it is shorter.
    pub deadline: Option<Duration>,
    /// Options that are the connector's own.
    pub extra: Vec<ExtraOption>,
}

/// What a caller says about a search. Those that the schema does not list for search are passed over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchOptions {
    /// Which attributes the objects of a result carry.
    pub attributes_to_get: AttributesToGet,
    /// How many objects the caller wants at a time; none: the connector chooses.
    pub page_size: Option<NonZeroU32>,
    /// Where the result begins.
    pub start: Start,
    /// The order of the result.
    pub sort_keys: Vec<SortKey>,
    /// How far below `container` to search.
    pub scope: Option<Scope>,
    /// The object to search below.
    pub container: Option<Container>,
    /// The caller can do with fewer objects than there are.
    pub allow_partial_results: bool,
    /// The caller can do with fewer values than there are.
    pub allow_partial_attribute_values: bool,
    /// What is said about any operation.
    pub options: Options,
}

/// Which attributes the objects of a result carry. Uid and name come always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AttributesToGet {
    /// Those that the schema calls returned by default.
    #[default]
    Default,
    /// Exactly these.
    Only(Vec<String>),
    /// These and those returned by default.
    DefaultAnd(Vec<String>),
}

/// Where the result of a search begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// At the first object.
    #[default]
    Beginning,
    /// At this object, counted from 1.
    Offset(NonZeroU32),
    /// Where the page ended that came with this cookie.
    Cookie(String),
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// The attribute, by name or native name.
    pub name: String,
    /// Smallest first.
    pub ascending: bool,
}

/// How far below a container to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The container itself.
    Object,
    /// Its direct children.
    OneLevel,
    /// Everything below it.
    Subtree,
}

/// An object to search below (ConnId: QualifiedUid).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Its object class.
    pub object_class: String,
    /// Its identity.
    pub uid: Uid,
}

/// The user to perform an operation as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunAs {
    /// The user's name.
    pub user: String,
    /// The user's password.
    pub password: Option<Secret>,
}

/// An option that is the connector's own.
#[derive(Clone, Debug, PartialEq)]
pub struct ExtraOption {
    /// Its name.
    pub name: String,
    /// Its values.
    pub values: Vec<Value>,
}
