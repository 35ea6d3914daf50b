//! What time it is. The simulator never asks the system twice: it starts from the system's clock once, runs on from
//! there, and can be stopped and moved forward, so that the fifteen minutes of a page token or the second of a rate
//! limit can be tested without waiting for them.

use std::{
    fmt,
    time::{Duration, Instant},
};

use serde::{Serialize, Serializer};
use time::{UtcDateTime, format_description::StaticFormatDescription, macros::format_description};

/// The form of every date and time in Zoom's answers: `2018-11-15T01:10:08Z`, without fractions of a second.
const FORMAT: StaticFormatDescription = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(UtcDateTime);

impl Moment {
    /// So many seconds after the beginning of 1970; times out of range become that beginning.
    pub(crate) fn from_unix(seconds: i64) -> Self {
        Self(UtcDateTime::from_unix_timestamp(seconds).unwrap_or(UtcDateTime::UNIX_EPOCH))
    }

    /// Seconds since the beginning of 1970.
    pub(crate) fn unix(self) -> i64 {
        self.0.unix_timestamp()
    }

    /// This much later; the same moment if time does not reach so far.
    pub(crate) fn plus(self, duration: Duration) -> Self {
        let later = time::Duration::try_from(duration).ok().and_then(|duration| self.0.checked_add(duration));
        Self(later.unwrap_or(self.0))
    }

    /// This much earlier; the same moment if time does not reach so far.
    pub(crate) fn minus(self, duration: Duration) -> Self {
        let earlier = time::Duration::try_from(duration).ok().and_then(|duration| self.0.checked_sub(duration));
        Self(earlier.unwrap_or(self.0))
    }

    /// How much time has passed since an earlier moment; nothing if it was later.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        Duration::try_from(self.0 - earlier.0).unwrap_or_default()
    }

    /// The day in Greenwich, which is what daily limits go by.
    pub(crate) fn day(self) -> i64 {
        self.unix().div_euclid(SECONDS_OF_A_DAY)
    }

    /// The midnight in Greenwich with which this day ends.
    pub(crate) fn next_midnight(self) -> Self {
        Self::from_unix(self.day().saturating_add(1).saturating_mul(SECONDS_OF_A_DAY))
    }
}

/// 24 hours, without leap seconds, as Unix time counts.
const SECONDS_OF_A_DAY: i64 = 86_400;

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(FORMAT).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The simulator's clock.
pub(crate) struct Clock {
    base: Moment,
    /// When it began to run from `base`; none while it stands still.
    running: Option<Instant>,
}

impl Clock {
    /// A clock that goes right.
    pub(crate) fn start() -> Self {
        Self { base: Moment(UtcDateTime::now()), running: Some(Instant::now()) }
    }

    pub(crate) fn now(&self) -> Moment {
        match self.running {
            Some(started) => self.base.plus(started.elapsed()),
            None => self.base,
        }
    }

    /// Stops the clock; from now on only `advance` moves it.
    pub(crate) fn freeze(&mut self) {
        self.base = self.now();
        self.running = None;
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.base = self.base.plus(by);
    }
}
