//! Roles and who has them.

use serde_json::json;
use zoom_simulator::Options;

use crate::support::{NO_CONTENT, Reply, Zoom, email, id, options};

#[tokio::test]
async fn every_account_has_an_owner_admins_and_members() {
    let zoom = Zoom::start(Options { users: 100, ..options() }).await;
    let list = zoom.get("/roles").await;
    let names: Vec<_> =
        list.rows("roles").iter().map(|role| (role["id"].as_str().unwrap(), role["name"].as_str().unwrap())).collect();
    assert_eq!(names[..3], [("0", "Owner"), ("1", "Admin"), ("2", "Member")]);
    assert_eq!(list.body["total_records"], 4);
    assert_eq!(list.rows("roles")[0]["total_members"], 1);
    let total: u64 = list.rows("roles").iter().map(|role| role["total_members"].as_u64().unwrap()).sum();
    assert_eq!(total, 100);
    assert_eq!(zoom.get("/roles?type=iq").await.body["total_records"], 0);
    assert_eq!(zoom.get("/roles/1").await.body["name"], "Admin");
    assert_eq!(zoom.get("/roles/7").await.refusal(), (400, 1034));
}

#[tokio::test]
async fn members_of_a_role_are_listed() {
    let zoom = Zoom::small().await;
    let list = zoom.get("/roles/0/members").await;
    assert_eq!((list.rows("members").len(), &list.rows("members")[0]["id"]), (1, &zoom.owner()["id"]));
    assert_eq!(
        Reply::names(&list.body),
        ["members", "next_page_token", "page_count", "page_number", "page_size", "total_records"]
    );
    assert_eq!(zoom.get("/roles/7/members").await.refusal(), (400, 1034));
}

#[tokio::test]
async fn a_role_is_given_and_taken_and_makes_a_member() {
    let zoom = Zoom::small().await;
    let user = zoom.member();
    let reply =
        zoom.post("/roles/1/members", json!({ "members": [{ "email": email(&user) }, { "id": "nobody" }] })).await;
    assert_eq!((reply.status, &reply.body["ids"]), (201, &user["id"]));
    assert!(reply.body["add_at"].is_string());
    let record = zoom.get(&format!("/users/{}", id(&user))).await.body;
    assert_eq!((&record["role_id"], &record["role_name"]), (&json!("1"), &json!("Admin")));
    let status = zoom.put(&format!("/users/{}/status", id(&user)), json!({ "action": "deactivate" })).await;
    assert_eq!(status.refusal(), (400, 200), "an admin is protected");
    assert_eq!(zoom.delete(&format!("/roles/1/members/{}", id(&user))).await.status, NO_CONTENT);
    assert_eq!(zoom.get(&format!("/users/{}", id(&user))).await.body["role_id"], "2");
    assert_eq!(zoom.delete(&format!("/roles/1/members/{}", id(&user))).await.refusal(), (404, 1001));
}

#[tokio::test]
async fn the_roles_of_owner_and_members_are_not_given() {
    let zoom = Zoom::small().await;
    for role in ["0", "2"] {
        let reply =
            zoom.post(&format!("/roles/{role}/members"), json!({ "members": [{ "id": id(&zoom.member()) }] })).await;
        assert_eq!(reply.message(), "Can't delete or add members for Normal/Owner roles.");
    }
    let reply = zoom.post("/roles/1/members", json!({ "members": [{ "id": id(&zoom.owner()) }] })).await;
    assert_eq!((reply.status, &reply.body["ids"]), (201, &json!("")), "the owner stays the owner");
}
