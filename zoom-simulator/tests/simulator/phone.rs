//! Phone users, their plans and numbers.

use http::Method;
use serde_json::{Value, json};
use zoom_simulator::Options;

use crate::support::{NO_CONTENT, Reply, Zoom, email, id, options};

/// Eight of twelve have a phone.
async fn account() -> Zoom {
    Zoom::start(Options { phone_users: 8, ..options() }).await
}

/// A phone user as the state has it, with a number.
fn phone_user(zoom: &Zoom) -> Value {
    let state = zoom.simulator.state();
    let users = state["phone"]["users"].as_array().unwrap();
    users.iter().find(|user| user["phone"]["numbers"].as_array().unwrap().len() == 1).unwrap().clone()
}

/// An active user without a phone.
fn without_phone(zoom: &Zoom) -> Value {
    let state = zoom.simulator.state();
    let holders: Vec<_> = state["phone"]["users"].as_array().unwrap().iter().map(|user| user["id"].clone()).collect();
    zoom.user(|user| user["role_id"] == "2" && !holders.contains(&user["id"]))
}

/// A number that nobody has.
fn free_number(zoom: &Zoom) -> Value {
    let state = zoom.simulator.state();
    let numbers = state["phone"]["numbers"].as_array().unwrap();
    numbers.iter().find(|number| number["assignee"].is_null()).unwrap()["number"].clone()
}

#[tokio::test]
async fn a_row_and_a_record_are_of_different_shape() {
    let zoom = account().await;
    let user = phone_user(&zoom);
    let list = zoom.get("/phone/users").await;
    assert_eq!(Reply::names(&list.body), ["next_page_token", "page_size", "total_records", "users"]);
    assert_eq!(list.body["total_records"], 8);
    let row = list.rows("users").iter().find(|row| row["id"] == user["id"]).unwrap();
    let record = zoom.get(&format!("/phone/users/{}", id(&user))).await.body;
    assert_eq!(row["site"]["id"], record["site_id"]);
    for name in ["name", "site", "activation_status"] {
        assert!(row.get(name).is_some() && record.get(name).is_none(), "{name}");
    }
    for name in ["site_id", "policy", "emergency_address", "site_admin"] {
        assert!(row.get(name).is_none() && record.get(name).is_some(), "{name}");
    }
    for name in ["id", "email", "extension_number", "calling_plans", "phone_numbers", "status", "phone_user_id"] {
        assert_eq!(row[name], record[name], "{name}");
    }
    assert!(record["extension_number"].is_u64());
    assert!(["activate", "deactivate"].contains(&record["status"].as_str().unwrap()));
}

#[tokio::test]
async fn provisioning_takes_some_reads() {
    let zoom = account().await;
    let user = without_phone(&zoom);
    let path = format!("/phone/users/{}", id(&user));
    zoom.patch(&format!("/users/{}/settings", id(&user)), json!({ "feature": { "zoom_phone": true } })).await;
    assert_eq!(zoom.patch(&path, json!({})).await.refusal(), (404, 1001));
    assert_eq!(zoom.get(&path).await.refusal(), (404, 1001));
    assert_eq!(zoom.get("/phone/users").await.body["total_records"], 8);
    assert_eq!(zoom.get(&path).await.refusal(), (404, 1001));
    let record = zoom.get(&path).await;
    assert_eq!(record.status, 200);
    assert!(record.body["extension_number"].as_u64().unwrap() > 10_000, "it got an extension");
    assert_eq!(record.body["calling_plans"].as_array().unwrap().len(), 1, "and a plan");
    assert_eq!(zoom.get("/phone/users").await.body["total_records"], 9);
}

#[tokio::test]
async fn a_phone_that_was_just_made_comes_and_goes_where_that_is_switched_on() {
    let zoom = account().await;
    zoom.switch(json!({ "phone_provisioning_reads": 1, "phone_provisioning_flaps": true }));
    let user = without_phone(&zoom);
    let path = format!("/phone/users/{}", id(&user));
    zoom.patch(&format!("/users/{}", id(&user)), json!({ "feature": { "zoom_phone": true } })).await;
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(zoom.get(&path).await.status);
    }
    assert_eq!(seen, [404, 200, 404, 200, 200]);
}

