//! `POST /oauth/token`: how a server-to-server app logs in. The app shows its id and secret in a Basic header and names
//! the account in a form; many clients still put the form into the query string. Errors here have a shape of their own.
//!
//! | what is wrong | status | `error` |
//! |---|---|---|
//! | client id or secret | 400, or 401 by switch | `invalid_client` |
//! | grant type | 400 | `unsupported_grant_type` |
//! | account id, or the app was deactivated | 400 | `invalid_request` |
//!
//! The three look alike on purpose: so they do at Zoom (onyx, pull request 14880).

use base64::{Engine, prelude::BASE64_STANDARD};
use http::StatusCode;
use serde_json::json;

use crate::{
    call::{Answer, Call},
    routes,
    state::Zoom,
};

/// Answers a token request.
pub(crate) fn token(zoom: &mut Zoom, call: &Call) -> Answer {
    let switches = &zoom.switches;
    let form: Vec<_> = form_urlencoded::parse(&call.body).collect();
    let field = |name: &str| {
        let from_form = form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_ref());
        from_form.or_else(|| call.query(name).filter(|_| !switches.token_form_only))
    };
    if !is_app(call, zoom) {
        let status = StatusCode::from_u16(switches.invalid_client_status).unwrap_or(StatusCode::BAD_REQUEST);
        return refused(status, "Invalid client_id or client_secret", "invalid_client");
    }
    if field("grant_type") != Some("account_credentials") {
        return refused(StatusCode::BAD_REQUEST, "unsupported grant type", "unsupported_grant_type");
    }
    if field("account_id") != Some(zoom.credentials.account_id.as_str()) || switches.app_deactivated {
        return refused(StatusCode::BAD_REQUEST, "Bad Request", "invalid_request");
    }
    let scope = match &switches.scopes {
        Some(scopes) => scopes.join(" "),
        None => routes::all_scopes(),
    };
    let now = zoom.clock.now();
    let answer = json!({
        "access_token": zoom.tokens.give(switches, now),
        "token_type": "bearer",
        "expires_in": switches.token_life_seconds,
        "scope": scope,
        "api_url": zoom.base_url,
    });
    Answer::json(StatusCode::OK, &answer)
}

/// Whether the Basic header shows the app's id and secret.
fn is_app(call: &Call, zoom: &Zoom) -> bool {
    let shown = call.authorization.as_deref().and_then(|header| header.split_once(' '));
    let shown = shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let shown = shown.and_then(|(_, secret)| BASE64_STANDARD.decode(secret).ok());
    shown.is_some_and(|shown| {
        shown == format!("{}:{}", zoom.credentials.client_id, zoom.credentials.client_secret).into_bytes()
    })
}

fn refused(status: StatusCode, reason: &str, error: &str) -> Answer {
    Answer::json(status, &json!({ "reason": reason, "error": error }))
}
