//! `PATCH /users/{id}`.

use serde_json::{Value, json};

use crate::support::{NO_CONTENT, Zoom, email, id, options};

#[tokio::test]
async fn what_a_request_names_changes_and_nothing_else() {
    let zoom = Zoom::small().await;
    let user = zoom.member();
    let path = format!("/users/{}", id(&user));
    let before = zoom.get(&path).await.body;
    let changes = json!({
        "first_name": "Zoë", "last_name": "Ågren", "dept": "Choir", "job_title": "Alto", "company": "Voices", "location": "Umeå",
        "cost_center": "CC-1", "manager": "", "language": "sv-SE", "timezone": "Europe/Stockholm", "pronouns": "she/her",
        "pronouns_option": 2, "use_pmi": true, "pmi": 1_234_567_890,
    });
    let reply = zoom.patch(&path, changes.clone()).await;
    assert_eq!((reply.status, reply.text.as_str()), (NO_CONTENT, ""));
    let after = zoom.get(&path).await.body;
    for (name, value) in after.as_object().unwrap() {
        let expected = if name == "personal_meeting_url" { value } else { changes.get(name).unwrap_or(&before[name]) };
        assert_eq!(value, expected, "{name}");
    }
}

#[tokio::test]
async fn an_empty_display_name_is_derived() {
    let zoom = Zoom::small().await;
    let path = format!("/users/{}", id(&zoom.member()));
    zoom.patch(&path, json!({ "first_name": "Ada", "last_name": "Byron", "display_name": "Countess" })).await;
    assert_eq!(zoom.get(&path).await.body["display_name"], "Countess");
    zoom.patch(&path, json!({ "display_name": "" })).await;
    assert_eq!(zoom.get(&path).await.body["display_name"], "Ada Byron");
}

#[tokio::test]
async fn a_pending_user_takes_nothing_but_a_group() {
    let zoom = Zoom::small().await;
    let user = zoom.pending();
    let path = format!("/users/{}", email(&user));
    let before = zoom.get(&path).await.body;
    let group = zoom.get("/groups").await.rows("groups").last().unwrap()["id"].clone();
    assert_eq!(zoom.patch(&path, json!({ "dept": "Choir", "type": 2 })).await.status, NO_CONTENT);
    let after = zoom.get(&path).await.body;
    assert_eq!((&before["dept"], &before["type"]), (&after["dept"], &after["type"]));
    assert_eq!(zoom.patch(&path, json!({ "group_id": group })).await.status, NO_CONTENT);
    assert!(zoom.get(&path).await.body["group_ids"].as_array().unwrap().contains(&group));
    assert_eq!(zoom.patch(&path, json!({ "group_id": "nonsense" })).await.refusal(), (404, 4130));
}

#[tokio::test]
async fn an_inactive_user_takes_nothing_unless_the_switch_says_so() {
    let zoom = Zoom::small().await;
    let path = format!("/users/{}", id(&zoom.inactive()));
    assert_eq!(zoom.patch(&path, json!({ "dept": "Choir" })).await.status, NO_CONTENT);
    assert_ne!(zoom.get(&path).await.body["dept"], "Choir");
    zoom.switch(json!({ "patch_of_inactive": "applied" }));
    zoom.patch(&path, json!({ "dept": "Choir" })).await;
    assert_eq!(zoom.get(&path).await.body["dept"], "Choir");
}

#[tokio::test]
async fn lengths_and_words_are_checked() {
    let zoom = Zoom::small().await;
    let path = format!("/users/{}", id(&zoom.member()));
    let wrong = [
        json!({ "first_name": "x".repeat(65) }),
        json!({ "job_title": "x".repeat(129) }),
        json!({ "company": "x".repeat(256) }),
        json!({ "location": "x".repeat(257) }),
        json!({ "about_me": "x".repeat(151) }),
        json!({ "display_name": "x".repeat(129) }),
        json!({ "pmi": 12_345_678_901_i64 }),
        json!({ "host_key": "12345" }),
        json!({ "pronouns_option": 4 }),
        json!({ "type": 5 }),
        json!({ "zoom_one_type": 8 }),
        json!({ "dept": 7 }),
        json!({ "phone_numbers": [{}, {}, {}, {}] }),
        json!({ "phone_numbers": [{ "label": "Pager" }] }),
        json!({ "custom_attributes": [{ "key": "unknown", "value": "1" }] }),
        json!({ "phone_number": "5550100" }),
    ];
    for body in wrong {
        let reply = zoom.patch(&path, body.clone()).await;
        assert_eq!((reply.refusal(), reply.message()), ((400, 300), "Validation Failed."), "{body}");
    }
    let reply = zoom.patch(&path, json!({ "about_me": "see https://example.org" })).await;
    assert!(reply.message().contains("can't contain hyperlinks"));
    let reply = zoom.patch(&path, json!({ "linkedin_url": "https://example.org/me" })).await;
    assert!(reply.message().contains("must contain `linkedin.com`"));
}

