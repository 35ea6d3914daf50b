//! The observers' side door, `/__sim/`: what was called, what there is, and the switches. None of this exists at Zoom.
//!
//! | call | what it does |
//! |---|---|
//! | `GET stats` | the counters, as JSON |
//! | `GET log` | every call with its answer, a JSON object per line |
//! | `POST reset` | zeroes the counters and empties the log; the account stays as it is |
//! | `GET state` | everything in the account |
//! | `GET switches`, `PUT switches` | reads and sets switches |
//! | `POST users/{id}/activate` | accepts a pending user's invitation |
//! | `POST phones/finish` | makes every phone that is being provisioned ready |
//! | `POST tokens/expire`, `POST pages/expire` | makes all access tokens, all page tokens invalid |
//! | `POST clock` | `{"freeze": true}` stops the clock, `{"advance_seconds": N}` moves it on; answers the time |

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use http::{StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{serve::Server, switches::SwitchError};

type Shared = State<Arc<Server>>;

/// The observers' routes.
pub(crate) fn router() -> Router<Arc<Server>> {
    Router::new()
        .route("/__sim/stats", get(async |State(server): Shared| Json(server.observer.stats())))
        .route("/__sim/log", get(log))
        .route("/__sim/reset", post(async |State(server): Shared| server.observer.reset()))
        .route("/__sim/state", get(async |State(server): Shared| Json(server.zoom().json())))
        .route(
            "/__sim/switches",
            get(async |State(server): Shared| Json(server.zoom().switches.json())).put(put_switches),
        )
        .route("/__sim/users/{id}/activate", post(activate))
        .route("/__sim/phones/finish", post(async |State(server): Shared| server.zoom().phone.finish_provisioning()))
        .route("/__sim/tokens/expire", post(async |State(server): Shared| server.expire_tokens()))
        .route("/__sim/pages/expire", post(async |State(server): Shared| server.zoom().pages.expire_all()))
        .route("/__sim/clock", post(clock))
        .route("/__sim/{*rest}", any(async || StatusCode::NOT_FOUND))
}

impl Server {
    /// Sets switches.
    pub(crate) fn set_switches(&self, changes: Value) -> Result<(), SwitchError> {
        {
            let zoom = &mut *self.zoom();
            zoom.switches = zoom.switches.with(changes, &zoom.defaults)?;
        }
        self.release_held();
        Ok(())
    }

    /// Accepts a pending user's invitation.
    pub(crate) fn activate(&self, user: &str) -> Result<(), ActivateError> {
        let mut zoom = self.zoom();
        let key = zoom.users.find(user).ok_or_else(|| ActivateError::Unknown(user.to_owned()))?;
        if zoom.accept_invitation(key) { Ok(()) } else { Err(ActivateError::NotPending(user.to_owned())) }
    }

    pub(crate) fn expire_tokens(&self) {
        let zoom = &mut *self.zoom();
        zoom.tokens.expire_all(zoom.clock.now());
    }
}

/// An invitation that cannot be accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivateError {
    /// There is no such user.
    #[error("there is no user {0:?}")]
    Unknown(String),
    /// The user is not pending.
    #[error("user {0:?} has no invitation to accept")]
    NotPending(String),
}

async fn log(State(server): Shared) -> Response {
    let lines = server.observer.log().into_iter().filter_map(|entry| serde_json::to_string(&entry).ok());
    let text: String = lines.map(|line| line + "\n").collect();
    ([(header::CONTENT_TYPE, "application/x-ndjson")], text).into_response()
}

async fn put_switches(State(server): Shared, body: Bytes) -> Response {
    let changes = serde_json::from_slice(&body).unwrap_or_default();
    match server.set_switches(changes) {
        Ok(()) => Json(server.zoom().switches.json()).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "message": error.to_string() }))).into_response(),
    }
}

async fn activate(State(server): Shared, Path(user): Path<String>) -> Response {
    match server.activate(&user) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::NOT_FOUND, Json(json!({ "message": error.to_string() }))).into_response(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    #[serde(default)]
    freeze: bool,
    #[serde(default)]
    advance_seconds: u64,
}

async fn clock(State(server): Shared, body: Bytes) -> Response {
    let Ok(change) = serde_json::from_slice::<ClockChange>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let mut zoom = server.zoom();
    if change.freeze {
        zoom.clock.freeze();
    }
    zoom.clock.advance(Duration::from_secs(change.advance_seconds));
    Json(json!({ "now": zoom.now() })).into_response()
}