#[tokio::test]
async fn observers_finish_what_is_being_provisioned() {
    let zoom = account().await;
    zoom.switch(json!({ "phone_provisioning_reads": 1_000, "phone_provisioning_flaps": true }));
    let user = without_phone(&zoom);
    let path = format!("/phone/users/{}", id(&user));
    zoom.patch(&format!("/users/{}", id(&user)), json!({ "feature": { "zoom_phone": true } })).await;
    assert_eq!(zoom.get(&path).await.status, 404);
    zoom.observe(Method::POST, "phones/finish", "").await;
    assert_eq!((zoom.get(&path).await.status, zoom.get(&path).await.status), (200, 200));
}

#[tokio::test]
async fn a_user_is_refused_in_one_way_and_a_text_that_is_no_id_in_another() {
    let zoom = account().await;
    let user = without_phone(&zoom);
    assert_eq!(zoom.get(&format!("/phone/users/{}", id(&user))).await.refusal(), (404, 1001));
    assert_eq!(zoom.get(&format!("/phone/users/{}", email(&user))).await.refusal(), (404, 1001));
    let reply = zoom.get("/phone/users/nonsense").await;
    assert_eq!((reply.refusal(), reply.message()), ((400, 300), "Invalid user id."));
    assert_eq!(zoom.patch("/phone/users/nonsense", json!({})).await.message(), "Invalid user ID.");
    assert_eq!(zoom.post("/phone/users", json!({})).await.status, 405);
}

#[tokio::test]
async fn an_account_without_zoom_phone_says_so_in_one_of_two_ways() {
    let zoom = account().await;
    zoom.switch(json!({ "zoom_phone": "forbidden" }));
    assert_eq!(zoom.get("/phone/users").await.status, 403);
    zoom.switch(json!({ "zoom_phone": "missing" }));
    assert_eq!(zoom.get("/phone/sites").await.refusal(), (404, 2001));
    assert_eq!(zoom.get("/users").await.status, 200);
}

#[tokio::test]
async fn phone_users_are_filtered() {
    let zoom = account().await;
    let user = phone_user(&zoom);
    let count = async |query: String| {
        zoom.get(&format!("/phone/users?page_size=100&{query}")).await.body["total_records"].as_u64().unwrap()
    };
    let site = user["phone"]["site_id"].as_str().unwrap();
    let on_site = zoom.simulator.state()["phone"]["users"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|user| user["phone"]["site_id"] == site)
        .count();
    assert_eq!(count(format!("site_id={site}")).await, on_site as u64);
    assert_eq!(count(format!("keyword={}", user["phone"]["extension_number"])).await, 1);
    assert_eq!(count("status=activate".to_owned()).await + count("status=deactivate".to_owned()).await, 8);
    assert_eq!(count("calling_type=999".to_owned()).await, 0);
    assert_eq!(count("department=Nowhere".to_owned()).await, 0);
    assert_eq!(zoom.get("/phone/users?site_id=nowhere").await.refusal(), (400, 124));
    assert_eq!(zoom.get("/phone/users?status=Active").await.refusal(), (400, 300));
}

#[tokio::test]
async fn pending_means_a_bundle_without_a_phone() {
    let zoom = account().await;
    let user = without_phone(&zoom);
    zoom.patch(&format!("/users/{}", id(&user)), json!({ "zoom_one_type": 16 })).await;
    let list = zoom.get("/phone/users?status=pending").await;
    assert!(list.rows("users").iter().any(|row| row["id"] == user["id"] && row["status"] == "pending"));
    assert!(zoom.get("/phone/users").await.rows("users").iter().all(|row| row["id"] != user["id"]));
}

#[tokio::test]
async fn a_row_may_come_twice_across_pages() {
    let zoom = account().await;
    zoom.switch(json!({ "phone_duplicate_rows": true }));
    let first = zoom.get("/phone/users?page_size=4").await;
    let second = zoom.get(&format!("/phone/users?page_size=4&next_page_token={}", first.next())).await;
    assert_eq!(first.rows("users")[3], second.rows("users")[0]);
    assert_eq!(second.body["total_records"], 8);
    let one = zoom.get("/phone/users?page_size=1").await;
    let next = zoom.get(&format!("/phone/users?page_size=1&next_page_token={}", one.next())).await;
    assert_ne!(one.rows("users")[0], next.rows("users")[0], "a walk must end");
}

