//! Status, address, password and session of a user.

use std::time::Duration;

use serde_json::{Value, json};
use zoom_simulator::Options;

use crate::support::{NO_CONTENT, Zoom, email, id, options};

#[tokio::test]
async fn deactivation_takes_the_licences_and_activation_does_not_bring_them_back() {
    let zoom = Zoom::start(Options { phone_users: 12, ..options() }).await;
    let user = zoom.member();
    let (path, phone) = (format!("/users/{}", id(&user)), format!("/phone/users/{}", id(&user)));
    zoom.patch(&path, json!({ "zoom_one_type": 16 })).await;
    assert_eq!(zoom.get(&phone).await.status, 200);
    let reply = zoom.put(&format!("{path}/status"), json!({ "action": "deactivate" })).await;
    assert_eq!((reply.status, reply.text.as_str(), reply.header("content-type")), (200, "", None));
    assert_eq!(reply.header("content-length"), Some("0"));
    let shown = async || {
        let record = zoom.get(&path).await.body;
        json!([record["status"], record["type"], record.get("zoom_one_type")])
    };
    assert_eq!(shown().await, json!(["inactive", 1, null]));
    zoom.switch(json!({ "status_change_status": 204 }));
    assert_eq!(zoom.put(&format!("{path}/status"), json!({ "action": "activate" })).await.status, NO_CONTENT);
    assert_eq!(shown().await, json!(["active", 1, null]));
    assert_eq!(zoom.get(&phone).await.refusal(), (404, 1001));
}

#[tokio::test]
async fn a_status_can_be_set_again_and_of_members_only() {
    let zoom = Zoom::small().await;
    let put =
        async |user: &str, action: &str| zoom.put(&format!("/users/{user}/status"), json!({ "action": action })).await;
    assert_eq!(put(id(&zoom.inactive()), "deactivate").await.status, 200);
    assert_eq!(put(id(&zoom.member()), "activate").await.status, 200);
    assert_eq!(put(id(&zoom.member()), "clock_in").await.status, 200);
    assert_eq!(put(id(&zoom.member()), "retire").await.refusal(), (400, 300));
    assert_eq!(put("me", "deactivate").await.refusal(), (400, 200));
    assert_eq!(put(email(&zoom.pending()), "activate").await.refusal(), (404, 1001));
    zoom.switch(json!({ "seats_basic": 0 }));
    assert_eq!(put(id(&zoom.inactive()), "activate").await.refusal(), (400, 2033));
    zoom.switch(json!({ "basic_seats_code_3412": true }));
    assert_eq!(put(id(&zoom.inactive()), "activate").await.refusal(), (400, 3412));
}

#[tokio::test]
async fn an_address_changes_within_managed_domains_three_times_a_day() {
    let mut zoom = Zoom::small().await;
    zoom.simulator.freeze_clock();
    let path = format!("/users/{}/email", id(&zoom.member()));
    assert_eq!(zoom.put(&path, json!({ "email": "a@example.org" })).await.refusal(), (400, 1116));
    zoom.switch(json!({ "managed_domains": ["example.org"] }));
    assert_eq!(zoom.put(&path, json!({ "email": "a@example.net" })).await.refusal(), (400, 1116));
    assert_eq!(zoom.put(&path, json!({ "email": "nonsense" })).await.refusal(), (400, 300));
    for address in ["a@example.org", "b@example.org", "c@example.org"] {
        assert_eq!(zoom.put(&path, json!({ "email": address })).await.status, NO_CONTENT);
    }
    let reply = zoom.put(&path, json!({ "email": "d@example.org" })).await;
    assert_eq!((reply.refusal(), reply.header("retry-after")), ((429, 429), None));
    zoom.simulator.advance_clock(Duration::from_secs(24 * 60 * 60));
    zoom.log_in().await;
    assert_eq!(zoom.put(&path, json!({ "email": "d@example.org" })).await.status, NO_CONTENT);
    assert_eq!(zoom.get("/users/c@example.org").await.refusal(), (404, 1001));
    assert_eq!(zoom.get("/users/d@example.org").await.status, 200);
}

#[tokio::test]
async fn an_address_that_somebody_has_and_one_of_an_admin_stay() {
    let zoom = Zoom::small().await;
    zoom.switch(json!({ "managed_domains": ["example.com", "foreign.example"] }));
    let path = format!("/users/{}/email", id(&zoom.member()));
    assert_eq!(zoom.put(&path, json!({ "email": zoom.inactive()["email"] })).await.refusal(), (409, 1005));
    assert_eq!(zoom.put(&path, json!({ "email": "a@foreign.example" })).await.refusal(), (409, 1005));
    assert_eq!(zoom.put("/users/me/email", json!({ "email": "new@example.com" })).await.refusal(), (400, 1000));
}

#[tokio::test]
async fn a_password_follows_the_rules() {
    let zoom = Zoom::start(Options { users: 100, ..options() }).await;
    let path = format!("/users/{}/password", id(&zoom.member()));
    let code = async |password: &str| zoom.put(&path, json!({ "password": password })).await.refusal();
    assert_eq!(code("Aa1").await, (400, 1124));
    assert_eq!(code("12876543").await, (400, 1125));
    assert_eq!(code("Abxdefgh").await, (400, 1126));
    assert_eq!(code("a1b2c3d4").await, (400, 1128));
    assert_eq!(code("aaaaaaaa").await, (400, 1130));
    assert_eq!(code("Aabcdef12").await, (400, 1131));
    assert_eq!(code("X123456y").await, (400, 1131));
    assert_eq!(code("Wq7fernTree").await, (NO_CONTENT, 0));
    assert_eq!(code("Wq7fernTree").await, (400, 300), "the same again");
    zoom.switch(json!({ "enhanced_passwords": true }));
    assert_eq!(code("Wq8fernTree").await, (400, 1127));
    assert_eq!(code("Wq8-fernTree").await, (NO_CONTENT, 0));
    assert_eq!(zoom.put("/users/me/password", json!({ "password": "Wq8-fernTree" })).await.refusal(), (400, 1117));
    let by_sso = zoom.user(|user| user["login_types"] == json!([101]) && user["role_id"] == "2");
    let reply = zoom.put(&format!("/users/{}/password", id(&by_sso)), json!({ "password": "Wq8-fernTree" })).await;
    assert_eq!(reply.refusal(), (400, 1123));
    assert_eq!(zoom.put(&path, json!({ "password": Value::Null })).await.refusal(), (400, 300));
}

#[tokio::test]
async fn a_session_can_be_ended() {
    let zoom = Zoom::small().await;
    assert_eq!(zoom.delete(&format!("/users/{}/token", id(&zoom.member()))).await.status, NO_CONTENT);
    assert_eq!(zoom.delete("/users/nobody@example.org/token").await.refusal(), (404, 1001));
}
