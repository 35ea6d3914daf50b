//! One instance of a component, and how an operation runs in it.
//!
//! Every operation is bounded in the same way: its computing time is measured, the time from beginning to
//! end is limited, what it writes is logged. When it ends in anything but an answer (a trap, a limit, the
//! caller giving up) the instance must not be entered again. So whoever runs an operation owns the
//! instance meanwhile, and gives it back only after an answer: see `Connector::call`.

use std::sync::Arc;
use std::time::Instant;

use wasmtime::Store;
use wasmtime::component::{ResourceAny, ResourceTableError};

use crate::bindings;
use crate::bindings::exports::iam::connector::provisioning::Guest;
use crate::component::Component;
use crate::error::{Error, Limit};
use crate::http_client::Outgoing;
use crate::limits::CpuMeter;
use crate::observe::GuestLog;
use crate::policy::Policy;
use crate::sandbox::{self, State};
use crate::secrets::Redactor;

/// A component instance.
pub(crate) struct Instance {
    store: Store<State>,
    exports: bindings::Connector,
}

/// An instance in which a connector is open.
pub(crate) struct Opened {
    pub(crate) instance: Instance,
    pub(crate) handle: ResourceAny,
}

/// What bounds an operation.
pub(crate) struct Bounds<'a> {
    /// The operation's name, for the log.
    pub(crate) operation: &'static str,
    /// The secrets that may occur in it.
    pub(crate) redactor: Redactor,
    pub(crate) policy: &'a Policy,
}

impl Instance {
    /// Makes an instance, which may already run code of the component.
    pub(crate) async fn start(component: &Component, outgoing: Outgoing, bounds: Bounds<'_>) -> Result<Self, Error> {
        let mut store = sandbox::store(component.engine(), &bounds.policy.limits, outgoing);
        let meters = Meters::of(&store);
        let exports = meters.run(bounds, component.linked().instantiate_async(&mut store)).await?;
        Ok(Self { store, exports })
    }

    /// Runs one operation. After an error the instance must be dropped.
    pub(crate) async fn run<T>(
        &mut self,
        bounds: Bounds<'_>,
        call: impl AsyncFnOnce(&Guest, &mut Store<State>) -> wasmtime::Result<T>,
    ) -> Result<T, Error> {
        let meters = Meters::of(&self.store);
        meters.run(bounds, call(self.exports.iam_connector_provisioning(), &mut self.store)).await
    }
}

/// What is read and reset outside of the store while a call has it.
struct Meters {
    cpu: Arc<CpuMeter>,
    log: GuestLog,
}

impl Meters {
    fn of(store: &Store<State>) -> Self {
        Self { cpu: store.data().cpu.clone(), log: store.data().log.clone() }
    }

    async fn run<T>(self, bounds: Bounds<'_>, call: impl Future<Output = wasmtime::Result<T>>) -> Result<T, Error> {
        let time = bounds.policy.timeouts.operation;
        let began = Instant::now();
        self.cpu.reset();
        self.log.begin(bounds.redactor.clone());
        let outcome = tokio::time::timeout(time, self.cpu.measure(call)).await;
        let last_words = self.log.end();
        tracing::debug!(operation = bounds.operation, elapsed = ?began.elapsed(), computing = ?self.cpu.spent(), "done");
        match outcome {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::debug!(operation = bounds.operation, error = %bounds.redactor.redact(&format!("{error:#}")), "failed");
                Err(ended_badly(&error, last_words, bounds.policy))
            }
            Err(_) => Err(Limit::WallClock(time).into()),
        }
    }
}

/// Tells a limit from a trap.
fn ended_badly(error: &wasmtime::Error, last_words: Option<String>, policy: &Policy) -> Error {
    if let Some(limit) = error.downcast_ref::<Limit>() {
        return (*limit).into();
    }
    if let Some(ResourceTableError::Full) = error.downcast_ref() {
        return Limit::Resources(policy.limits.resources).into();
    }
    Error::Trap { message: error.root_cause().to_string(), last_words }
}
