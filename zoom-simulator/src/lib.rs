//! A local Zoom: OAuth, users, groups, roles and Zoom Phone, as its REST API behaves towards a server-to-server app.
//!
//! It is written after Zoom's API documents and what people report of the living thing, and knows nothing of any
//! client. What differs between accounts, or between the documents and reality, is a switch.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use zoom_simulator::{Options, Simulator};
//!
//! let simulator = Simulator::start(Options { users: 10, ..Options::default() }).await.unwrap();
//! assert!(simulator.base_url().starts_with("http://127.0.0.1:"));
//! assert_eq!(simulator.stats().requests, 0);
//! simulator.stop().await;
//! # });
//! ```

mod call;
mod clock;
mod countries;
mod email;
mod errors;
mod faults;
mod fields;
mod groups;
mod ids;
mod limits;
mod locks;
mod oauth;
mod observe;
mod options;
mod paging;
mod phone;
mod roles;
mod routes;
mod seed;
mod serve;
mod server;
mod sim;
mod simulator;
mod state;
mod switches;
mod tls;
mod tokens;
mod users;
mod wire;

pub use faults::{Fault, FaultError};
pub use observe::{LogEntry, Stats};
pub use options::{Credentials, Options, OptionsError, Plan, UnknownPlan};
pub use sim::ActivateError;
pub use simulator::{Simulator, StartError};
pub use switches::SwitchError;
pub use tls::TlsError;
