//! What happens to a call, in this order:
//!
//! 1. a fault is rolled for; some faults are the answer by themselves;
//! 2. the token and its scopes are looked at, then the rate limits, then whether the user is being worked on;
//! 3. the work is done, all at once, behind the lock;
//! 4. the answer waits as long as the latency, the fault `slow` and the switch `hold` say;
//! 5. it is logged and goes out, unless the fault is of the wire.
//!
//! Since the work is done before the waiting, and in a task of its own, a caller who hangs up finds afterwards, as at
//! Zoom, that what was asked for has happened.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::{body::Bytes, extract::Request, response::Response};
use http::{StatusCode, header};
use serde_json::json;
use tokio::sync::watch;

use crate::{
    call::{Answer, Call},
    errors::{Failure, NO_PHONE_ACCOUNT, NO_ZOOM_PHONE, NOT_RECOGNIZED},
    faults::{self, FaultKind},
    limits::{Daily, Product},
    locks::Ticket,
    oauth,
    observe::{Observer, Record},
    routes::Route,
    state::Zoom,
    switches::ZoomPhone,
    users::create::invites,
    wire,
};

/// The largest request body that is read: more than a hundred times what any endpoint here can use.
const LARGEST_BODY: usize = 1 << 20;

/// What all connections share.
pub(crate) struct Server {
    zoom: Mutex<Zoom>,
    pub(crate) observer: Observer,
    /// The routes whose answers are held back.
    held: watch::Sender<Vec<String>>,
}

/// What was called.
#[derive(Clone, Copy)]
pub(crate) enum Endpoint {
    Token,
    Api(&'static Route),
    Unknown,
}

impl Endpoint {
    /// As the statistics have it: the method, and the path as the table writes it.
    fn name(self, call: &Call) -> String {
        match self {
            Self::Api(route) => route.name(),
            Self::Token | Self::Unknown => format!("{} {}", call.method, call.path),
        }
    }
}

/// A call that has been dealt with, and waits to be answered.
struct Dealt {
    answer: Answer,
    fault: Option<FaultKind>,
    ticket: Option<Ticket>,
    wait: Duration,
}

impl Server {
    pub(crate) fn new(zoom: Zoom, observer: Observer) -> Self {
        let held = watch::Sender::new(zoom.switches.hold.clone());
        Self { zoom: Mutex::new(zoom), observer, held }
    }

    /// The account. Nothing may be awaited while it is held.
    pub(crate) fn zoom(&self) -> MutexGuard<'_, Zoom> {
        self.zoom.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the answers go that the switches no longer hold back.
    pub(crate) fn release_held(&self) {
        self.held.send_replace(self.zoom().switches.hold.clone());
    }

    /// Everything but the waiting.
    fn deal(&self, endpoint: Endpoint, call: &Call) -> Dealt {
        let zoom = &mut *self.zoom();
        let now = zoom.now();
        let hit = zoom.dice.roll(&zoom.switches.faults, call);
        let (answer, ticket, fault) = match hit.and_then(|fault| fault.instead(call, &mut zoom.dice, now)) {
            Some(answer) => (answer, None, hit),
            None => {
                let (answer, ticket) = work(zoom, endpoint, call);
                let (answer, fault) = faults::spoil(hit, call, answer);
                (answer, ticket, fault)
            }
        };
        let slow = if fault == Some(FaultKind::Slow) { zoom.switches.slow_ms } else { 0 };
        let wait = Duration::from_millis(zoom.switches.latency_ms.saturating_add(slow));
        Dealt { answer, fault, ticket, wait }
    }
}

/// What Zoom answers.
fn work(zoom: &mut Zoom, endpoint: Endpoint, call: &Call) -> (Answer, Option<Ticket>) {
    let route = match endpoint {
        Endpoint::Token => return (oauth::token(zoom, call), None),
        Endpoint::Unknown => return (unknown(zoom, call), None),
        Endpoint::Api(route) => route,
    };
    let (outcome, ticket) = match admit(zoom, route, call) {
        Ok(ticket) => ((route.handler)(zoom, call), ticket),
        Err(refused) => (Err(refused), None),
    };
    let mut answer = outcome.unwrap_or_else(Answer::from);
    let own = Some(Daily::Invitations).filter(|_| route.path == "/users" && invites(call));
    zoom.limits.show(&mut answer, &zoom.switches, route, own, zoom.clock.now());
    (answer, ticket)
}

/// Whether a call may do its work at all.
fn admit(zoom: &mut Zoom, route: &Route, call: &Call) -> Result<Option<Ticket>, Failure> {
    let now = zoom.now();
    zoom.tokens.admit(call, &route.scopes, &zoom.switches, now)?;
    zoom.limits.admit(&zoom.switches, route, now)?;
    if route.product() == Product::Phone {
        match zoom.switches.zoom_phone {
            ZoomPhone::On => {}
            ZoomPhone::Forbidden => return Err(NO_ZOOM_PHONE.into()),
            ZoomPhone::Missing => return Err(NO_PHONE_ACCOUNT.into()),
        }
    }
    zoom.locks.admit(route, call, &zoom.users)
}

/// A path that is not in the table: Zoom's answer, or one that a test cannot overlook.
fn unknown(zoom: &Zoom, call: &Call) -> Answer {
    if !zoom.switches.strict {
        return Failure::from(NOT_RECOGNIZED).into();
    }
    let message = format!("The simulator does not know {} {}", call.method, call.path);
    Answer::json(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "code": 500, "message": message }))
}

/// Answers a request.
pub(crate) async fn answer(
    server: Arc<Server>,
    endpoint: Endpoint,
    params: Vec<(String, String)>,
    request: Request,
) -> Response {
    let call = match read(params, request).await {
        Ok(call) => call,
        Err(status) => return wire::plain(status),
    };
    // A task of its own, which the caller cannot stop by hanging up.
    let answered = tokio::spawn(async move {
        let name = endpoint.name(&call);
        let number = server.observer.arrive(&name);
        let Dealt { mut answer, fault, ticket, wait } = server.deal(endpoint, &call);
        if !wait.is_zero() {
            // Even no time at all would be rounded up to a millisecond.
            tokio::time::sleep(wait).await;
        }
        // An error would mean that the server has gone, and with it whoever could hold something back.
        let _ = server.held.subscribe().wait_for(|held| !held.contains(&name)).await;
        let time = {
            let mut zoom = server.zoom();
            ticket.into_iter().for_each(|ticket| zoom.locks.release(ticket));
            zoom.now()
        };
        // What Zoom's support asks for; here it numbers the requests.
        answer.set("x-zm-trackingid", &format!("v=2.0;clid=us04;rid=WEB_{number:032x}"));
        let (status, response_body) = match fault.is_some_and(FaultKind::hangs_up) {
            true => (0, Bytes::new()),
            false => (answer.status.as_u16(), answer.body.clone()),
        };
        server.observer.depart(Record { time, call, status, response_body, fault: fault.map(FaultKind::name) });
        wire::response(answer, fault)
    });
    answered.await.unwrap_or_else(|_| wire::plain(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn read(params: Vec<(String, String)>, request: Request) -> Result<Call, StatusCode> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, LARGEST_BODY).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
    let query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let authorization =
        parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    Ok(Call { method: parts.method, path: parts.uri.path().to_owned(), params, query, body, authorization })
}
