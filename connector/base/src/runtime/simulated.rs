//! Waiting natively: a clock that stands still until every task waits, and then jumps to the next timer.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::io::Write as _;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use super::Instant;

thread_local! {
    static NOW: Cell<Instant> = const { Cell::new(Instant(Duration::ZERO)) };
    static TIMERS: RefCell<Vec<(Instant, Waker)>> = const { RefCell::new(Vec::new()) };
}

/// The current moment.
pub fn now() -> Instant {
    NOW.get()
}

/// How long it is since the beginning of 1970.
pub fn unix_time() -> Duration {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
}

/// Writes to stderr, as far as that can be written.
pub(crate) fn write_stderr(bytes: &[u8]) {
    let _ = std::io::stderr().write_all(bytes);
}

/// Waits this long.
pub fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static {
    Sleep { until: now() + duration }
}

struct Sleep {
    until: Instant,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if now() >= self.until {
            return Poll::Ready(());
        }
        TIMERS.with_borrow_mut(|timers| timers.push((self.until, context.waker().clone())));
        Poll::Pending
    }
}

/// Moves the clock to the next timer and wakes what waits for it; false where there is none.
pub(super) fn wait() -> bool {
    let due = TIMERS.with_borrow_mut(|timers| {
        let next = timers.iter().map(|(until, _)| *until).min()?;
        NOW.set(next.max(now()));
        let (due, later): (Vec<_>, Vec<_>) = timers.drain(..).partition(|(until, _)| *until <= next);
        *timers = later;
        Some(due)
    });
    let Some(due) = due else { return false };
    due.into_iter().for_each(|(_, waker)| waker.wake());
    true
}
