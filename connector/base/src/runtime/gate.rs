//! A gate that so many may be behind at a time.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// Lets so many pass at a time; the others wait, and pass in the order in which they came.
#[derive(Debug)]
pub struct Gate {
    free: Cell<usize>,
    waiting: RefCell<VecDeque<Rc<Waiting>>>,
}

/// Somebody who waits.
#[derive(Debug)]
struct Waiting {
    let_in: Cell<bool>,
    waker: RefCell<Waker>,
}

/// The right to be behind a gate, until it is dropped.
#[derive(Debug)]
pub struct Pass<'a>(&'a Gate);

impl Gate {
    /// A gate for so many at a time.
    pub fn new(places: usize) -> Self {
        Self { free: Cell::new(places), waiting: RefCell::default() }
    }

    /// Waits until there is a place.
    pub fn pass(&self) -> impl Future<Output = Pass<'_>> {
        Passing { gate: self, waiting: None }
    }

    fn leave(&self) {
        match self.waiting.borrow_mut().pop_front() {
            Some(next) => {
                next.let_in.set(true);
                next.waker.borrow().wake_by_ref();
            }
            None => self.free.set(self.free.get() + 1),
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

struct Passing<'a> {
    gate: &'a Gate,
    waiting: Option<Rc<Waiting>>,
}

impl<'a> Future for Passing<'a> {
    type Output = Pass<'a>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Pass<'a>> {
        match &self.waiting {
            Some(waiting) if waiting.let_in.get() => {
                self.waiting = None;
                return Poll::Ready(Pass(self.gate));
            }
            Some(waiting) => waiting.waker.borrow_mut().clone_from(context.waker()),
            None => match self.gate.free.get().checked_sub(1) {
                Some(left) => {
                    self.gate.free.set(left);
                    return Poll::Ready(Pass(self.gate));
                }
                None => {
                    let waker = RefCell::new(context.waker().clone());
                    let waiting = Rc::new(Waiting { let_in: Cell::new(false), waker });
                    self.gate.waiting.borrow_mut().push_back(Rc::clone(&waiting));
                    self.waiting = Some(waiting);
                }
            },
        }
        Poll::Pending
    }
}

impl Drop for Passing<'_> {
    fn drop(&mut self) {
        let Some(waiting) = &self.waiting else { return };
        match waiting.let_in.get() {
            // Let in, and gone before it noticed: the place is for the next one.
            true => self.gate.leave(),
            false => self.gate.waiting.borrow_mut().retain(|other| !Rc::ptr_eq(other, waiting)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{block_on, now, sleep, spawn};
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn so_many_are_behind_it_at_a_time_and_the_others_follow_in_order() {
        let gate = Rc::new(Gate::new(2));
        let order = Rc::new(RefCell::new(Vec::new()));
        let start = now();
        block_on(async {
            let tasks: Vec<_> = (0..6)
                .map(|number| {
                    let (gate, order) = (Rc::clone(&gate), Rc::clone(&order));
                    spawn(async move {
                        let _pass = gate.pass().await;
                        order.borrow_mut().push(number);
                        sleep(SECOND).await;
                    })
                })
                .collect();
            for task in tasks {
                task.await;
            }
        });
        assert_eq!((now().since(start), order.take()), (SECOND * 3, vec![0, 1, 2, 3, 4, 5]));
    }

    #[test]
    fn who_gives_up_takes_no_place() {
        let gate = Rc::new(Gate::new(1));
        block_on(async {
            let pass = gate.pass().await;
            let waiting = [(); 2].map(|()| {
                let gate = Rc::clone(&gate);
                spawn(async move { drop(gate.pass().await) })
            });
            let [gives_up, stays] = waiting;
            sleep(SECOND).await;
            drop(gives_up);
            drop(pass);
            stays.await;
            drop(gate.pass().await);
        })
        .expect("an end");
    }
}
