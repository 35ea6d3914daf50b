//! Loads identity connector components into a sandbox and calls them.
//!
//! A connector is a WebAssembly component that implements the contract in `wit/` (package
//! `iam:connector`). This library is a host for such components, whatever they connect to:
//!
//! ```no_run
//! # async fn example() -> Result<(), host_harness::Error> {
//! use host_harness::{Cache, Component, Engine, Policy, Properties, SearchOptions};
//!
//! let engine = Engine::new(Cache::User)?;
//! let component = Component::from_file(&engine, "connector.wasm")?;
//! let properties = Properties::new().with("serviceUrl", "https://api.example.com");
//! let connector = component.open(&properties, Policy::default()).await?;
//! let mut pages = connector.search_all("User", None, SearchOptions::default());
//! while let Some(page) = pages.next().await? {
//!     println!("{} objects", page.objects.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`Engine`], [`Component`] and [`Connector`] follow from one another; each is made once and used many
//! times. One policy is one file:
//!
//! | file | decides |
//! |---|---|
//! | `binary.rs` | which files are connectors at all |
//! | `cache.rs` | which compiled code is trusted |
//! | `sandbox.rs` | what an instance can reach |
//! | `egress.rs` | which hosts it may talk to |
//! | `http_client.rs`, `connections.rs` | how its requests go out |
//! | `limits.rs` | how much memory, time and so on it may use |
//! | `timeouts.rs` | how long things may take |
//! | `properties.rs` | which of the given values is a property's value |
//! | `secrets.rs`, `observe.rs` | what is shown of what it says |
//! | `error.rs` | who is to blame, and whether the instance can go on |
//!
//! It runs on Unix, in a tokio runtime with I/O and time enabled. The events of `tracing` that this crate emits
//! hold no secrets; those that wasmtime's own crates emit at level trace do, so keep their targets off.

mod binary;
mod bindings;
mod cache;
mod component;
mod connections;
mod connector;
mod convert;
mod egress;
mod engine;
mod error;
mod http_client;
mod instance;
mod limits;
pub mod model;
mod observe;
mod outgoing_handler;
mod pages;
mod policy;
mod properties;
mod sandbox;
mod secrets;
mod timeouts;

pub use binary::{Binary, CONTRACT_VERSION, Declaration};
pub use cache::Cache;
pub use component::Component;
pub use connector::Connector;
pub use egress::{Denied, Grant, NoOrigin, Origin};
pub use engine::Engine;
pub use error::{Error, Kind, Limit, LoadError};
pub use http_client::TrustedRoots;
pub use limits::Limits;
pub use model::{Options, SearchOptions};
pub use observe::{LOG_TARGET, printable};
pub use pages::Pages;
pub use policy::Policy;
pub use properties::{Configuration, Entry, Properties, Source, Standing};
pub use secrets::{MASK, Secret};
pub use timeouts::Timeouts;
