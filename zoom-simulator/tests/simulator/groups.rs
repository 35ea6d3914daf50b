//! Groups, their members and administrators.

use serde_json::{Value, json};
use zoom_simulator::{Options, Plan};

use crate::support::{NO_CONTENT, Reply, Zoom, email, id, options};

async fn new_group(zoom: &Zoom, name: &str) -> String {
    let reply = zoom.post("/groups", json!({ "name": name })).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.body["id"].as_str().unwrap().to_owned()
}

async fn member_ids(zoom: &Zoom, group: &str) -> Vec<String> {
    let list = zoom.get(&format!("/groups/{group}/members?page_size=300")).await;
    list.rows("members").iter().map(|member| id(member).to_owned()).collect()
}

#[tokio::test]
async fn a_list_of_groups_does_not_tell_the_size_of_its_pages() {
    let zoom = Zoom::small().await;
    let list = zoom.get("/groups").await;
    assert_eq!(Reply::names(&list.body), ["groups", "next_page_token", "total_records"]);
    assert_eq!((list.rows("groups").len(), &list.body["total_records"]), (5, &json!(5)));
    assert_eq!(Reply::names(&list.rows("groups")[0]), ["id", "name", "total_members"]);
}

#[tokio::test]
async fn a_group_is_made_renamed_and_deleted() {
    let zoom = Zoom::small().await;
    let created = zoom.post("/groups", json!({ "name": "Choir" })).await;
    assert_eq!(
        (created.status, &created.body["name"], &created.body["total_members"]),
        (201, &json!("Choir"), &json!(0))
    );
    let path = format!("/groups/{}", id(&created.body));
    assert_eq!(id(&created.body).len(), 22);
    assert_eq!(zoom.patch(&path, json!({ "name": "Band" })).await.status, NO_CONTENT);
    assert_eq!(zoom.get(&path).await.body["name"], "Band");
    assert_eq!(zoom.patch(&path, json!({ "name": "band" })).await.status, NO_CONTENT, "its own name is not in the way");
    assert_eq!(zoom.delete(&path).await.status, NO_CONTENT);
    assert_eq!(zoom.get(&path).await.refusal(), (404, 4130));
    assert_eq!(zoom.delete(&path).await.refusal(), (404, 4130));
    assert_eq!(zoom.patch(&path, json!({ "name": "Band" })).await.refusal(), (404, 4130));
}

#[tokio::test]
async fn a_name_is_used_once() {
    let zoom = Zoom::small().await;
    let (_, other) = (new_group(&zoom, "Choir").await, new_group(&zoom, "Band").await);
    let reply = zoom.post("/groups", json!({ "name": "CHOIR" })).await;
    assert_eq!((reply.refusal(), reply.message()), ((409, 4132), "The group name \"CHOIR\" is already in use."));
    let reply = zoom.patch(&format!("/groups/{other}"), json!({ "name": "Choir" })).await;
    assert_eq!((reply.refusal(), reply.message()), ((409, 4132), "Group name Choir is already in use."));
    assert_eq!(zoom.post("/groups", json!({ "name": " " })).await.message(), "Invalid parameter: name.");
    assert_eq!(zoom.post("/groups", json!({})).await.message(), "Invalid parameter: name.");
}

#[tokio::test]
async fn groups_are_limited_in_all_and_by_the_day() {
    let zoom = Zoom::start(Options { groups: 4_999, ..options() }).await;
    new_group(&zoom, "The last").await;
    let reply = zoom.post("/groups", json!({ "name": "One too many" })).await;
    assert_eq!(reply.refusal(), (400, 300));
    assert!(reply.message().starts_with("It has reached the maximum number of groups."));

    let mut zoom = Zoom::start(Options { plan: Plan::Business, ..options() }).await;
    zoom.stop_clock_at_midnight().await;
    for number in 0..100 {
        zoom.simulator.advance_clock(std::time::Duration::from_secs(1));
        new_group(&zoom, &format!("Group {number}")).await;
    }
    let reply = zoom.post("/groups", json!({ "name": "One too many today" })).await;
    assert_eq!((reply.refusal(), reply.header("x-ratelimit-type")), ((429, 429), Some("Daily-limit")));
}

