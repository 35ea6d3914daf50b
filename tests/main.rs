//! The real component in the real host against a local Zoom, over real sockets.
//!
//! A test asserts on what the other side saw: the simulator's count of requests, its log and its state.
//! Each has a simulator of its own, and none waits for a clock.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that cannot go on says so by panicking"
)]

mod support;

mod command_line;
mod component;
mod contract_checks;
mod deep_reads;
mod deleting;
mod documents;
mod errors;
mod faults;
mod groups;
mod importing;
mod java_connector;
mod limits;
mod lookups;
mod paging;
mod phone;
mod phone_story;
mod roles;
mod secrets;
mod users;
