//! What is read once, for all who ask for it.

use std::cell::RefCell;
use std::future::Future;

use super::Gate;

/// A value that is read when somebody asks for it. Those who ask at the same time wait for the same reading, and
/// those who ask later get the same value, as long as it is good.
#[derive(Debug)]
pub struct Cached<T> {
    value: RefCell<Option<T>>,
    reading: Gate,
}

impl<T> Default for Cached<T> {
    fn default() -> Self {
        Self { value: RefCell::new(None), reading: Gate::new(1) }
    }
}

impl<T: Clone> Cached<T> {
    /// The value, if there is one that is good; otherwise what is read.
    ///
    /// Errors: those of the reading, which the next one who asks begins again.
    pub async fn get<E>(&self, is_good: impl Fn(&T) -> bool, read: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let known = || self.value.borrow().as_ref().filter(|value| is_good(value)).cloned();
        if let Some(value) = known() {
            return Ok(value);
        }
        let _reading = self.reading.pass().await;
        if let Some(value) = known() {
            return Ok(value);
        }
        let value = read.await?;
        self.set(value.clone());
        Ok(value)
    }

    /// Sets the value, for those who ask from now on.
    pub fn set(&self, value: T) {
        *self.value.borrow_mut() = Some(value);
    }

    /// Forgets the value if this says so.
    pub fn forget_if(&self, is_bad: impl FnOnce(&T) -> bool) {
        self.value.borrow_mut().take_if(|value| is_bad(value));
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;
    use std::time::Duration;

    use super::super::{block_on, sleep, spawn};
    use super::*;

    #[test]
    fn those_who_ask_at_the_same_time_wait_for_one_reading() {
        let (cached, readings) = (Rc::new(Cached::default()), Rc::new(Cell::new(0)));
        let ask = || {
            let (cached, readings) = (Rc::clone(&cached), Rc::clone(&readings));
            spawn(async move {
                let read = async {
                    readings.set(readings.get() + 1);
                    sleep(Duration::from_secs(1)).await;
                    if readings.get() == 1 { Err("first") } else { Ok(readings.get()) }
                };
                cached.get(|_| true, read).await
            })
        };
        let answers = [(); 4].map(|()| ask()).map(|task| block_on(task).expect("an end"));
        assert_eq!(answers, [Err("first"), Ok(2), Ok(2), Ok(2)]);
        cached.forget_if(|value| *value == 2);
        assert_eq!(block_on(ask()), Some(Ok(3)));
    }
}
