//! `DELETE /users/{id}`.

use serde_json::json;

use crate::support::{NO_CONTENT, Zoom, email, id};

#[tokio::test]
async fn a_user_who_is_gone_is_gone_everywhere() {
    let zoom = Zoom::small().await;
    let user = zoom.user(|user| user["status"] == "active" && user["role_id"] == "2" && user["group_ids"] != json!([]));
    let path = format!("/users/{}", id(&user));
    let group = user["group_ids"][0].as_str().unwrap();
    let reply = zoom.delete(&format!("{path}?action=delete")).await;
    assert_eq!((reply.status, reply.text.as_str(), reply.header("content-type")), (NO_CONTENT, "", None));
    assert_eq!(zoom.get(&path).await.refusal(), (404, 1001));
    assert_eq!(zoom.delete(&path).await.refusal(), (404, 1001));
    let members = zoom.get(&format!("/groups/{group}/members?page_size=300")).await;
    assert!(members.rows("members").iter().all(|member| member["id"] != user["id"]));
    assert!(zoom.get("/users").await.rows("users").iter().all(|row| row["id"] != user["id"]));
}

#[tokio::test]
async fn without_an_action_a_user_is_disassociated_which_not_everybody_can_be() {
    let zoom = Zoom::small().await;
    let user = zoom.member();
    let path = format!("/users/{}", id(&user));
    zoom.switch(json!({ "managed_domains": ["example.com"] }));
    let reply = zoom.delete(&path).await;
    assert_eq!(
        (reply.refusal(), reply.message()),
        ((400, 1107), "You can not disassociate a user with managed domain.")
    );
    assert_eq!(zoom.delete("/users/me").await.refusal(), (400, 1117));
    assert_eq!(zoom.delete("/users/me?action=delete").await.refusal(), (400, 200));
    zoom.switch(json!({ "managed_domains": [], "call_queue_managers": [email(&user)] }));
    assert_eq!(zoom.delete(&path).await.refusal(), (400, 1000));
    zoom.switch(json!({ "call_queue_managers": null }));
    assert_eq!(zoom.delete(&format!("{path}?action=remove")).await.refusal(), (400, 300));
    assert_eq!(zoom.delete(&path).await.status, NO_CONTENT);
}

#[tokio::test]
async fn an_invitation_is_taken_back_by_address_only() {
    let zoom = Zoom::small().await;
    let user = zoom.pending();
    assert_eq!(zoom.delete(&format!("/users/{}", id(&user))).await.refusal(), (404, 1001));
    assert_eq!(zoom.delete(&format!("/users/{}?action=delete", email(&user))).await.refusal(), (400, 300));
    assert_eq!(zoom.delete(&format!("/users/{}", email(&user))).await.status, NO_CONTENT);
    assert_eq!(zoom.get(&format!("/users/{}", email(&user))).await.refusal(), (404, 1001));
}

#[tokio::test]
async fn what_a_user_leaves_must_go_to_somebody_else_who_exists() {
    let zoom = Zoom::small().await;
    let user = zoom.member();
    let path = format!("/users/{}?action=delete&transfer_meeting=true", id(&user));
    assert_eq!(zoom.delete(&format!("{path}&transfer_email={}", email(&user))).await.refusal(), (400, 300));
    assert_eq!(zoom.delete(&format!("{path}&transfer_email=nobody@example.org")).await.refusal(), (404, 1001));
    let owner = zoom.owner();
    assert_eq!(zoom.delete(&format!("{path}&transfer_email={}", email(&owner))).await.status, NO_CONTENT);
}

#[tokio::test]
async fn a_user_without_a_log_in_cannot_be_disassociated() {
    let zoom = Zoom::small().await;
    zoom.switch(json!({ "api_users": true }));
    zoom.post("/users", json!({ "action": "custCreate", "user_info": { "email": "a@example.org", "type": 1 } })).await;
    let reply = zoom.delete("/users/a@example.org").await;
    assert_eq!((reply.refusal(), reply.message()), ((400, 300), "Unable to unlink API user(s)."));
    assert_eq!(zoom.delete("/users/a@example.org?action=delete").await.status, NO_CONTENT);
}
