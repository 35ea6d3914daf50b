//! How long to wait before sending again.

use std::time::Duration;

use crate::runtime::spread;

/// The first wait, in milliseconds. A connection that broke is mostly there again at once.
const FIRST: u32 = 250;
/// The longest wait, in milliseconds: with five retries a request is given up after four to eight seconds.
const LONGEST: u32 = 8000;

/// The waits of one request: each about twice the one before it, and none the same for all, so that
/// requests that failed together do not come back together.
#[derive(Debug)]
pub struct Backoff {
    left: u32,
    wait: u32,
}

impl Backoff {
    /// A request that may be sent again this often.
    pub fn new(retries: u32) -> Self {
        Self { left: retries, wait: FIRST }
    }

    /// How long to wait before sending again: between half of the wait and all of it. None when the
    /// request was sent often enough.
    pub fn next_wait(&mut self) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        let wait = u64::from(self.wait);
        self.wait = (self.wait * 2).min(LONGEST);
        Some(Duration::from_millis(wait / 2 + spread() % (wait / 2)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_stay_bounded_and_end() {
        let mut backoff = Backoff::new(8);
        let waits: Vec<_> = std::iter::from_fn(|| backoff.next_wait()).collect();
        assert_eq!(waits.len(), 8);
        for (position, wait) in waits.iter().enumerate() {
            let most = Duration::from_millis((FIRST * (1 << position)).min(LONGEST).into());
            assert!(*wait >= most / 2 && *wait <= most, "wait {position} is {wait:?}");
        }
    }
}
