//! The framework that a connector component is written with: what every connector needs and no
//! provider decides.
//!
//! | module | holds |
//! |---|---|
//! | [`connector`] | the trait that a connector implements, and the checked requests that it gets |
//! | [`configuration`] | properties with their types, defaults and help; the manifest's and the reader's one table |
//! | [`schema`] | object classes as tables; names and types are checked against them before a connector sees them |
//! | [`value`], [`attribute`], [`filter`] | ConnId's data, and what a filter says of an object that is known in part |
//! | [`list`] | a provider's lists, held to being whole |
//! | [`walk`], [`cookie`] | pages of a provider's lists as pages of a search, resumable in any instance |
//! | [`rate`] | how often a provider may be called |
//! | [`http`] | requests, the transports that send them, retry with back-off |
//! | [`runtime`] | tasks, timers and the clock: many requests at a time in one instance |
//! | [`log`] | lines of JSON on stderr |
//! | [`error`] | the contract's error, and how it is built |
//!
//! [`export_connector!`] makes a component of an implementation of [`connector::Connector`].
//! Everything but the transport and the clock is the same code on wasm and natively, so a connector is
//! tested natively with [`http::scripted`].

pub mod attribute;
pub mod configuration;
pub mod connector;
pub mod cookie;
pub mod error;
pub mod filter;
mod glue;
pub mod http;
pub mod list;
pub mod log;
pub mod rate;
pub mod runtime;
pub mod schema;
pub mod value;
pub mod walk;

#[doc(hidden)]
pub use glue::Exported;

/// The contract's types and exports as `wit-bindgen` makes them, but for [`value::Value`]: that one is
/// ours, so that no `Debug` of any type that holds values shows a secret. Only `Options` holds one
/// besides (`run_with_password`), and is never formatted.
#[doc(hidden)]
#[allow(
    missing_docs,
    unreachable_pub,
    unsafe_code,
    clippy::allow_attributes_without_reason,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "generated code"
)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        world: "connector",
        pub_export_macro: true,
        export_macro_name: "export_provisioning",
        default_bindings_module: "connector_base::bindings",
        additional_derives: [PartialEq],
        with: { "iam:connector/types@0.1.0/value": crate::value::Value },
    });
}

/// The types of the contract.
pub mod contract {
    pub use crate::bindings::iam::connector::types::{
        Adjustment, Attribute, AttributeDelta, AttributeFlags, AttributeInfo, AttributeTest, Authentication, Change,
        ClientAuthentication, Comparison, ConfigurationProperty, ConnectorObject, Error, ErrorKind, Filter, FilterNode,
        FormField, FormValue, HostNeed, Manifest, ObjectClassInfo, ObjectReference, Operation, OperationSupport,
        OptionInfo, Options, Plan, PlannedCall, PropertyInfo, PropertyType, ScopeNeed, SearchOptions, SearchResult,
        TokenHeader, Uid, ValueType,
    };

    /// Texts of the program as texts of the contract.
    pub fn owned(texts: &[&str]) -> Vec<String> {
        let mut owned = Vec::new();
        for text in texts {
            owned.push((*text).to_owned());
        }
        owned
    }
}

/// Makes a component of a [`connector::Connector`].
///
/// ```text
/// connector_base::export_connector!(MyConnector);
/// ```
#[macro_export]
macro_rules! export_connector {
    ($connector:ty) => {
        /// The exports of the component, which `wit-bindgen` writes.
        #[allow(unsafe_code, clippy::allow_attributes_without_reason, reason = "generated code")]
        mod component {
            type Component = $crate::Exported<$connector>;
            $crate::bindings::export_provisioning!(Component with_types_in $crate::bindings);
        }
    };
}
