//! The engine: one for each process.
//!
//! It holds what all components share: the compiler, the linker with everything that a component can
//! import, and the clock by which computing time is limited. It does not run anything by itself.

use std::time::Duration;

use wasmtime::Config;
use wasmtime::component::Linker;
use wasmtime_wasi_http::p2::bindings::http::types;
use wasmtime_wasi_http::{WasiHttp, WasiHttpView};

use crate::cache::Cache;
use crate::sandbox::State;
use crate::{Error, outgoing_handler};

/// How often a component that computes is looked after, and yields to others. Short enough that a
/// thread shared with other work stays responsive, long enough that the thread that ticks costs nothing.
const TICK: Duration = Duration::from_millis(10);

/// Compiles and links components. Clones are the same engine.
#[derive(Clone)]
pub struct Engine {
    pub(crate) wasmtime: wasmtime::Engine,
    pub(crate) linker: Linker<State>,
    pub(crate) cache: Cache,
}

impl Engine {
    /// An engine that keeps compiled code in `cache`.
    ///
    /// Errors: `Configuration` where the machine cannot run WebAssembly or has no thread to spare.
    pub fn new(cache: Cache) -> Result<Self, Error> {
        Self::build(cache).map_err(|error| Error::Configuration(format!("the engine cannot be started: {error:#}")))
    }

    fn build(cache: Cache) -> wasmtime::Result<Self> {
        let mut config = Config::new();
        config.epoch_interruption(true);
        let wasmtime = wasmtime::Engine::new(&config)?;
        let mut linker = Linker::new(&wasmtime);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        types::add_to_linker::<_, WasiHttp>(&mut linker, &types::LinkOptions::default(), State::http)?;
        outgoing_handler::add_to_linker(&mut linker)?;
        start_ticking(&wasmtime)?;
        Ok(Self { wasmtime, linker, cache })
    }
}

/// Ticks on a thread of its own, since a pool that is busy computing could not interrupt itself. The
/// thread ends with the engine.
fn start_ticking(engine: &wasmtime::Engine) -> wasmtime::Result<()> {
    let engine = engine.weak();
    std::thread::Builder::new().name("epoch".into()).spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    })?;
    Ok(())
}

/// Shows nothing: what is inside says nothing to a person.
impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("cache", &self.cache).finish_non_exhaustive()
    }
}
