//! The executor: tasks by number, a queue of those that can go on, and the future of the call that is
//! being answered.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use super::reactor;
use crate::error::{Error, ErrorKind};

/// The number of the call's own future. Tasks count from 1.
const CALL: u64 = 0;

type Running = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static TASKS: RefCell<Vec<(u64, Running)>> = const { RefCell::new(Vec::new()) };
    static LAST: Cell<u64> = const { Cell::new(CALL) };
    /// The numbers of those that can go on.
    static QUEUE: RefCell<VecDeque<u64>> = const { RefCell::new(VecDeque::new()) };
}

/// Wakes by number, and so only on the thread that a task is of: no waker leaves it.
struct Waking(u64);

impl Wake for Waking {
    fn wake(self: Arc<Self>) {
        QUEUE.with_borrow_mut(|queue| queue.push_back(self.0));
    }
}

fn waker(task: u64) -> Waker {
    Waker::from(Arc::new(Waking(task)))
}

/// What a task leaves for the one who waits for it.
struct Slot<T> {
    result: Option<T>,
    waiting: Option<Waker>,
}

/// A task that runs besides the current one. Dropping it cancels it; awaiting it gives its result.
pub struct Task<T> {
    id: u64,
    slot: Rc<RefCell<Slot<T>>>,
}

/// Starts a task that runs besides the current one. It goes as far as it can at once: what it asks for is
/// asked for when this returns.
pub fn spawn<T: 'static>(future: impl Future<Output = T> + 'static) -> Task<T> {
    let id = LAST.get() + 1;
    LAST.set(id);
    let slot = Rc::new(RefCell::new(Slot { result: None, waiting: None }));
    let result = Rc::clone(&slot);
    let running = Box::pin(async move {
        let done = future.await;
        let mut slot = result.borrow_mut();
        slot.result = Some(done);
        if let Some(waiting) = slot.waiting.take() {
            waiting.wake();
        }
    });
    run(id, running);
    Task { id, slot }
}

impl<T> Future for Task<T> {
    type Output = T;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let mut slot = self.slot.borrow_mut();
        match slot.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                slot.waiting = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        // Taken out first and dropped after: what it holds may be tasks too. While a task runs it is not
        // among the others, and one that drops itself ends with its next wait.
        drop(taken(self.id));
    }
}

/// A task, taken out from among the others: a hundred or so, of which none is held for long.
fn taken(id: u64) -> Option<Running> {
    TASKS.with_borrow_mut(|tasks| {
        let position = tasks.iter().position(|(task, _)| *task == id)?;
        Some(tasks.swap_remove(position).1)
    })
}

/// Runs a task as far as it goes. It is not among the others meanwhile, so that it may start and drop tasks.
fn run(id: u64, mut running: Running) {
    if running.as_mut().poll(&mut Context::from_waker(&waker(id))).is_pending() {
        TASKS.with_borrow_mut(|tasks| tasks.push((id, running)));
    }
}

/// Runs a future to its end, and the tasks besides. None where it waits for something that cannot
/// happen: no task can go on and nothing is waited for outside.
pub fn block_on<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut result = None;
    drive(&mut |context| future.as_mut().poll(context).map(|done| result = Some(done)));
    result
}

/// Nothing can go on, and nothing is waited for outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stuck;

impl From<Stuck> for Error {
    fn from(Stuck: Stuck) -> Self {
        Self::new(ErrorKind::Other, "the connector waits for something that never comes")
    }
}

/// Runs a future to its end, and the tasks besides; [`Stuck`] as the error where there is no end. Not to be called
/// from inside of a future.
pub fn wait<T, E: From<Stuck>>(future: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    block_on(future).unwrap_or_else(|| Err(Stuck.into()))
}

/// Polls the future of the call, and the tasks besides, until the call is done or nothing can go on.
fn drive(call: &mut dyn FnMut(&mut Context<'_>) -> Poll<()>) {
    let waker = waker(CALL);
    waker.wake_by_ref();
    loop {
        match QUEUE.with_borrow_mut(VecDeque::pop_front) {
            Some(CALL) => {
                if call(&mut Context::from_waker(&waker)).is_ready() {
                    return;
                }
            }
            Some(task) => {
                if let Some(running) = taken(task) {
                    run(task, running);
                }
            }
            None if reactor::wait() => {}
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{now, sleep};
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn flag() -> (Rc<Cell<bool>>, Rc<Cell<bool>>) {
        let flag = Rc::new(Cell::new(false));
        (Rc::clone(&flag), flag)
    }

    #[test]
    fn tasks_wait_side_by_side() {
        let start = now();
        block_on(async {
            let tasks: Vec<_> = (1..=10).map(|seconds| spawn(sleep(SECOND * seconds))).collect();
            for task in tasks {
                task.await;
            }
        });
        assert_eq!(now().since(start), SECOND * 10);
    }

    #[test]
    fn a_task_goes_on_in_the_next_call() {
        let (done, set) = flag();
        let task = spawn(async move {
            sleep(SECOND).await;
            set.set(true);
        });
        block_on(sleep(SECOND / 2));
        assert!(!done.get());
        block_on(task);
        assert!(done.get());
    }

    #[test]
    fn a_dropped_task_is_cancelled_with_the_tasks_that_it_started() {
        let (done, set) = flag();
        block_on(async {
            let task = spawn(async move {
                spawn(async move {
                    sleep(SECOND).await;
                    set.set(true);
                })
                .await;
            });
            sleep(SECOND / 2).await;
            drop(task);
            sleep(SECOND * 2).await;
        });
        assert!(!done.get());
        TASKS.with_borrow(|tasks| assert!(tasks.is_empty()));
    }

    #[test]
    fn a_future_that_waits_for_nothing_is_given_up() {
        assert_eq!(block_on(std::future::pending::<()>()), None);
    }
}
