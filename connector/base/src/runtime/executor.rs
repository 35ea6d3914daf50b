//! The executor: a queue of tasks that can go on, and the future of the call that is being answered.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use async_task::Runnable;
pub use async_task::Task;

use super::reactor;

/// The tasks that can go on. A mutex because wakers may be sent, although none ever is.
#[derive(Default)]
struct Queue(Mutex<VecDeque<Runnable>>);

impl Queue {
    fn push(&self, runnable: Runnable) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(runnable);
    }

    fn pop(&self) -> Option<Runnable> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

thread_local! {
    static QUEUE: RefCell<Arc<Queue>> = RefCell::default();
}

fn queue() -> Arc<Queue> {
    QUEUE.with_borrow(Arc::clone)
}

/// Starts a task that runs besides the current one. Dropping what this returns cancels it.
pub fn spawn<T: 'static>(future: impl Future<Output = T> + 'static) -> Task<T> {
    let queue = queue();
    let (runnable, task) = async_task::spawn_local(future, move |runnable| queue.push(runnable));
    runnable.schedule();
    task
}

/// Set when the future of the call can go on.
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Runs a future to its end, and the tasks besides. None where it waits for something that cannot
/// happen: no task can go on and nothing is waited for outside.
pub fn block_on<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let woken = Arc::new(Woken(AtomicBool::new(true)));
    let waker = Waker::from(Arc::clone(&woken));
    let queue = queue();
    loop {
        if woken.0.swap(false, Ordering::Relaxed)
            && let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(&waker))
        {
            return Some(result);
        }
        let mut idle = true;
        while let Some(runnable) = queue.pop() {
            idle = false;
            runnable.run();
        }
        if idle && !woken.0.load(Ordering::Relaxed) && !reactor::wait() {
            return None;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;
    use std::time::Duration;

    use super::super::{now, sleep};
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

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
        let done = Rc::new(Cell::new(false));
        let flag = Rc::clone(&done);
        let task = spawn(async move {
            sleep(SECOND).await;
            flag.set(true);
        });
        block_on(sleep(SECOND / 2));
        assert!(!done.get());
        block_on(task);
        assert!(done.get());
    }

    #[test]
    fn a_dropped_task_is_cancelled() {
        let done = Rc::new(Cell::new(false));
        block_on(async {
            let flag = Rc::clone(&done);
            let task = spawn(async move {
                sleep(SECOND).await;
                flag.set(true);
            });
            drop(task);
            sleep(SECOND * 2).await;
        });
        assert!(!done.get());
    }

    #[test]
    fn a_future_that_waits_for_nothing_is_given_up() {
        assert_eq!(block_on(std::future::pending::<()>()), None);
    }
}
