//! The simulator, asked over real HTTP on the loopback, held against what is known of Zoom.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "helpers of tests may fail loudly")]

mod account;
mod faults;
mod groups;
mod limits;
mod oauth;
mod observers;
mod paging;
mod phone;
mod phone_inventory;
mod roles;
mod support;
mod users_access;
mod users_create;
mod users_delete;
mod users_read;
mod users_settings;
mod users_update;
mod wire;
