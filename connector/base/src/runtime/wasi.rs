//! Waiting in a component: one `wasi:io/poll` over everything that any task waits for.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use waki::bindings::wasi::cli::stderr::get_stderr;
use waki::bindings::wasi::clocks::{monotonic_clock, wall_clock};
use waki::bindings::wasi::io::poll::{Pollable, poll};

use super::Instant;

/// Somebody who waits.
struct Waiter {
    id: u64,
    pollable: Pollable,
    waker: Waker,
}

thread_local! {
    static WAITERS: RefCell<Vec<Waiter>> = const { RefCell::new(Vec::new()) };
    static NEXT_ID: RefCell<u64> = const { RefCell::new(0) };
}

/// The current moment.
pub fn now() -> Instant {
    Instant(Duration::from_nanos(monotonic_clock::now()))
}

/// How long it is since the beginning of 1970, by the clock of the host.
pub fn unix_time() -> Duration {
    let now = wall_clock::now();
    Duration::new(now.seconds, now.nanoseconds)
}

/// How much `blocking-write-and-flush` takes at a time.
const WRITE_BYTES: usize = 4096;

/// Writes to stderr, as far as that can be written.
pub(crate) fn write_stderr(bytes: &[u8]) {
    let stderr = get_stderr();
    let _ = bytes.chunks(WRITE_BYTES).try_for_each(|chunk| stderr.blocking_write_and_flush(chunk));
}

/// Waits this long.
pub fn sleep(duration: Duration) -> impl Future<Output = ()> + 'static {
    ready(monotonic_clock::subscribe_duration(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)))
}

/// Waits until a pollable is ready, and drops it.
pub fn ready(pollable: Pollable) -> impl Future<Output = ()> + 'static {
    let id = NEXT_ID.with_borrow_mut(|next| {
        *next += 1;
        *next
    });
    Ready { id, pollable: Some(pollable) }
}

/// The pollable is with the waiter while it is waited for; a waiter that is gone was woken.
struct Ready {
    id: u64,
    pollable: Option<Pollable>,
}

impl Future for Ready {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let id = self.id;
        WAITERS.with_borrow_mut(|waiters| {
            if let Some(pollable) = self.pollable.take() {
                waiters.push(Waiter { id, pollable, waker: context.waker().clone() });
                return Poll::Pending;
            }
            match waiters.iter_mut().find(|waiter| waiter.id == id) {
                Some(waiter) => {
                    waiter.waker.clone_from(context.waker());
                    Poll::Pending
                }
                None => Poll::Ready(()),
            }
        })
    }
}

impl Drop for Ready {
    fn drop(&mut self) {
        WAITERS.with_borrow_mut(|waiters| waiters.retain(|waiter| waiter.id != self.id));
    }
}

/// Waits until something is ready and wakes those who wait for it; false where nobody waits.
pub(super) fn wait() -> bool {
    let woken = WAITERS.with_borrow_mut(|waiters| {
        let mut pollables: Vec<&Pollable> = Vec::new();
        for waiter in waiters.iter() {
            pollables.push(&waiter.pollable);
        }
        if pollables.is_empty() {
            return Vec::new();
        }
        let ready = poll(&pollables);
        let mut woken: Vec<Waker> = Vec::new();
        let mut position = 0;
        waiters.retain(|waiter| {
            let is_ready = ready.contains(&position);
            position += 1;
            if is_ready {
                woken.push(waiter.waker.clone());
            }
            !is_ready
        });
        woken
    });
    let any = !woken.is_empty();
    for waker in woken {
        waker.wake();
    }
    any
}