#[tokio::test]
async fn the_number_of_a_profile_can_be_set_in_two_ways() {
    let zoom = Zoom::small().await;
    let path = format!("/users/{}", id(&zoom.member()));
    zoom.patch(&path, json!({ "phone_number": "5550100", "phone_country": "GB" })).await;
    let record = zoom.get(&path).await.body;
    assert_eq!((&record["phone_number"], &record["phone_country"]), (&json!("+44 5550100"), &json!("GB")));
    let numbers = json!([{ "code": "+1", "country": "US", "label": "Mobile", "number": "5550101" }]);
    zoom.patch(&path, json!({ "phone_numbers": numbers })).await;
    let record = zoom.get(&path).await.body;
    assert_eq!(record["phone_numbers"][0]["label"], "Mobile");
    assert_eq!((&record["phone_number"], &record["phone_country"]), (&json!("+1 5550101"), &json!("US")));
    zoom.patch(&path, json!({ "phone_number": "" })).await;
    assert_eq!(zoom.get(&path).await.body["phone_numbers"], json!([]));
}

#[tokio::test]
async fn custom_attributes_are_set_by_their_keys() {
    let zoom = Zoom::small().await;
    let path = format!("/users/{}", id(&zoom.member()));
    let known = zoom.simulator.state()["custom_attributes"][1].clone();
    let set = async |value: &str| {
        zoom.patch(
            &path,
            json!({ "custom_attributes": [{ "key": known["key"], "name": known["name"], "value": value }] }),
        )
        .await;
        let record = zoom.get(&path).await.body;
        let held = record["custom_attributes"].as_array().cloned().unwrap_or_default();
        held.into_iter().find(|held| held["key"] == known["key"])
    };
    assert_eq!(set("night").await.unwrap()["value"], "night");
    assert_eq!(set("").await, None);
}

#[tokio::test]
async fn licences_change_one_at_a_time() {
    let zoom = Zoom::small().await;
    let path = format!("/users/{}", id(&zoom.member()));
    let reply = zoom.patch(&path, json!({ "type": 2, "zoom_one_type": 16 })).await;
    assert_eq!(reply.refusal(), (400, 300));
    assert!(reply.message().ends_with("at the same time."));
    let show = async |changes: Value| {
        assert_eq!(zoom.patch(&path, changes).await.status, NO_CONTENT);
        let record = zoom.get(&path).await.body;
        json!([record["type"], record.get("zoom_one_type"), record.get("plan_united_type")])
    };
    assert_eq!(show(json!({ "zoom_one_type": 16 })).await, json!([2, 16, null]));
    assert_eq!(show(json!({ "plan_united_type": "4" })).await, json!([2, null, "4"]));
    assert_eq!(show(json!({ "plan_united_type": "none" })).await, json!([1, null, null]));
    assert_eq!(show(json!({ "zoom_one_type": 0 })).await, json!([1, null, null]));
    assert_eq!(show(json!({ "type": 2 })).await, json!([2, null, null]));
}

#[tokio::test]
async fn a_change_of_licence_takes_a_seat() {
    let zoom = Zoom::start(options()).await;
    let path = format!("/users/{}", id(&zoom.member()));
    let refusal = async |changes: Value| zoom.patch(&path, changes).await.refusal();
    zoom.patch(&path, json!({ "type": 1 })).await;
    zoom.switch(json!({ "seats_licensed": 0, "seats_bundles": 0 }));
    assert_eq!(refusal(json!({ "type": 2 })).await, (400, 2034));
    assert_eq!(refusal(json!({ "zoom_one_type": 16 })).await, (400, 2038));
    zoom.switch(json!({ "seats_bundles": null, "seats_licensed": null, "seats_basic": 0 }));
    zoom.patch(&path, json!({ "type": 2 })).await;
    assert_eq!(refusal(json!({ "type": 1 })).await, (400, 2033));
    zoom.patch(&path, json!({ "zoom_one_type": 16 })).await;
    assert_eq!(refusal(json!({ "zoom_one_type": 0 })).await, (400, 2039));
    zoom.patch(&path, json!({ "plan_united_type": "1" })).await;
    assert_eq!(refusal(json!({ "plan_united_type": "none" })).await, (400, 2039));
    assert_eq!(refusal(json!({ "type": 99 })).await, (400, 1108));
}

#[tokio::test]
async fn a_personal_link_name_belongs_to_one_user() {
    let zoom = Zoom::small().await;
    zoom.patch("/users/me", json!({ "vanity_name": "the.boss" })).await;
    assert!(zoom.get("/users/me").await.body["vanity_url"].as_str().unwrap().ends_with("/the.boss"));
    let reply = zoom.patch(&format!("/users/{}", id(&zoom.member())), json!({ "vanity_name": "the.boss" })).await;
    assert_eq!(reply.refusal(), (400, 4100));
}

#[tokio::test]
async fn the_phone_is_switched_on_and_off() {
    let zoom = Zoom::small().await;
    zoom.switch(json!({ "phone_provisioning_reads": 0 }));
    let user = zoom.member();
    let phone = format!("/phone/users/{}", id(&user));
    let path = format!("/users/{}", id(&user));
    assert_eq!(zoom.get(&phone).await.refusal(), (404, 1001));
    assert_eq!(zoom.patch(&path, json!({ "feature": { "zoom_phone": true } })).await.status, NO_CONTENT);
    assert_eq!(zoom.get(&phone).await.status, 200);
    zoom.patch(&path, json!({ "feature": { "zoom_phone": false } })).await;
    assert_eq!(zoom.get(&phone).await.refusal(), (404, 1001));
    zoom.switch(json!({ "seats_zoom_phone": 0 }));
    let reply = zoom.patch(&path, json!({ "dept": "Choir", "feature": { "zoom_phone": true } })).await;
    assert_eq!(reply.refusal(), (404, 1102));
    assert_ne!(zoom.get(&path).await.body["dept"], "Choir", "all of a request or none of it");
}
