//! Everything that a component instance can reach, and nothing else.
//!
//! | capability | given |
//! |---|---|
//! | HTTP requests | to the hosts of its manifest (`egress`) |
//! | clocks, random numbers | yes |
//! | standard error | into the host's log (`observe`) |
//! | standard input and output, arguments, environment | empty |
//! | files | none: the interface is there, no directory is |
//! | TCP, UDP, name look-up | refused |
//!
//! The interfaces for files and sockets are linked although nothing is behind them, since the runtimes of
//! some languages import them without ever calling them.

use std::sync::Arc;

use wasmtime::component::ResourceTable;
use wasmtime::{Store, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use crate::engine::Engine;
use crate::http_client::Outgoing;
use crate::limits::{CpuMeter, Growth, Limits};
use crate::observe::GuestLog;

/// The host's side of one component instance.
pub(crate) struct State {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    outgoing: Outgoing,
    growth: Growth,
    pub(crate) cpu: Arc<CpuMeter>,
    pub(crate) log: GuestLog,
}

/// A store for one instance, with every limit in force.
pub(crate) fn store(engine: &Engine, limits: &Limits, outgoing: Outgoing) -> Store<State> {
    let log = GuestLog::new(limits);
    let wasi = WasiCtx::builder()
        .stderr(log.clone())
        .allow_tcp(false)
        .allow_udp(false)
        .allow_ip_name_lookup(false)
        .max_random_size(limits.random_bytes)
        .build();
    let mut http = WasiHttpCtx::new();
    http.set_field_size_limit(limits.header_fields);
    let mut table = ResourceTable::new();
    table.set_max_capacity(limits.resources);
    let cpu = CpuMeter::new(limits.cpu);
    let state = State { table, wasi, http, outgoing, growth: Growth::new(limits), cpu, log };

    let mut store = Store::new(&engine.wasmtime, state);
    store.limiter(|state| &mut state.growth);
    store.set_hostcall_fuel(limits.transfer);
    store.set_epoch_deadline(1);
    // Yielding at every tick lets the time-out of the operation and other tasks have their turn.
    store.epoch_deadline_callback(|context| {
        context.data().cpu.check()?;
        Ok(UpdateDeadline::Yield(1))
    });
    store
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.outgoing }
    }
}