#[tokio::test]
async fn an_account_that_is_not_paid_has_no_groups() {
    let zoom = Zoom::small().await;
    zoom.switch(json!({ "paid_account": false }));
    for path in ["/groups", "/groups/x", "/groups/x/members", "/groups/x/admins"] {
        assert_eq!(zoom.get(path).await.refusal(), (400, 200), "{path}");
    }
    assert_eq!(zoom.post("/groups", json!({ "name": "Choir" })).await.message(), "Only available for Paid account.");
}

#[tokio::test]
async fn adding_names_only_those_who_were_added() {
    let zoom = Zoom::small().await;
    let group = new_group(&zoom, "Choir").await;
    let path = format!("/groups/{group}/members");
    let (member, inactive, pending) = (zoom.member(), zoom.inactive(), zoom.pending());
    let body = json!({ "members": [
        { "id": id(&member) },
        { "email": email(&inactive) },
        { "email": email(&pending) },
        { "email": "nobody@example.org" },
    ] });
    let reply = zoom.post(&path, body.clone()).await;
    assert_eq!(
        (reply.status, reply.body["ids"].as_str().unwrap()),
        (201, format!("{},{}", id(&member), id(&inactive)).as_str())
    );
    assert!(reply.body["added_at"].as_str().unwrap().ends_with('Z'));
    let again = zoom.post(&path, body).await;
    assert_eq!((again.status, &again.body["ids"]), (201, &json!("")));
    assert_eq!(member_ids(&zoom, &group).await.len(), 2);
    assert_eq!(zoom.get(&format!("/groups/{group}")).await.body["total_members"], 2);
    let record = zoom.get(&format!("/users/{}", id(&member))).await.body;
    assert!(record["group_ids"].as_array().unwrap().contains(&json!(group)));
}

#[tokio::test]
async fn thirty_are_added_at_once_and_no_more() {
    let zoom = Zoom::start(Options { users: 40, ..options() }).await;
    let group = new_group(&zoom, "Choir").await;
    let path = format!("/groups/{group}/members");
    let users = zoom.simulator.state()["users"].as_array().unwrap().clone();
    let members = |count: usize| json!({ "members": users.iter().take(count).map(|user| json!({ "id": id(user) })).collect::<Vec<_>>() });
    assert_eq!(zoom.post(&path, members(31)).await.refusal(), (400, 300));
    assert_eq!(zoom.post(&path, members(30)).await.body["ids"].as_str().unwrap().split(',').count(), 30);
    assert_eq!(zoom.post(&path, json!({})).await.refusal(), (400, 300));
}

#[tokio::test]
async fn a_list_of_members_may_do_without_a_page_count() {
    let zoom = Zoom::small().await;
    let group = new_group(&zoom, "Choir").await;
    let path = format!("/groups/{group}/members");
    assert_eq!(zoom.get(&path).await.body["page_count"], 0);
    zoom.switch(json!({ "group_members_page_count": false }));
    assert_eq!(
        Reply::names(&zoom.get(&path).await.body),
        ["members", "next_page_token", "page_number", "page_size", "total_records"]
    );
}

#[tokio::test]
async fn a_pending_user_joins_on_acceptance() {
    let zoom = Zoom::small().await;
    let (group, user) = (new_group(&zoom, "Choir").await, zoom.pending());
    zoom.patch(&format!("/users/{}", email(&user)), json!({ "group_id": group })).await;
    assert!(member_ids(&zoom, &group).await.is_empty());
    zoom.simulator.activate(email(&user)).unwrap();
    assert_eq!(member_ids(&zoom, &group).await, [id(&user)]);
}

#[tokio::test]
async fn a_member_leaves_by_id_or_address() {
    let zoom = Zoom::small().await;
    let (group, user) = (new_group(&zoom, "Choir").await, zoom.member());
    for name in [id(&user), email(&user)] {
        zoom.post(&format!("/groups/{group}/members"), json!({ "members": [{ "id": id(&user) }] })).await;
        assert_eq!(zoom.delete(&format!("/groups/{group}/members/{name}")).await.status, NO_CONTENT);
        assert_eq!(zoom.delete(&format!("/groups/{group}/members/{name}")).await.refusal(), (404, 4131));
    }
    assert_eq!(zoom.delete(&format!("/groups/none/members/{}", id(&user))).await.refusal(), (404, 4130));
}

