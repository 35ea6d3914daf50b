//! `POST /users`.

use http::Method;
use serde_json::{Value, json};
use zoom_simulator::Options;

use crate::support::{Reply, Zoom, email, id, invitation, options};

#[tokio::test]
async fn an_invitation_makes_a_pending_user_who_is_active_once_it_is_accepted() {
    let zoom = Zoom::small().await;
    let reply = zoom.post("/users", invitation("jill.chill@example.org")).await;
    assert_eq!(reply.status, 201);
    assert_eq!(Reply::names(&reply.body), ["email", "first_name", "id", "last_name", "type"]);
    let record = zoom.get("/users/JILL.chill@example.org").await.body;
    assert_eq!((id(&record), &record["status"]), (id(&reply.body), &json!("pending")));
    assert_eq!(record["verified"], 0);
    zoom.simulator.activate("jill.chill@example.org").unwrap();
    let record = zoom.get(&format!("/users/{}", id(&reply.body))).await.body;
    assert_eq!((&record["status"], &record["verified"]), (&json!("active"), &json!(1)));
    assert!(zoom.simulator.activate("jill.chill@example.org").is_err(), "it can be accepted once");
}

#[tokio::test]
async fn an_address_is_used_once() {
    let zoom = Zoom::small().await;
    for taken in [zoom.member(), zoom.inactive(), zoom.pending()] {
        let reply = zoom.post("/users", invitation(&email(&taken).to_uppercase())).await;
        assert_eq!(reply.refusal(), (409, 1005));
        assert!(reply.message().ends_with("has already been used."));
    }
}

#[tokio::test]
async fn an_address_of_another_account_is_refused_in_one_of_two_ways_or_invited() {
    let zoom = Zoom::small().await;
    let invite = async |address: &str| zoom.post("/users", invitation(address)).await;
    assert_eq!(invite("a@foreign.example").await.refusal(), (409, 1005));
    zoom.switch(json!({ "foreign_address_answer": "active_elsewhere" }));
    let reply = invite("a@foreign.example").await;
    assert_eq!(
        (reply.refusal(), reply.message()),
        ((400, 1009), "The user a@foreign.example already holds an active account.")
    );
    zoom.switch(json!({ "foreign_address_answer": "invited", "pending_id_in_created": "empty" }));
    let reply = invite("a@foreign.example").await;
    assert_eq!((reply.status, &reply.body["id"]), (201, &json!("")));
    zoom.switch(json!({ "pending_id_in_created": "absent" }));
    assert_eq!(invite("b@foreign.example").await.body.get("id"), None);
    assert_eq!(zoom.get("/users/a@foreign.example").await.body["status"], "pending");
    zoom.switch(json!({ "foreign_addresses": ["only@example.org"], "foreign_address_answer": null }));
    assert_eq!(invite("c@foreign.example").await.status, 201);
    assert_eq!(invite("Only@Example.org").await.refusal(), (409, 1005));
}