#[tokio::test]
async fn an_extension_is_text_on_the_way_in_and_whole() {
    let zoom = account().await;
    let user = phone_user(&zoom);
    let path = format!("/phone/users/{}", id(&user));
    let record = zoom.get(&path).await.body;
    let sites = zoom.get("/phone/sites").await;
    let code =
        sites.rows("sites").iter().find(|site| site["id"] == record["site_id"]).unwrap()["site_code"].to_string();
    assert_eq!(zoom.patch(&path, json!({ "extension_number": format!("{code}77777") })).await.status, NO_CONTENT);
    assert_eq!(zoom.get(&path).await.body["extension_number"].to_string(), format!("{code}77777"));
    assert_eq!(zoom.patch(&path, json!({ "extension_number": 1 })).await.refusal(), (400, 300));
    assert_eq!(
        zoom.patch(&path, json!({ "extension_number": "77778" })).await.refusal(),
        (400, 400),
        "without the site's code"
    );
    let other = zoom.get("/phone/users").await.rows("users").iter().find(|row| row["id"] != user["id"]).unwrap()["extension_number"].to_string();
    let mut taken = zoom.patch(&path, json!({ "extension_number": other })).await;
    if !other.starts_with(&code) {
        zoom.switch(json!({ "site_codes": false }));
        taken = zoom.patch(&path, json!({ "extension_number": other })).await;
    }
    assert!(taken.message().starts_with(&format!("Extension number {other} is taken")), "{}", taken.text);
}

#[tokio::test]
async fn a_phone_user_moves_to_another_site_and_the_extension_follows() {
    let zoom = account().await;
    let user = phone_user(&zoom);
    let path = format!("/phone/users/{}", id(&user));
    let sites = zoom.get("/phone/sites").await;
    let site = sites.rows("sites").iter().find(|site| site["id"] != user["phone"]["site_id"]).unwrap();
    assert_eq!(zoom.patch(&path, json!({ "site_id": id(site) })).await.status, NO_CONTENT);
    let record = zoom.get(&path).await.body;
    assert_eq!(record["site_id"], site["id"]);
    assert!(record["extension_number"].to_string().starts_with(&site["site_code"].to_string()));
    assert_eq!(zoom.patch(&path, json!({ "site_id": "nowhere" })).await.refusal(), (404, 404));
    zoom.patch(&path, json!({ "policy": { "international_calling": true } })).await;
    assert_eq!(zoom.get(&path).await.body["policy"]["international_calling"], true);
}

