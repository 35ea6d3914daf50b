//! The settings of a user.

use serde_json::json;

use crate::support::{NO_CONTENT, Zoom, email, id};

#[tokio::test]
async fn settings_tell_whether_there_is_a_phone_and_switch_it() {
    let zoom = Zoom::small().await;
    let path = format!("/users/{}/settings", id(&zoom.member()));
    assert_eq!(zoom.get(&path).await.body["feature"]["zoom_phone"], false);
    assert_eq!(zoom.patch(&path, json!({ "feature": { "zoom_phone": true } })).await.status, NO_CONTENT);
    assert_eq!(zoom.get(&path).await.body["feature"]["zoom_phone"], true);
    zoom.patch(&path, json!({ "feature": { "zoom_phone": false } })).await;
    assert_eq!(zoom.get(&path).await.body["feature"]["zoom_phone"], false);
    zoom.switch(json!({ "seats_zoom_phone": 0 }));
    assert_eq!(zoom.patch(&path, json!({ "feature": { "zoom_phone": true } })).await.refusal(), (404, 1102));
}

#[tokio::test]
async fn only_an_active_user_gets_a_phone() {
    let zoom = Zoom::small().await;
    let path = format!("/users/{}/settings", id(&zoom.inactive()));
    assert_eq!(zoom.patch(&path, json!({ "feature": { "zoom_phone": true } })).await.refusal(), (400, 200));
    assert_eq!(zoom.get(&path).await.body["feature"]["zoom_phone"], false);
}

#[tokio::test]
async fn a_pending_user_has_no_settings() {
    let zoom = Zoom::small().await;
    let path = format!("/users/{}/settings", email(&zoom.pending()));
    assert_eq!(zoom.get(&path).await.refusal(), (400, 1000));
    assert_eq!(zoom.patch(&path, json!({ "feature": { "zoom_phone": true } })).await.refusal(), (400, 1000));
}

#[tokio::test]
async fn features_ask_for_a_licence_and_exclude_each_other() {
    let zoom = Zoom::small().await;
    let user = zoom.member();
    let path = format!("/users/{}/settings", id(&user));
    let set = async |feature: serde_json::Value| zoom.patch(&path, json!({ "feature": feature })).await.refusal();
    zoom.patch(&format!("/users/{}", id(&user)), json!({ "type": 1 })).await;
    assert_eq!(set(json!({ "webinar": true })).await, (400, 1122));
    assert_eq!(set(json!({ "large_meeting": true })).await, (400, 1108));
    assert_eq!(set(json!({ "zoom_events": true })).await, (400, 1206));
    zoom.patch(&format!("/users/{}", id(&user)), json!({ "type": 2 })).await;
    assert_eq!(set(json!({ "webinar": true, "webinar_capacity": 500 })).await, (NO_CONTENT, 0));
    assert_eq!(set(json!({ "zoom_events": true })).await, (400, 1205));
    assert_eq!(set(json!({ "webinar": "yes" })).await, (400, 300));
    let feature = &zoom.get(&path).await.body["feature"];
    assert_eq!((&feature["webinar"], &feature["webinar_capacity"]), (&json!(true), &json!(500)));
    assert_eq!(feature["meeting_capacity"], 300);
}
