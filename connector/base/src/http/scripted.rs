//! A transport for native tests: answers come from a function, requests are kept.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::{Request, Response, Sending, Transport, TransportError};
use crate::runtime::sleep;

type Answer = dyn Fn(&Request) -> Result<Response, TransportError>;

/// Answers every request from one function, after a time that only the simulated clock knows.
pub struct Scripted {
    answer: Box<Answer>,
    latency: Duration,
    requests: Rc<RefCell<Vec<Request>>>,
}

impl Scripted {
    /// A transport that answers at once.
    pub fn new(answer: impl Fn(&Request) -> Result<Response, TransportError> + 'static) -> Self {
        Self { answer: Box::new(answer), latency: Duration::ZERO, requests: Rc::default() }
    }

    /// With this time between request and answer.
    #[must_use]
    pub fn with_latency(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    /// The requests so far, oldest first; the list goes on growing.
    pub fn requests(&self) -> Rc<RefCell<Vec<Request>>> {
        Rc::clone(&self.requests)
    }
}

impl Transport for Scripted {
    fn send(&self, request: Request) -> Sending {
        let answer = (self.answer)(&request);
        self.requests.borrow_mut().push(request);
        let latency = self.latency;
        Box::pin(async move {
            sleep(latency).await;
            answer
        })
    }
}
