//! How much of the host a component may use.
//!
//! | what | counted | enforced by |
//! |---|---|---|
//! | memory, tables | all of an instance together | [`Growth`], a resource limiter: growing further is a trap |
//! | computing time | inside `poll` of the call, so waiting for the network is free | [`CpuMeter`], read on every tick of the engine |
//! | host resources, bytes per host call, header fields, random bytes | per instance or call | wasmtime and its WASI crates |
//! | response bodies | each | `http_client` |
//! | log | each line, each operation | `observe` |
//!
//! The time from beginning to end is the business of `timeouts`.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use wasmtime::ResourceLimiter;

use crate::error::Limit;

/// How much of the host one component instance may use.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of linear memory. Default 256 MiB: a page of 300 objects with what belongs to it takes less
    /// than a tenth.
    pub memory: usize,
    /// Elements of tables. Default 100,000: a component has about one for each function that it calls
    /// indirectly, some thousands.
    pub table_elements: usize,
    /// Core instances. Default 100: one component has three or four, a composed one a few times that.
    pub instances: usize,
    /// Time spent computing in one operation. Default 60 s: converting a page takes milliseconds.
    pub cpu: Duration,
    /// Host resources held at one time. Default 16,384: a request in flight holds up to eight, and a
    /// thousand in flight is more than any provider allows.
    pub resources: usize,
    /// Bytes that the component hands over in one call or answer. Default 64 MiB: a hundred times a
    /// page of 300 objects.
    pub transfer: usize,
    /// Bytes of one set of header fields. Default 128 KiB: servers take 8 to 32 KiB.
    pub header_fields: usize,
    /// Random bytes in one call. Default 64 KiB: keys and nonces are below 100 bytes.
    pub random_bytes: u64,
    /// Bytes of one response body, which the host holds until the component has read it. Default 16 MiB:
    /// thirty times a page of 300 objects.
    pub response_body: usize,
    /// Bytes of one log line; the rest of it is cut off. Default 8 KiB.
    pub log_line: usize,
    /// Bytes of the log of one operation; the rest is counted, not kept. Default 256 KiB: some thousand
    /// lines, which nobody reads to the end.
    pub log_operation: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 256 << 20,
            table_elements: 100_000,
            instances: 100,
            cpu: Duration::from_secs(60),
            resources: 16_384,
            transfer: 64 << 20,
            header_fields: 128 << 10,
            random_bytes: 64 << 10,
            response_body: 16 << 20,
            log_line: 8 << 10,
            log_operation: 256 << 10,
        }
    }
}

/// Counts the memory and the table elements of an instance and refuses what goes beyond.
///
/// `wasmtime::StoreLimits` counts each memory by itself and its refusal is a text; here they are counted
/// together and the refusal is a [`Limit`].
pub(crate) struct Growth {
    memory: Budget,
    tables: Budget,
    instances: usize,
}

struct Budget {
    used: usize,
    limit: usize,
}

impl Budget {
    /// Takes what something needs that grows, or says that there is not enough left.
    fn take(&mut self, current: usize, desired: usize) -> bool {
        let used = self.used.saturating_add(desired.saturating_sub(current));
        let fits = used <= self.limit;
        if fits {
            self.used = used;
        }
        fits
    }
}

impl Growth {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            memory: Budget { used: 0, limit: limits.memory },
            tables: Budget { used: 0, limit: limits.table_elements },
            instances: limits.instances,
        }
    }
}

impl ResourceLimiter for Growth {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false); // The component's own limit: `memory.grow` answers -1, as it expects.
        }
        if self.memory.take(current, desired) { Ok(true) } else { Err(Limit::Memory(self.memory.limit).into()) }
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        if self.tables.take(current, desired) { Ok(true) } else { Err(Limit::Tables(self.tables.limit).into()) }
    }

    fn instances(&self) -> usize {
        self.instances
    }

    /// A core instance has one memory and two tables at most.
    fn memories(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.instances.saturating_mul(2)
    }
}

/// Measures how long a call computes: the time that passes inside of `poll`.
///
/// While a call waits for the network nobody polls it, so waiting costs nothing. On a host that is short
/// of processors the time of other threads counts too, which errs on the side of ending sooner.
pub(crate) struct CpuMeter {
    limit: Duration,
    /// What the times below are counted from.
    epoch: Instant,
    /// Nanoseconds spent in polls that are over.
    spent: AtomicU64,
    /// When the present poll began, in nanoseconds.
    began: AtomicU64,
}

impl CpuMeter {
    pub(crate) fn new(limit: Duration) -> Arc<Self> {
        Arc::new(Self { limit, epoch: Instant::now(), spent: AtomicU64::new(0), began: AtomicU64::new(0) })
    }

    fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    /// Begins to count anew: once for each operation.
    pub(crate) fn reset(&self) {
        self.spent.store(0, Ordering::Relaxed);
    }

    /// What the operation has spent, the present poll not included.
    pub(crate) fn spent(&self) -> Duration {
        Duration::from_nanos(self.spent.load(Ordering::Relaxed))
    }

    /// From within a poll: whether the operation may go on.
    pub(crate) fn check(&self) -> Result<(), Limit> {
        let present = self.now().saturating_sub(self.began.load(Ordering::Relaxed));
        let spent = self.spent.load(Ordering::Relaxed).saturating_add(present);
        if Duration::from_nanos(spent) > self.limit { Err(Limit::Cpu(self.limit)) } else { Ok(()) }
    }

    /// Runs a future and counts the time that passes in its polls.
    pub(crate) async fn measure<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        std::future::poll_fn(|context| self.poll(future.as_mut(), context)).await
    }

    fn poll<F: Future>(&self, future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output> {
        let began = self.now();
        self.began.store(began, Ordering::Relaxed);
        let outcome = future.poll(context);
        self.spent.fetch_add(self.now().saturating_sub(began), Ordering::Relaxed);
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growth(memory: usize) -> Growth {
        Growth::new(&Limits { memory, ..Limits::default() })
    }

    #[test]
    fn memories_are_counted_together() {
        let mut growth = growth(100);
        assert!(growth.memory_growing(0, 60, None).unwrap());
        let refusal = growth.memory_growing(0, 60, None).unwrap_err();
        assert_eq!(refusal.downcast_ref(), Some(&Limit::Memory(100)));
        assert!(growth.memory_growing(60, 100, None).unwrap(), "a refusal costs nothing");
    }

    #[test]
    fn a_component_that_runs_into_its_own_maximum_is_told_so() {
        assert!(!growth(100).memory_growing(0, 60, Some(50)).unwrap());
    }

    #[tokio::test]
    async fn only_time_inside_of_poll_counts() {
        let meter = CpuMeter::new(Duration::ZERO);
        let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
        let waiting = tokio::spawn({
            let meter = meter.clone();
            async move { meter.measure(receiver).await }
        });
        tokio::task::yield_now().await;
        let before = meter.spent.load(Ordering::Relaxed);
        assert!(before > 0, "the first poll counted");
        let pause = Instant::now();
        while pause.elapsed() < Duration::from_millis(20) {}
        assert_eq!(meter.spent.load(Ordering::Relaxed), before, "nothing is counted between polls");
        sender.send(()).unwrap();
        waiting.await.unwrap().unwrap();
        assert!(meter.spent.load(Ordering::Relaxed) > before);
        assert_eq!(meter.check(), Err(Limit::Cpu(Duration::ZERO)));
    }
}
