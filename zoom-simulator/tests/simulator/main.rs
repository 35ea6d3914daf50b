//! The simulator, asked over real HTTP on the loopback, held against what is known of Zoom.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "helpers of tests, which may fail loudly"
)]

mod oauth;
mod support;
mod users;