#[tokio::test]
async fn a_plan_is_added_switched_and_removed_but_never_the_last() {
    let zoom = account().await;
    let path = format!("/phone/users/{}", id(&phone_user(&zoom)));
    let types = async || {
        let record = zoom.get(&path).await.body;
        record["calling_plans"]
            .as_array()
            .unwrap()
            .iter()
            .map(|plan| plan["type"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    let first = types().await[0];
    for plan in types().await.into_iter().skip(1) {
        zoom.delete(&format!("{path}/calling_plans/{plan}")).await;
    }
    let last = zoom.delete(&format!("{path}/calling_plans/{first}")).await;
    assert_eq!(last.refusal(), (400, 400));
    let reply = zoom
        .post(&format!("{path}/calling_plans"), json!({ "calling_plans": [{ "type": "4010" }, { "type": first }] }))
        .await;
    assert_eq!((reply.status, reply.text.as_str(), reply.header("content-type")), (201, "", None));
    assert_eq!(types().await, [first, 4010]);
    assert_eq!(zoom.delete(&format!("{path}/calling_plans/{first}")).await.status, NO_CONTENT);
    assert_eq!(zoom.delete(&format!("{path}/calling_plans/{first}")).await.refusal(), (400, 400), "it is not held");
    let switch = json!({ "source_type": 4010, "target_type": 4000 });
    assert_eq!(zoom.put(&format!("{path}/calling_plans"), switch.clone()).await.status, NO_CONTENT);
    assert_eq!(types().await, [4000]);
    let reply = zoom.put(&format!("{path}/calling_plans"), switch).await;
    assert_eq!((reply.refusal(), reply.message()), ((400, 404), "User did not subscribe to the source plan."));
    let reply = zoom.post(&format!("{path}/calling_plans"), json!({ "calling_plans": [{ "type": 999 }] })).await;
    assert_eq!((reply.refusal(), reply.message()), ((400, 300), "Invalid field."));
    zoom.switch(json!({ "phone_assigned_status": 200 }));
    let reply = zoom.post(&format!("{path}/calling_plans"), json!({ "calling_plans": [{ "type": 200 }] })).await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn plans_run_out_but_for_the_basic_one() {
    let zoom = account().await;
    let path = format!("/phone/users/{}/calling_plans", id(&phone_user(&zoom)));
    zoom.switch(json!({ "seats_calling_plans": { "4010": 0, "3010": 0 } }));
    let assign = async |plan: i64| zoom.post(&path, json!({ "calling_plans": [{ "type": plan }] })).await;
    assert_eq!(assign(4010).await.status, 400);
    assert_eq!(assign(3010).await.status, 201);
    let missing = zoom.post("/phone/users/nobody@example.org/calling_plans", json!({ "calling_plans": [] })).await;
    assert_eq!(missing.message(), "User does not exist:nobody@example.org.");
}

#[tokio::test]
async fn a_number_is_assigned_by_id_or_by_itself_and_shown_as_the_switch_says() {
    let zoom = account().await;
    let path = format!("/phone/users/{}", id(&phone_user(&zoom)));
    let numbers = async || zoom.get(&path).await.body["phone_numbers"].as_array().unwrap().clone();
    let free = free_number(&zoom);
    let reply = zoom.post(&format!("{path}/phone_numbers"), json!({ "phone_numbers": [{ "id": id(&free) }] })).await;
    assert_eq!((reply.status, &reply.rows("phone_numbers")[0]["number"]), (201, &free["number"]));
    let another = free_number(&zoom);
    zoom.post(&format!("{path}/phone_numbers"), json!({ "phone_numbers": [{ "number": another["number"] }] })).await;
    assert_eq!(numbers().await.len(), 3);
    assert!(numbers().await[2]["number"].as_str().unwrap().starts_with("+1"));
    zoom.switch(json!({ "phone_numbers_with_plus": false }));
    assert!(numbers().await[2]["number"].as_str().unwrap().starts_with('1'));
}

#[tokio::test]
async fn numbers_are_not_taken_from_others_nor_hoarded() {
    let zoom = account().await;
    let user = phone_user(&zoom);
    let path = format!("/phone/users/{}/phone_numbers", id(&user));
    let state = zoom.simulator.state();
    let numbers = state["phone"]["numbers"].as_array().unwrap();
    let taken =
        numbers.iter().find(|number| !number["assignee"].is_null() && number["assignee"] != user["id"]).unwrap();
    let assign =
        async |number: &Value| zoom.post(&path, json!({ "phone_numbers": [{ "id": number["number"]["id"] }] })).await;
    assert_eq!(assign(taken).await.status, 400);
    assert_eq!(
        zoom.post(&path, json!({ "phone_numbers": [{ "number": "+19995550100" }] })).await.refusal(),
        (404, 404)
    );
    zoom.switch(json!({ "phone_numbers_per_user": 1 }));
    let free = numbers.iter().find(|number| number["assignee"].is_null()).unwrap();
    assert_eq!(assign(free).await.status, 400);
    zoom.switch(json!({ "phone_numbers_per_user": 2 }));
    assert_eq!(assign(free).await.status, 201);
    let eleven = json!({ "phone_numbers": vec![json!({ "id": "x" }); 11] });
    assert_eq!(zoom.post(&path, eleven).await.refusal(), (400, 300));
}

#[tokio::test]
async fn a_number_is_unassigned_by_id_or_by_itself_with_an_encoded_plus() {
    let zoom = account().await;
    let user = phone_user(&zoom);
    let path = format!("/phone/users/{}/phone_numbers", id(&user));
    let number = zoom.get(&format!("/phone/users/{}", id(&user))).await.body["phone_numbers"][0].clone();
    let text = number["number"].as_str().unwrap();
    let reply = zoom.delete(&format!("{path}/{text}")).await;
    assert_eq!(
        (reply.refusal(), reply.message()),
        ((404, 400), "Invalid query parameter \"phone_number\"."),
        "a bare plus"
    );
    assert_eq!(zoom.delete(&format!("{path}/{}", text.replace('+', "%2B"))).await.status, NO_CONTENT);
    assert_eq!(zoom.delete(&format!("{path}/{}", id(&number))).await.refusal(), (404, 400), "it is no longer held");
    zoom.post(&path, json!({ "phone_numbers": [{ "id": id(&number) }] })).await;
    assert_eq!(zoom.delete(&format!("{path}/{}", id(&number))).await.status, NO_CONTENT);
}

#[tokio::test]
async fn numbers_fall_back_to_the_inventory_with_the_phone() {
    let zoom = account().await;
    let user = phone_user(&zoom);
    let number = user["phone"]["numbers"][0].as_str().unwrap();
    assert_eq!(zoom.get(&format!("/phone/numbers/{number}")).await.body["assignee"]["id"], user["id"]);
    zoom.patch(&format!("/users/{}", id(&user)), json!({ "feature": { "zoom_phone": false } })).await;
    assert_eq!(zoom.get(&format!("/phone/numbers/{number}")).await.body.get("assignee"), None);
    let other = phone_user(&zoom);
    let path = format!("/phone/users/{}/phone_numbers", id(&other));
    assert_eq!(
        zoom.post(&path, json!({ "phone_numbers": [{ "id": number }] })).await.status,
        201,
        "others can have it"
    );
}

#[tokio::test]
async fn phones_are_given_in_batches_of_ten() {
    let zoom = account().await;
    let (user, number) = (without_phone(&zoom), free_number(&zoom));
    zoom.switch(json!({ "phone_provisioning_reads": 0 }));
    let wanted = json!({
        "email": email(&user), "calling_plans": ["Zoom Phone Basic"], "site_name": "Main Site", "extension_number": "88888",
        "phone_numbers": [number["number"]],
    });
    let reply = zoom.post("/phone/users/batch", json!({ "users": [wanted] })).await;
    assert_eq!((reply.status, &reply.body), (201, &json!([{ "email": user["email"], "id": user["id"] }])));
    let record = zoom.get(&format!("/phone/users/{}", id(&user))).await.body;
    assert_eq!(record["calling_plans"][0]["type"], 3010);
    assert!(record["extension_number"].to_string().ends_with("88888"));
    assert_eq!(record["phone_numbers"][0]["id"], number["id"]);
    let reply = zoom.post("/phone/users/batch", json!({ "users": vec![wanted.clone(); 11] })).await;
    assert_eq!((reply.refusal(), reply.message()), ((400, 400), "User size must be less than 10."));
    let without = |name: &str| {
        let mut wanted = wanted.clone();
        wanted.as_object_mut().unwrap().remove(name);
        json!({ "users": [wanted] })
    };
    for name in ["email", "calling_plans", "extension_number"] {
        assert_eq!(zoom.post("/phone/users/batch", without(name)).await.refusal(), (400, 300), "{name}");
    }
}

#[tokio::test]
async fn phone_users_are_changed_in_batches() {
    let zoom = account().await;
    let (user, other) = (phone_user(&zoom), without_phone(&zoom));
    zoom.switch(json!({ "phone_provisioning_reads": 0 }));
    let sites = zoom.get("/phone/sites").await;
    let site = id(&sites.rows("sites")[2]).to_owned();
    let update = async |body: Value| zoom.put("/phone/users/batch", body).await;
    let reply = update(json!({ "batch_type": "move_site", "user_ids": [id(&user)], "site_id": site })).await;
    assert_eq!(reply.status, NO_CONTENT);
    assert_eq!(zoom.get(&format!("/phone/users/{}", id(&user))).await.body["site_id"], json!(site));
    update(json!({ "batch_type": "activate", "user_ids": [id(&user)], "activation_status": "deactivate" })).await;
    assert_eq!(zoom.get(&format!("/phone/users/{}", id(&user))).await.body["status"], "deactivate");
    update(json!({ "batch_type": "assign_pending_user", "user_ids": [id(&other)], "site_id": site })).await;
    assert_eq!(zoom.get(&format!("/phone/users/{}", id(&other))).await.body["site_id"], json!(site));
    let reply = update(json!({ "batch_type": "dance", "user_ids": [id(&user)] })).await;
    assert_eq!(reply.message(), "Current batch type does not support, batch type:dance.");
}

#[tokio::test]
async fn settings_call_the_status_by_yet_another_name() {
    let zoom = account().await;
    let path = format!("/phone/users/{}/settings", id(&phone_user(&zoom)));
    let settings = zoom.get(&path).await;
    assert!(["Active", "Inactive"].contains(&settings.body["status"].as_str().unwrap()));
    assert_eq!(zoom.patch(&path, json!({ "area_code": "212" })).await.status, NO_CONTENT);
    assert_eq!(zoom.get(&path).await.body["area_code"], "212");
    assert_eq!(zoom.get("/phone/settings").await.body["multiple_sites"], json!({ "enabled": true, "site_code": true }));
    assert_eq!(zoom.send(zoom.request(Method::PATCH, &path, "{")).await.unwrap().refusal(), (400, 300));
}
