//! Tasks, timers and the clock: many requests at a time in one instance.
//!
//! A component has one thread and is entered by one call at a time. [`block_on`] runs the future of the
//! call, and all tasks besides, until that future is done; tasks that are not done by then stay as
//! they are and go on in the next call. What they wait for (a response, a timer) makes progress in the
//! host meanwhile, so that a page can be fetched while the host still works on the one before it.
//! Dropping a [`Task`] cancels it, down to the connection.
//!
//! On wasm the tasks wait with one `wasi:io/poll`. Natively, for tests, time is simulated: when every
//! task waits, the clock jumps to the next timer.

mod cached;
mod executor;
mod gate;
#[cfg_attr(target_family = "wasm", path = "wasi.rs")]
#[cfg_attr(not(target_family = "wasm"), path = "simulated.rs")]
mod reactor;

use std::ops::Add;
use std::time::Duration;

pub use cached::Cached;
pub use executor::{Stuck, Task, block_on, spawn, wait};
pub use gate::{Gate, Pass};
#[cfg(target_family = "wasm")]
pub use reactor::ready;
pub(crate) use reactor::write_stderr;
pub use reactor::{now, sleep, unix_time};

/// A moment on a clock that only goes forward. It means nothing outside of this instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Duration);

impl Instant {
    /// How long after `earlier` this is: nothing if it is before.
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<Duration> for Instant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

/// A duration in whole milliseconds.
pub fn milliseconds(duration: Duration) -> u64 {
    duration.as_secs().saturating_mul(1000).saturating_add(duration.subsec_millis().into())
}

/// A number that differs from one moment to the next: good enough to spread retries, and for nothing
/// that must be hard to guess.
pub fn spread() -> u64 {
    // The finalizer of SplitMix64: every bit of the clock moves every bit of the result.
    let mut bits = u64::from(now().0.subsec_nanos()) ^ (now().0.as_secs() << 32);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}
