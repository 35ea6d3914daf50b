//! Waiting in a component: one `wasi:io/poll` over everything that any task waits for.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use waki::bindings::wasi::clocks::monotonic_clock;
use waki::bindings::wasi::io::poll::{Pollable, poll};

use super::Instant;

/// Somebody who waits.
struct Waiter {
    id: u64,
    pollable: Rc<Pollable>,
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
    Ready { id, pollable: Some(Rc::new(pollable)) }
}

/// The pollable is with the waiter while it is waited for; a waiter that is gone was woken.
struct Ready {
    id: u64,
    pollable: Option<Rc<Pollable>>,
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
    let pollables: Vec<_> =
        WAITERS.with_borrow(|waiters| waiters.iter().map(|waiter| (waiter.id, Rc::clone(&waiter.pollable))).collect());
    if pollables.is_empty() {
        return false;
    }
    let references: Vec<&Pollable> = pollables.iter().map(|(_, pollable)| pollable.as_ref()).collect();
    let ready = poll(&references);
    let ids: Vec<u64> = ready
        .into_iter()
        .filter_map(|position| pollables.get(usize::try_from(position).ok()?).map(|(id, _)| *id))
        .collect();
    drop(pollables);
    let woken = WAITERS.with_borrow_mut(|waiters| {
        let (woken, waiting): (Vec<_>, Vec<_>) = waiters.drain(..).partition(|waiter| ids.contains(&waiter.id));
        *waiters = waiting;
        woken
    });
    woken.into_iter().for_each(|waiter| waiter.waker.wake());
    true
}
