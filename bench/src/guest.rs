//! The component in a host of the least that it needs, which answers from memory, tells the guest's time from its own
//! and counts the guest's memory. It limits nothing.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use http::Request;
use wasmtime::component::{Component, Linker, ResourceAny, ResourceTable};
use wasmtime::{CallHook, Config, Engine, ResourceLimiter, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView};

use crate::answers::Answers;
use crate::harness::USER;
use crate::stopwatch::Stopwatch;
use bindings::iam::connector::types;

#[allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::allow_attributes_without_reason,
    reason = "generated code"
)]
mod bindings {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "connector",
        exports: { default: async },
    });
}

/// The component, compiled and linked.
pub(crate) struct Compiled {
    engine: Engine,
    linked: bindings::ConnectorPre<Host>,
}

impl Compiled {
    pub(crate) fn new(file: &Path) -> Result<Self> {
        let mut config = Config::new();
        // Whether it is time to stop is looked at in every loop of the compiled code, as in the host that is shipped.
        config.epoch_interruption(true);
        let build = || {
            let engine = Engine::new(&config)?;
            let mut linker = Linker::new(&engine);
            wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
            wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker)?;
            let component = Component::from_file(&engine, file)?;
            let linked = bindings::ConnectorPre::new(linker.instantiate_pre(&component)?)?;
            Ok(Self { engine, linked })
        };
        build().map_err(foreign)
    }
}

/// A connector in an instance of its own.
pub(crate) struct Guest {
    store: Store<Host>,
    exports: bindings::Connector,
    connector: ResourceAny,
}

/// What an import has taken.
pub(crate) struct Import {
    pub(crate) objects: usize,
    /// The time in the guest's own code.
    pub(crate) guest: Duration,
    /// All of the time: the host's calls and the answers besides.
    pub(crate) elapsed: Duration,
    /// How often the guest was left for the host.
    pub(crate) crossings: u32,
    /// The guest's linear memory, in bytes.
    pub(crate) memory: usize,
}

impl Guest {
    pub(crate) async fn open(compiled: &Compiled, properties: &[(String, String)], answers: Answers) -> Result<Self> {
        let host = Host {
            table: ResourceTable::new(),
            wasi: WasiCtx::builder().build(),
            http: WasiHttpCtx::new(),
            answers: FromMemory(answers),
            stopwatch: Stopwatch::default(),
            memory: Memory::default(),
        };
        let mut store = Store::new(&compiled.engine, host);
        store.limiter(|host| &mut host.memory);
        store.set_epoch_deadline(1); // Nobody lets an epoch pass here.
        store.call_hook(|mut context, hook| {
            match hook {
                CallHook::CallingWasm | CallHook::ReturningFromHost => context.data_mut().stopwatch.go(),
                CallHook::ReturningFromWasm | CallHook::CallingHost => context.data_mut().stopwatch.stop(),
            }
            Ok(())
        });
        let exports = compiled.linked.instantiate_async(&mut store).await.map_err(foreign)?;
        let property = |(name, value): &(String, String)| types::ConfigurationProperty {
            name: name.clone(),
            values: vec![types::Value::Text(value.clone())],
        };
        let properties: Vec<_> = properties.iter().map(property).collect();
        let guest = exports.iam_connector_provisioning().connector();
        let connector = guest.call_open(&mut store, &properties).await.map_err(foreign)?.map_err(refused)?;
        Ok(Self { store, exports, connector })
    }

    /// Imports all users.
    pub(crate) async fn import(&mut self) -> Result<Import> {
        self.store.data_mut().stopwatch = Stopwatch::default();
        let began = Instant::now();
        let mut search = types::SearchOptions {
            attributes_to_get: None,
            return_default_attributes: false,
            page_size: None,
            page_offset: None,
            page_cookie: None,
            sort_keys: Vec::new(),
            scope: None,
            container: None,
            allow_partial_results: false,
            allow_partial_attribute_values: false,
        };
        let options =
            types::Options { run_as_user: None, run_with_password: None, deadline_ms: None, extra: Vec::new() };
        let mut objects = 0;
        loop {
            let guest = self.exports.iam_connector_provisioning().connector();
            let page = guest.call_search(&mut self.store, self.connector, USER, None, &search, &options).await;
            let page = page.map_err(foreign)?.map_err(refused)?;
            objects += page.objects.len();
            search.page_cookie = page.next;
            if search.page_cookie.is_none() {
                break;
            }
        }
        let elapsed = began.elapsed();
        let Host { stopwatch, memory, .. } = self.store.data();
        let (guest, crossings) = (stopwatch.spent(), stopwatch.stretches());
        Ok(Import { objects, guest, elapsed, crossings, memory: memory.bytes })
    }
}

/// The host's side of an instance.
struct Host {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    answers: FromMemory,
    stopwatch: Stopwatch,
    memory: Memory,
}

impl WasiView for Host {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Host {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.answers }
    }
}

struct FromMemory(Answers);

type Io = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for FromMemory {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Io,
    ) -> Box<dyn Future<Output = Result<(http::Response<WasiBody>, Io), Error>> + Send> {
        let answers = self.0.clone();
        Box::new(async move { Ok((answers.to(request).await?, Box::new(async { Ok(()) }) as Io)) })
    }
}

/// Counts linear memory, which never shrinks.
#[derive(Default)]
struct Memory {
    bytes: usize,
}

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        self.bytes += desired.saturating_sub(current);
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

fn foreign(error: wasmtime::Error) -> anyhow::Error {
    anyhow!("{error:?}").context("the component misbehaves")
}

fn refused(error: types::Error) -> anyhow::Error {
    anyhow!("{}", error.message).context("the connector refuses")
}
