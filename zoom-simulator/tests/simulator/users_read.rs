//! Reading users: lists, records, counts.

use serde_json::json;
use zoom_simulator::Options;

use crate::support::{Reply, Zoom, email, id, options};

#[tokio::test]
async fn active_users_are_listed_by_default_and_others_by_status() {
    let zoom = Zoom::small().await;
    let list = zoom.get("/users").await;
    assert_eq!(list.status, 200);
    assert_eq!((list.rows("users").len(), &list.body["total_records"]), (8, &json!(8)));
    assert!(list.rows("users").iter().all(|row| row["status"] == "active"));
    assert_eq!(list.body["page_size"], 30);
    assert_eq!((&list.body["page_number"], &list.body["page_count"]), (&json!(1), &json!(1)));
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
async fn a_pending_user_may_have_no_id_at_all() {
    let zoom = Zoom::small().await;
    zoom.switch(json!({ "pending_id_in_user": false }));
    let record = zoom.get(&format!("/users/{}", email(&zoom.pending()))).await;
    assert_eq!((record.status, record.body.get("id")), (200, None));
}

#[tokio::test]
async fn a_row_lacks_what_only_a_record_has() {
    let zoom = Zoom::start(options()).await;
    let user = zoom.user(|user| !user["phone_numbers"].as_array().unwrap().is_empty());
    let list = zoom.get("/users").await;
    let row = list.rows("users").iter().find(|row| id(row) == id(&user)).unwrap();
    let record = zoom.get(&format!("/users/{}", id(&user))).await.body;
    for name in ["language", "phone_number", "phone_country", "phone_numbers", "job_title", "location", "login_types"] {
        assert!(row.get(name).is_none(), "{name} in a row");
        assert!(record.get(name).is_some(), "{name} not in a record");
    }
    let contact = &user["phone_numbers"][0];
    assert_eq!(record["phone_country"], contact["country"]);
    let number = format!("{} {}", contact["code"].as_str().unwrap(), contact["number"].as_str().unwrap());
    assert_eq!(record["phone_number"], json!(number));
}

#[tokio::test]
async fn a_workplace_bundle_shows_in_the_record_only() {
    let zoom = Zoom::start(options()).await;
    let user = zoom.member();
    zoom.patch(&format!("/users/{}", id(&user)), json!({ "zoom_one_type": 16 })).await;
    assert_eq!(zoom.get(&format!("/users/{}", id(&user))).await.body["zoom_one_type"], 16);
    let list = zoom.get("/users").await;
    assert!(list.rows("users").iter().all(|row| row.get("zoom_one_type").is_none()));
}

#[tokio::test]
async fn a_user_is_found_by_id_by_address_in_any_case_and_as_me() {
    let zoom = Zoom::start(options()).await;
    let user = zoom.member();
    assert_eq!(zoom.get(&format!("/users/{}", id(&user))).await.body["email"], user["email"]);
    assert_eq!(zoom.get(&format!("/users/{}", email(&user).to_uppercase())).await.body["id"], user["id"]);
    assert_eq!(zoom.get("/users/me").await.body["id"], zoom.owner()["id"]);
    let nobody = zoom.get("/users/nobody@example.com").await;
    assert_eq!(nobody.refusal(), (404, 1001));
    assert_eq!(nobody.message(), "User does not exist: nobody@example.com.");
}

#[tokio::test]
async fn an_employee_number_is_a_name_only_when_it_is_said_to_be_one() {
    let zoom = Zoom::start(Options { users: 100, ..options() }).await;
    let user = zoom.user(|user| user["employee_unique_id"].is_string());
    let number = user["employee_unique_id"].as_str().unwrap();
    assert_eq!(zoom.get(&format!("/users/{number}")).await.refusal(), (404, 1001));
    let found = zoom.get(&format!("/users/{number}?search_by_unique_id=true")).await;
    assert_eq!(found.body["id"], user["id"]);
}

#[tokio::test]
async fn a_login_type_that_the_user_has_not_finds_nobody() {
    let zoom = Zoom::start(options()).await;
    let user = zoom.member();
    assert_eq!(zoom.get(&format!("/users/{}?login_type=100", id(&user))).await.status, 200);
    assert_eq!(zoom.get(&format!("/users/{}?login_type=101", id(&user))).await.refusal(), (404, 1001));
}

#[tokio::test]
async fn the_feature_object_is_a_matter_of_the_switch() {
    let zoom = Zoom::start(Options { phone_users: 3, ..options() }).await;
    let state = zoom.simulator.state();
    let user = state["phone"]["users"][0]["id"].as_str().unwrap();
    let feature = async |switch: &str| {
        zoom.switch(json!({ "feature_in_user": switch }));
        zoom.get(&format!("/users/{user}")).await.body.get("feature").cloned()
    };
    assert_eq!(zoom.get(&format!("/users/{user}")).await.body.get("feature"), None);
    assert_eq!(feature("empty").await, Some(json!({})));
    assert_eq!(feature("real").await, Some(json!({ "zoom_phone": true })));
    assert_eq!(feature("off").await, None);
}

#[tokio::test]
async fn dates_have_no_fractions() {
    let zoom = Zoom::start(options()).await;
    let created = zoom.get("/users/me").await.body["user_created_at"].as_str().unwrap().to_owned();
    assert_eq!((created.len(), &created[10..11], &created[19..]), (20, "T", "Z"));
}

#[tokio::test]
async fn a_pending_user_was_created_whenever_one_asks() {
    let zoom = Zoom::small().await;
    zoom.simulator.freeze_clock();
    let path = format!("/users/{}", email(&zoom.pending()));
    let first = zoom.get(&path).await.body;
    zoom.simulator.advance_clock(std::time::Duration::from_secs(60));
    let second = zoom.get(&path).await.body;
    assert_ne!(first["created_at"], second["created_at"]);
    assert_eq!(first["user_created_at"], second["user_created_at"]);
}

#[tokio::test]
async fn an_invitation_runs_out() {
    let zoom = Zoom::small().await;
    zoom.simulator.freeze_clock();
    zoom.simulator.advance_clock(std::time::Duration::from_secs(31 * 24 * 60 * 60));
    // The token has run out as well.
    let mut zoom = zoom;
    zoom.log_in().await;
    assert_eq!(zoom.get(&format!("/users/{}", email(&zoom.pending()))).await.refusal(), (400, 1120));
}

#[tokio::test]
async fn a_list_can_be_narrowed_to_a_role() {
    let zoom = Zoom::start(Options { users: 60, ..options() }).await;
    let owners = zoom.get("/users?role_id=0").await;
    assert_eq!((owners.rows("users").len(), &owners.body["total_records"]), (1, &json!(1)));
    assert_eq!(owners.rows("users")[0]["id"], zoom.owner()["id"]);
}

#[tokio::test]
async fn custom_attributes_and_host_keys_show_in_a_list_when_asked_for() {
    let zoom = Zoom::start(Options { users: 200, ..options() }).await;
    let has = |reply: &Reply, name: &str| reply.rows("users").iter().any(|row| row.get(name).is_some());
    let plain = zoom.get("/users?page_size=200").await;
    assert!(!has(&plain, "custom_attributes") && !has(&plain, "host_key"));
    assert!(has(&zoom.get("/users?page_size=200&include_fields=custom_attributes").await, "custom_attributes"));
    assert!(has(&zoom.get("/users?page_size=200&include_fields=host_key").await, "host_key"));
}

#[tokio::test]
async fn the_summary_counts_what_the_lists_have() {
    let zoom = Zoom::small().await;
    let summary = zoom.get("/users/summary").await.body;
    assert_eq!(summary["pending_users_count"], 2);
    assert_eq!(summary["total_users_count"], 10);
    let licensed = zoom.get("/users").await.rows("users").iter().filter(|row| row["type"] == 2).count();
    assert_eq!(summary["licensed_users_count"], licensed);
}

#[tokio::test]
async fn an_address_exists_if_somebody_here_logs_in_with_it() {
    let zoom = Zoom::small().await;
    let exists = async |address: &str| zoom.get(&format!("/users/email?email={address}")).await.body;
    assert_eq!(exists(email(&zoom.member())).await, json!({ "existed_email": true }));
    assert_eq!(exists(email(&zoom.pending())).await, json!({ "existed_email": false }));
    assert_eq!(exists("nobody@example.org").await, json!({ "existed_email": false }));
    assert_eq!(zoom.get("/users/email").await.message(), "Email is required.");
}
