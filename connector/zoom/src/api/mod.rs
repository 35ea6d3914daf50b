//! Zoom's REST API, as far as the connector needs it: typed calls, one file per area.
//!
//! Nothing here knows of attributes, object classes or any other word of identity management. Facts are
//! from Zoom's API documentation; each function names its operation.

pub(crate) mod body;
pub(crate) mod budget;
pub(crate) mod client;
pub(crate) mod error;
pub(crate) mod groups;
pub(crate) mod limits;
pub(crate) mod page;
pub(crate) mod phone;
pub(crate) mod record;
pub(crate) mod roles;
pub(crate) mod sites;
pub(crate) mod token;
pub(crate) mod users;

pub(crate) use client::Client;
pub(crate) use error::ZoomError;