#[tokio::test]
async fn what_is_wrong_is_named_field_by_field() {
    let zoom = Zoom::small().await;
    let fields = async |body: Value| {
        let reply = zoom.post("/users", body).await;
        assert_eq!((reply.refusal(), reply.message()), ((400, 300), "Validation Failed."));
        let errors = reply.rows("errors").iter().map(|error| error["field"].as_str().unwrap().to_owned());
        errors.collect::<Vec<_>>()
    };
    assert_eq!(fields(json!({})).await, ["action", "user_info.email", "user_info.type"]);
    let long = "x".repeat(65);
    let body = json!({ "action": "create", "user_info": { "email": "a b@c.d", "type": 7, "first_name": long } });
    assert_eq!(fields(body).await, ["user_info.type", "user_info.email", "user_info.first_name"]);
    assert_eq!(
        fields(json!({ "action": "autocreate", "user_info": { "email": "a@b.c", "type": 1 } })).await,
        ["action"]
    );
    let ninety_nine = json!({ "action": "create", "user_info": { "email": "a@b.c", "type": 99 } });
    assert_eq!(fields(ninety_nine).await, ["user_info.type"]);
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused_in_zooms_words() {
    let zoom = Zoom::small().await;
    for body in ["", "{", "[]", "action=create"] {
        let reply = zoom.send(zoom.request(Method::POST, "/users", body)).await.unwrap();
        assert_eq!((reply.refusal(), reply.message()), ((400, 300), "Request Body should be a valid JSON object."));
    }
}

#[tokio::test]
async fn on_prem_is_gone_and_an_unknown_bundle_is_refused() {
    let zoom = Zoom::small().await;
    let with = |name: &str, value: Value| {
        let mut body = invitation("new@example.org");
        body["user_info"][name] = value;
        body
    };
    assert_eq!(
        zoom.post("/users", with("type", json!(3))).await.message(),
        "Your account can't set user type as On-prem."
    );
    let reply = zoom.post("/users", with("plan_united_type", json!("3"))).await;
    assert!(reply.message().starts_with("The value provided for `plan_united_type` parameter is invalid."));
    assert_eq!(zoom.post("/users", with("feature", json!({ "zoom_one_type": 8 }))).await.refusal(), (400, 300));
    let list = json!([{ "license_type": "MEETING", "license_option": 2, "subscription_id": "S" }]);
    assert_eq!(zoom.post("/users", with("license_info_list", list)).await.refusal(), (400, 300));
}

#[tokio::test]
async fn a_bundle_brings_a_meeting_licence() {
    let zoom = Zoom::small().await;
    let mut body = invitation("new@example.org");
    body["user_info"]["feature"] = json!({ "zoom_one_type": 72_057_594_037_927_940_i64 });
    assert_eq!(zoom.post("/users", body).await.body["type"], 2);
    let record = zoom.get("/users/new@example.org").await.body;
    assert_eq!(record["zoom_one_type"], json!(1_i64 << 56), "however it is rounded");
}

#[tokio::test]
async fn blocked_and_limited_domains_are_refused() {
    let zoom = Zoom::small().await;
    let reply = zoom.post("/users", invitation("a@blocked.example")).await;
    assert_eq!((reply.refusal(), reply.message()), ((400, 1107), "Email domain is blocked."));
    zoom.switch(json!({ "limited_domains": ["example.com", "example.net"] }));
    let reply = zoom.post("/users", invitation("a@example.org")).await;
    assert_eq!(reply.refusal(), (400, 1116));
    assert_eq!(reply.message(), "Email address a@example.org doesn't match limited domains: example.com, example.net");
}

#[tokio::test]
async fn auto_create_takes_a_managed_domain_and_a_good_password() {
    let zoom = Zoom::small().await;
    let with = |password: &str| json!({ "action": "autoCreate", "user_info": { "email": "a@example.org", "type": 2, "password": password } });
    assert_eq!(zoom.post("/users", with("Aa345678x")).await.refusal(), (400, 200));
    zoom.switch(json!({ "managed_domains": ["example.org"] }));
    let reply = zoom.post("/users", with("short")).await;
    assert_eq!((reply.refusal(), reply.message()), ((400, 300), "Invalid parameter: password"));
    let created = zoom.post("/users", with("Wq7-fern-tree")).await;
    assert_eq!(created.status, 201);
    let record = zoom.get("/users/a@example.org").await.body;
    assert_eq!((&record["status"], &record["login_types"]), (&json!("active"), &json!([100])));
}

#[tokio::test]
async fn users_without_a_log_in_and_sso_users_take_an_account_that_may_have_them() {
    let zoom = Zoom::small().await;
    let make = async |action: &str, address: &str| {
        zoom.post("/users", json!({ "action": action, "user_info": { "email": address, "type": 1 } })).await
    };
    assert_eq!(make("custCreate", "a@example.org").await.refusal(), (400, 2016));
    assert_eq!(make("ssoCreate", "b@example.org").await.refusal(), (400, 2032));
    zoom.switch(json!({ "sso": false }));
    assert_eq!(make("ssoCreate", "b@example.org").await.refusal(), (400, 2002));
    zoom.switch(json!({ "sso": true, "sso_pre_provision": true, "api_users": true }));
    assert_eq!(make("custCreate", "a@example.org").await.status, 201);
    assert_eq!(make("ssoCreate", "b@example.org").await.status, 201);
    assert_eq!(zoom.get("/users/a@example.org").await.body["login_types"], json!([99]));
    assert_eq!(zoom.get("/users/b@example.org").await.body["login_types"], json!([101]));
    assert_eq!(zoom.get("/users/b@example.org").await.body["status"], "active");
}

#[tokio::test]
async fn a_user_of_a_managed_domain_may_start_active() {
    let zoom = Zoom::small().await;
    zoom.switch(json!({ "managed_domains": ["example.org"], "managed_users_start_active": true }));
    zoom.post("/users", invitation("a@example.org")).await;
    assert_eq!(zoom.get("/users/a@example.org").await.body["status"], "active");
}

#[tokio::test]
async fn seats_run_out_with_a_code_for_each_licence() {
    let zoom = Zoom::start(options()).await;
    zoom.switch(json!({ "seats_basic": 0, "seats_licensed": 0, "seats_bundles": 0, "seats_zoom_phone": 0 }));
    let with = |name: &str, value: Value| {
        let mut body = invitation("new@example.org");
        body["user_info"][name] = value;
        body
    };
    assert_eq!(zoom.post("/users", with("type", json!(1))).await.refusal(), (400, 2033));
    assert_eq!(zoom.post("/users", with("type", json!(2))).await.refusal(), (400, 2034));
    assert_eq!(zoom.post("/users", with("plan_united_type", json!("1"))).await.refusal(), (400, 2038));
    assert_eq!(zoom.post("/users", with("feature", json!({ "zoom_one_type": 16 }))).await.refusal(), (400, 2038));
    zoom.switch(json!({ "basic_seats_code_3412": true }));
    assert_eq!(zoom.post("/users", with("type", json!(1))).await.refusal(), (400, 3412));
    zoom.switch(json!({ "seats_basic": null }));
    let reply = zoom.post("/users", with("feature", json!({ "zoom_phone": true }))).await;
    assert_eq!(reply.refusal(), (404, 1102));
    assert_eq!(zoom.post("/users", with("type", json!(4))).await.status, 201, "no meetings, no seat");
}

#[tokio::test]
async fn the_last_seat_can_be_had_and_a_pending_user_holds_one() {
    let zoom = Zoom::small().await;
    let basic = async || {
        let lists = [zoom.get("/users").await, zoom.get("/users?status=pending").await];
        lists.iter().flat_map(|list| list.rows("users")).filter(|row| row["type"] == 1).count()
    };
    zoom.switch(json!({ "seats_basic": basic().await + 1 }));
    assert_eq!(zoom.post("/users", invitation("a@example.org")).await.status, 201);
    assert_eq!(zoom.post("/users", invitation("b@example.org")).await.refusal(), (400, 2033));
}

#[tokio::test]
async fn invitations_are_limited_by_the_day() {
    let mut zoom = Zoom::start(Options { plan: zoom_simulator::Plan::Free, ..options() }).await;
    zoom.stop_clock_at_midnight().await;
    for number in 0..50 {
        zoom.simulator.advance_clock(std::time::Duration::from_secs(1));
        let reply = zoom.post("/users", invitation(&format!("u{number}@example.org"))).await;
        assert_eq!((reply.status, reply.header("x-ratelimit-limit")), (201, Some("50")));
        assert_eq!(reply.header("x-ratelimit-remaining"), Some(&*(49 - number).to_string()));
    }
    zoom.simulator.advance_clock(std::time::Duration::from_secs(1));
    let reply = zoom.post("/users", invitation("u50@example.org")).await;
    assert_eq!((reply.status, reply.header("x-ratelimit-type")), (429, Some("Daily-limit")));
    assert!(reply.header("retry-after").unwrap().ends_with("T00:00:00Z"));
}

#[tokio::test]
async fn a_phone_given_to_a_pending_user_comes_with_the_acceptance() {
    let zoom = Zoom::start(options()).await;
    zoom.switch(json!({ "phone_provisioning_reads": 0 }));
    let mut body = invitation("new@example.org");
    body["user_info"]["feature"] = json!({ "zoom_phone": true });
    assert_eq!(zoom.post("/users", body).await.status, 201);
    assert_eq!(zoom.get("/phone/users/new@example.org").await.refusal(), (404, 1001));
    zoom.simulator.activate("new@example.org").unwrap();
    assert_eq!(zoom.get("/phone/users/new@example.org").await.status, 200);
}
