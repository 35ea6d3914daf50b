//! Who may open a connection while it is not known whether one is enough.
//!
//! HTTP/2 carries any number of requests on one connection, HTTP/1.1 one. Which of the two a server speaks
//! shows in the TLS handshake only, so a burst of requests would make a connection each and throw all but one
//! away. Here they take turns at getting a connection: the first makes one, and the others find it. Once a
//! server has answered with HTTP/1.1, there are no turns any more: each makes its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::Uri;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::egress::Origin;

/// The turns at all origins.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<Origin, Arc<OriginTurns>>>);

/// The turns at one origin: one at a time until it is closed.
pub(crate) struct OriginTurns(Semaphore);

impl Turns {
    /// The turns at the origin of a URL.
    pub(crate) fn at(&self, uri: &Uri) -> Arc<OriginTurns> {
        let new = || Arc::new(OriginTurns(Semaphore::new(1)));
        let Some(origin) = Origin::of(uri) else { return new() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(origin).or_insert_with(new).clone()
    }
}

impl OriginTurns {
    /// Waits for a turn, which lasts as long as what is answered; none where it needs none.
    pub(crate) async fn take(&self) -> Option<SemaphorePermit<'_>> {
        self.0.acquire().await.ok()
    }

    /// From now on everybody goes at once.
    pub(crate) fn end(&self) {
        self.0.close();
    }
}
