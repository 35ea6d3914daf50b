//! What `bindgen!` makes of the contract.
//!
//! Its types print secrets in their `Debug`: they are converted at the edge (`convert/`), and nothing
//! but `convert/` and `instance.rs` names them.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::allow_attributes_without_reason,
    reason = "generated code; it is documented in wit/"
)]

wasmtime::component::bindgen!({
    path: "../wit",
    world: "connector",
    exports: { default: async },
});
