//! The time that passes in somebody's code.

use std::time::{Duration, Instant};

/// Counts time while it runs.
///
/// It is that of the clock on the wall: the processor's takes a system call to read, which is longer than most of what
/// passes between two readings. Nobody waits in what is measured, so in a run that nothing disturbs the two are the
/// same, and of many runs the fastest counts.
#[derive(Default)]
pub(crate) struct Stopwatch {
    since: Option<Instant>,
    spent: Duration,
    stretches: u32,
}

impl Stopwatch {
    /// Goes on.
    pub(crate) fn go(&mut self) {
        self.since = Some(Instant::now());
    }

    /// Stops, until it goes on.
    pub(crate) fn stop(&mut self) {
        if let Some(since) = self.since.take() {
            self.spent += since.elapsed();
            self.stretches += 1;
        }
    }

    /// How often it was stopped.
    pub(crate) fn stretches(&self) -> u32 {
        self.stretches
    }

    /// What it has counted, without the time that reading the clock takes: each stretch has one reading in it.
    pub(crate) fn spent(&self) -> Duration {
        self.spent.saturating_sub(reading() * self.stretches)
    }
}

/// How long reading the clock takes.
fn reading() -> Duration {
    const TIMES: u32 = 10_000;
    let began = Instant::now();
    for _ in 0..TIMES {
        std::hint::black_box(Instant::now());
    }
    began.elapsed() / TIMES
}
