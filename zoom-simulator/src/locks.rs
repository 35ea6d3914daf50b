//! What keeps two calls from working on the same user at once: a user who is being removed cannot be removed again, and
//! one who is being created answers nothing yet; Zoom refuses the second call with 429. A lock lasts from the arrival
//! of a call until its answer has gone, so it shows only where answers take time: with a latency, or held.

use http::Method;
use serde_json::Value;

use crate::{
    call::Call,
    errors::{BEING_CREATED, BEING_REMOVED, Failure},
    routes::Route,
    state::users::Users,
};

/// The locks that are held.
#[derive(Default)]
pub(crate) struct Locks {
    held: Vec<Lock>,
    taken: u64,
}

/// A user whom a call is at work on.
struct Lock {
    ticket: Ticket,
    work: Work,
    /// All names that others may call the user by.
    names: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    Creation,
    Removal,
    /// Reading and changing, which need no lock of their own.
    Other,
}

/// What gives a lock back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

impl Locks {
    /// Locks the user whom a call is going to make or remove; or refuses the call.
    pub(crate) fn admit(&mut self, route: &Route, call: &Call, users: &Users) -> Result<Option<Ticket>, Failure> {
        let Some((name, work)) = subject(route, call) else { return Ok(None) };
        match self.held.iter().find(|lock| lock.names.contains(&name)).map(|lock| lock.work) {
            Some(Work::Creation) => return Err(BEING_CREATED.into()),
            Some(Work::Removal) if work == Work::Removal => return Err(BEING_REMOVED.into()),
            _ => {}
        }
        if work == Work::Other {
            return Ok(None);
        }
        let user = users.find(&name).and_then(|key| users.get(key));
        let names = user.map_or_else(|| vec![name], |user| vec![user.id().to_string(), user.email().key()]);
        self.taken += 1;
        let ticket = Ticket(self.taken);
        self.held.push(Lock { ticket, work, names });
        Ok(Some(ticket))
    }

    pub(crate) fn release(&mut self, ticket: Ticket) {
        self.held.retain(|lock| lock.ticket != ticket);
    }
}

/// The user whom a call is about, by id or by the address in lower case, and what the call is going to do.
fn subject(route: &Route, call: &Call) -> Option<(String, Work)> {
    let (name, work) = match (&route.method, route.path) {
        (&Method::POST, "/users") => {
            let body: Value = serde_json::from_slice(&call.body).ok()?;
            (body.get("user_info")?.get("email")?.as_str()?.to_owned(), Work::Creation)
        }
        (&Method::DELETE, "/users/{id}") => (call.param("id").to_owned(), Work::Removal),
        (_, path) if path.starts_with("/users/{id}") => (call.param("id").to_owned(), Work::Other),
        _ => return None,
    };
    Some((if name.contains('@') { name.to_lowercase() } else { name }, work))
}
