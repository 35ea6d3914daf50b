//! Logging in.

use http::{Method, Request};
use http_body_util::Full;
use serde_json::json;

use crate::support::{Zoom, basic, options};

#[tokio::test]
async fn a_token_comes_with_its_life_scope_and_api_url() {
    let zoom = Zoom::start(options()).await;
    let reply = zoom.token_request(&zoom.form(), &zoom.basic()).await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["token_type"], "bearer");
    assert_eq!(reply.body["expires_in"], 3600);
    assert_eq!(reply.body["api_url"], zoom.simulator.base_url());
    assert!(reply.body["scope"].as_str().unwrap().split(' ').any(|scope| scope == "user:read:list_users:admin"));
    assert!(reply.body.get("refresh_token").is_none());
}

#[tokio::test]
async fn a_token_lets_in_and_no_token_or_a_wrong_one_does_not() {
    let zoom = Zoom::start(options()).await;
    assert_eq!(zoom.get("/users/me").await.status, 200);
    let mut request = zoom.request(Method::GET, "/users/me", "");
    request.headers_mut().remove("authorization");
    let reply = zoom.send(request).await.unwrap();
    assert_eq!((reply.refusal(), reply.message()), ((401, 124), "Invalid access token."));
    let mut request = zoom.request(Method::GET, "/users/me", "");
    request.headers_mut().insert("authorization", "Bearer nonsense".parse().unwrap());
    assert_eq!(zoom.send(request).await.unwrap().refusal(), (401, 124));
    zoom.switch(json!({ "bad_token_status": 400 }));
    let mut request = zoom.request(Method::GET, "/users/me", "");
    request.headers_mut().remove("authorization");
    assert_eq!(zoom.send(request).await.unwrap().refusal(), (400, 124));
}

#[tokio::test]
async fn a_token_in_the_query_does_not_let_in() {
    let zoom = Zoom::start(options()).await;
    let uri = format!("{}/v2/users/me?access_token={}", zoom.simulator.base_url(), zoom.token());
    let reply = zoom.send(Request::get(uri).body(Full::default()).unwrap()).await.unwrap();
    assert_eq!(reply.refusal(), (401, 124));
}

#[tokio::test]
async fn errors_have_a_shape_of_their_own() {
    let zoom = Zoom::start(options()).await;
    let credentials = zoom.simulator.credentials().clone();
    let wrong_secret = zoom.token_request(&zoom.form(), &basic(&credentials.client_id, "wrong")).await;
    assert_eq!(wrong_secret.status, 400);
    assert_eq!(wrong_secret.body, json!({ "reason": "Invalid client_id or client_secret", "error": "invalid_client" }));
    let wrong_id = zoom.token_request(&zoom.form(), &basic("wrong", &credentials.client_secret)).await;
    assert_eq!(wrong_id.body["error"], "invalid_client");
    let wrong_account = zoom.token_request("grant_type=account_credentials&account_id=wrong", &zoom.basic()).await;
    assert_eq!((wrong_account.status, &wrong_account.body["error"]), (400, &json!("invalid_request")));
    let wrong_grant = zoom.token_request("grant_type=password&account_id=x", &zoom.basic()).await;
    assert_eq!((wrong_grant.status, &wrong_grant.body["error"]), (400, &json!("unsupported_grant_type")));
    zoom.switch(json!({ "app_deactivated": true, "invalid_client_status": 401 }));
    assert_eq!(zoom.token_request(&zoom.form(), &zoom.basic()).await.status, 400);
    assert_eq!(zoom.token_request(&zoom.form(), &basic("wrong", "wrong")).await.status, 401);
}

#[tokio::test]
async fn a_query_string_serves_as_a_form_unless_a_form_is_insisted_on() {
    let zoom = Zoom::start(options()).await;
    let request = || {
        Request::post(format!("{}/oauth/token?{}", zoom.simulator.base_url(), zoom.form()))
            .header("authorization", zoom.basic())
            .body(Full::default())
            .unwrap()
    };
    assert_eq!(zoom.send(request()).await.unwrap().status, 200);
    zoom.switch(json!({ "token_form_only": true }));
    assert_eq!(zoom.send(request()).await.unwrap().status, 400);
    assert_eq!(zoom.token_request(&zoom.form(), &zoom.basic()).await.status, 200);
}

#[tokio::test]
async fn a_token_dies_after_its_life_and_a_new_one_lives() {
    let mut zoom = Zoom::start(options()).await;
    zoom.simulator.freeze_clock();
    zoom.log_in().await;
    zoom.simulator.advance_clock(std::time::Duration::from_secs(3_599));
    assert_eq!(zoom.get("/users/me").await.status, 200);
    zoom.simulator.advance_clock(std::time::Duration::from_secs(1));
    let reply = zoom.get("/users/me").await;
    assert_eq!((reply.refusal(), reply.message()), ((401, 124), "Access token is expired."));
    zoom.log_in().await;
    assert_eq!(zoom.get("/users/me").await.status, 200);
}

#[tokio::test]
async fn the_life_of_a_token_is_a_switch() {
    let zoom = Zoom::start(options()).await;
    zoom.switch(json!({ "token_life_seconds": 3599 }));
    assert_eq!(zoom.token_request(&zoom.form(), &zoom.basic()).await.body["expires_in"], 3599);
}

#[tokio::test]
async fn all_tokens_can_be_made_to_expire_at_once() {
    let zoom = Zoom::start(options()).await;
    assert_eq!(zoom.observe(Method::POST, "tokens/expire", "").await.status, 200);
    assert_eq!(zoom.get("/users/me").await.message(), "Access token is expired.");
}

#[tokio::test]
async fn tokens_live_side_by_side_unless_a_new_one_kills_the_older() {
    let zoom = Zoom::start(options()).await;
    zoom.token_request(&zoom.form(), &zoom.basic()).await;
    assert_eq!(zoom.get("/users/me").await.status, 200);
    zoom.switch(json!({ "token_revokes_older": true }));
    zoom.token_request(&zoom.form(), &zoom.basic()).await;
    assert_eq!(zoom.get("/users/me").await.refusal(), (401, 124));
}

#[tokio::test]
async fn a_missing_scope_is_named_and_takes_a_new_token_to_get() {
    let mut zoom = Zoom::start(options()).await;
    zoom.switch(json!({ "scopes": ["user:read:user:admin"] }));
    assert_eq!(zoom.get("/users").await.status, 200, "the old token keeps its scopes");
    zoom.log_in().await;
    let reply = zoom.get("/users").await;
    assert_eq!(reply.refusal(), (400, 4711));
    assert_eq!(reply.message(), "Invalid access token, does not contain scopes:[user:read:list_users:admin].");
    assert_eq!(zoom.get("/users/me").await.status, 200);
    let reply = zoom.delete("/users/me").await;
    assert_eq!(
        reply.message(),
        "Invalid access token, does not contain scopes:[user:delete:user, user:delete:user:admin]."
    );
    zoom.switch(json!({ "scopes": ["user:read:admin"] }));
    zoom.log_in().await;
    assert_eq!(zoom.get("/users").await.status, 200, "a classic scope does as well");
}
