//! Users.

use serde_json::json;

use crate::support::{NO_CONTENT, Reply, Zoom, email, id, invitation};

#[tokio::test]
async fn active_users_are_listed_by_default_and_others_by_status() {
    let zoom = Zoom::small().await;
    let list = zoom.get("/users").await;
    assert_eq!(list.status, 200);
    assert_eq!((list.rows("users").len(), &list.body["total_records"]), (8, &json!(8)));
    assert!(list.rows("users").iter().all(|row| row["status"] == "active"));
    assert_eq!(
        (&list.body["page_size"], &list.body["page_number"], &list.body["page_count"]),
        (&json!(30), &json!(1), &json!(1))
    );
    assert_eq!(list.next(), "");
    assert_eq!(zoom.get("/users?status=inactive").await.rows("users").len(), 2);
    assert_eq!(zoom.get("/users?status=pending").await.rows("users").len(), 2);
    assert_eq!(zoom.get("/users?status=gone").await.refusal(), (400, 300));
}

#[tokio::test]
async fn a_pending_user_is_listed_without_an_id() {
    let zoom = Zoom::small().await;
    let list = zoom.get("/users?status=pending").await;
    for row in list.rows("users") {
        assert!(!Reply::names(row).contains(&"id"));
        let record = zoom.get(&format!("/users/{}", email(row))).await;
        assert_eq!(id(&record.body).len(), 22, "the record has the id");
    }
}

#[tokio::test]
async fn an_invitation_makes_a_pending_user() {
    let zoom = Zoom::small().await;
    let reply = zoom.post("/users", invitation("jill.chill@example.org")).await;
    assert_eq!(reply.status, 201);
    assert_eq!(Reply::names(&reply.body), ["email", "first_name", "id", "last_name", "type"]);
    let record = zoom.get("/users/JILL.chill@example.org").await;
    assert_eq!((id(&record.body), &record.body["status"]), (id(&reply.body), &json!("pending")));
    zoom.simulator.activate("jill.chill@example.org").unwrap();
    assert_eq!(zoom.get(&format!("/users/{}", id(&reply.body))).await.body["status"], "active");
}

#[tokio::test]
async fn a_change_shows() {
    let zoom = Zoom::small().await;
    let user = zoom.member();
    let reply = zoom.patch(&format!("/users/{}", id(&user)), json!({ "dept": "Choir", "last_name": "Ågren" })).await;
    assert_eq!((reply.status, reply.text.as_str(), reply.header("content-type")), (NO_CONTENT, "", None));
    let record = zoom.get(&format!("/users/{}", email(&user))).await.body;
    assert_eq!((&record["dept"], &record["last_name"]), (&json!("Choir"), &json!("Ågren")));
}
