//! The host and real components, through its public doors.
//!
//! | module | behaviours |
//! |---|---|
//! | `loading` | which files are components, and what is read from them |
//! | `contract` | values, filters, options, errors and pages arrive as they were sent |
//! | `lifecycle` | what becomes of an instance after a trap, an error, a cancelled call |
//! | `limits` | computing time, memory, time from beginning to end |
//! | `egress` | what a component cannot reach: proved where it would have arrived |
//! | `http` | connections, time-outs, bodies, TLS |
//! | `http2` | the one connection of HTTP/2, and what becomes of its streams |
//! | `logging` | what is shown of what a component writes |
//! | `command_line` | words, exit codes and output of `harness` |
//!
//! The components are those of `tests/guests`; `cargo xtask build` builds them.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

#[cfg(feature = "cli")]
mod command_line;
mod contract;
mod egress;
mod guests;
mod http;
mod http2;
mod lifecycle;
mod limits;
mod loading;
mod logging;
mod server;