#[tokio::test]
async fn the_first_group_is_the_primary_one_until_another_is_made_so() {
    let zoom = Zoom::small().await;
    let user = zoom.user(|user| user["status"] == "active" && user["group_ids"] == json!([]));
    let (choir, band) = (new_group(&zoom, "Choir").await, new_group(&zoom, "Band").await);
    for group in [&choir, &band] {
        zoom.post(&format!("/groups/{group}/members"), json!({ "members": [{ "id": id(&user) }] })).await;
    }
    let groups = async || zoom.get(&format!("/users/{}", id(&user))).await.body["group_ids"].clone();
    assert_eq!(groups().await, json!([choir, band]));
    let path = format!("/groups/{band}/members/{}", id(&user));
    let reply = zoom.patch(&path, json!({ "action": "set_primary", "target_group_id": band })).await;
    assert_eq!(reply.status, NO_CONTENT);
    assert_eq!(groups().await, json!([band, choir]));
    assert_eq!(
        zoom.patch(&path, json!({ "action": "set_primary" })).await.message(),
        "The target_group_id can not be empty."
    );
}

#[tokio::test]
async fn a_member_moves_to_another_group() {
    let zoom = Zoom::small().await;
    let user = zoom.user(|user| user["status"] == "active" && user["group_ids"] == json!([]));
    let (choir, band) = (new_group(&zoom, "Choir").await, new_group(&zoom, "Band").await);
    zoom.post(&format!("/groups/{choir}/members"), json!({ "members": [{ "id": id(&user) }] })).await;
    let path = format!("/groups/{choir}/members/{}", id(&user));
    assert_eq!(zoom.patch(&path, json!({ "action": "move", "target_group_id": "none" })).await.refusal(), (404, 4130));
    assert_eq!(zoom.patch(&path, json!({ "action": "jump", "target_group_id": band })).await.refusal(), (400, 300));
    assert_eq!(zoom.patch(&path, json!({ "action": "move", "target_group_id": band })).await.status, NO_CONTENT);
    assert!(member_ids(&zoom, &choir).await.is_empty());
    assert_eq!(member_ids(&zoom, &band).await, [id(&user)]);
    assert_eq!(zoom.patch(&path, json!({ "action": "move", "target_group_id": band })).await.refusal(), (404, 4131));
}

#[tokio::test]
async fn a_deleted_group_is_on_nobodys_record() {
    let zoom = Zoom::small().await;
    let user = zoom.user(|user| user["group_ids"] != json!([]) && user["status"] != "pending");
    let group = user["group_ids"][0].as_str().unwrap();
    zoom.delete(&format!("/groups/{group}")).await;
    let record = zoom.get(&format!("/users/{}", id(&user))).await.body;
    assert!(!record["group_ids"].as_array().unwrap().contains(&json!(group)));
}

#[tokio::test]
async fn administrators_are_added_listed_and_removed() {
    let zoom = Zoom::small().await;
    let (group, user) = (new_group(&zoom, "Choir").await, zoom.member());
    let path = format!("/groups/{group}/admins");
    let body: Value = json!({ "admins": [{ "email": email(&user) }, { "email": email(&zoom.pending()) }] });
    let reply = zoom.post(&path, body).await;
    assert_eq!((reply.status, &reply.body["ids"]), (201, &user["id"]));
    let list = zoom.get(&path).await;
    assert_eq!(list.rows("admins"), [json!({ "email": user["email"], "name": user["display_name"] })]);
    assert_eq!(Reply::names(&list.body), ["admins", "next_page_token", "page_size", "total_records"]);
    assert_eq!(zoom.delete(&format!("{path}/{}", id(&user))).await.status, NO_CONTENT);
    let reply = zoom.delete(&format!("{path}/{}", id(&user))).await;
    assert_eq!(reply.refusal(), (400, 4138));
    assert_eq!(reply.message(), format!("That user is not an administrator for the group: \"{group}\"."));
    assert_eq!(zoom.get("/groups/none/admins").await.message(), "A group with the \"none\" ID does not exist.");
    let eleven = json!({ "admins": vec![json!({ "email": email(&user) }); 11] });
    assert_eq!(zoom.post(&path, eleven).await.refusal(), (400, 300));
}
