//! What observers see and can do.

use http::{Method, Request};
use http_body_util::Full;
use serde_json::{Value, json};
use zoom_simulator::{Options, Simulator, SwitchError};

use crate::support::{Zoom, client, email, id, options};

#[tokio::test]
async fn requests_are_counted_by_route_and_status() {
    let zoom = Zoom::small().await;
    for user in [id(&zoom.member()), email(&zoom.member()), "me", "nobody@example.org"] {
        zoom.get(&format!("/users/{user}")).await;
    }
    zoom.get("/phone/users/nonsense").await;
    let stats = zoom.observe(Method::GET, "stats", "").await.body;
    assert_eq!(stats["requests"], 6);
    assert_eq!(
        stats["by_route"],
        json!({ "GET /v2/users/{id}": 4, "GET /v2/phone/users/{id}": 1, "POST /oauth/token": 1 })
    );
    assert_eq!(stats["status"], json!({ "200": 4, "400": 1, "404": 1 }));
    assert_eq!((&stats["max_in_flight"], &stats["in_flight"], &stats["faults"]), (&json!(1), &json!(0), &json!({})));
}

#[tokio::test]
async fn a_reset_forgets_the_calls_and_keeps_the_account() {
    let zoom = Zoom::small().await;
    zoom.patch(&format!("/users/{}", id(&zoom.member())), json!({ "dept": "Choir" })).await;
    let before = zoom.simulator.state();
    assert_eq!(zoom.observe(Method::POST, "reset", "").await.status, 200);
    assert_eq!((zoom.simulator.stats().requests, zoom.simulator.log().len()), (0, 0));
    assert_eq!(zoom.simulator.state(), before);
    assert_eq!(zoom.get("/users/me").await.status, 200, "tokens live on");
}

#[tokio::test]
async fn connections_are_counted_but_not_those_of_observers() {
    let zoom = Zoom::small().await;
    zoom.get("/users").await;
    let stats = zoom.observe(Method::GET, "stats", "").await.body;
    assert_eq!(stats["connections"], 1, "one is kept alive and used again");
    let other = client(None);
    let request = Request::get(format!("{}/__sim/stats", zoom.simulator.base_url())).body(Full::default()).unwrap();
    other.request(request).await.unwrap();
    assert_eq!(zoom.simulator.stats().connections, 1);
}

#[tokio::test]
async fn the_log_has_every_call_and_no_secret() {
    let zoom = Zoom::small().await;
    zoom.get("/users?page_size=1&status=active").await;
    zoom.put(&format!("/users/{}/password", id(&zoom.member())), json!({ "password": "Wq7-fern-tree" })).await;
    zoom.delete("/users/nobody@example.org").await;
    let log = zoom.observe(Method::GET, "log", "").await.text;
    assert!(!log.contains("Wq7") && !log.contains(zoom.token()));
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0]["request_body"]["grant_type"], "account_credentials");
    assert_eq!(lines[0]["response_body"]["access_token"], "********");
    assert_eq!((&lines[1]["method"], &lines[1]["path"]), (&json!("GET"), &json!("/v2/users")));
    assert_eq!(lines[1]["query"], json!({ "page_size": "1", "status": "active" }));
    assert_eq!((&lines[1]["request_body"], &lines[1]["status"]), (&Value::Null, &json!(200)));
    assert_eq!(lines[1]["response_body"]["users"].as_array().unwrap().len(), 1);
    assert_eq!(lines[2]["request_body"], json!({ "password": "********" }));
    assert_eq!((&lines[3]["status"], &lines[3]["response_body"]["code"]), (&json!(404), &json!(1001)));
    assert_eq!(lines[3]["time"].as_str().unwrap().len(), 20);
    assert_eq!(zoom.simulator.log().len(), 4, "observers are not in it");
}

#[tokio::test]
async fn the_log_is_also_appended_to_a_file() {
    let path = std::env::temp_dir().join(format!("zoom-simulator-{}.jsonl", std::process::id()));
    for calls in [2, 4] {
        let zoom = Zoom::start(Options { log_file: Some(path.clone()), ..options() }).await;
        zoom.get("/users/me").await;
        zoom.simulator.stop().await;
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), calls);
    }
    std::fs::remove_file(&path).unwrap();
    let nowhere = Options { log_file: Some("/nowhere/at/all".into()), ..options() };
    assert!(Simulator::start(nowhere).await.is_err_and(|error| error.to_string().contains("/nowhere/at/all")));
}

#[tokio::test]
async fn an_invitation_is_accepted_in_the_users_place() {
    let zoom = Zoom::small().await;
    let path = format!("users/{}/activate", email(&zoom.pending()));
    assert_eq!(zoom.observe(Method::POST, &path, "").await.status, 204);
    assert_eq!(zoom.observe(Method::POST, &path, "").await.status, 404);
    assert_eq!(zoom.observe(Method::POST, "users/nobody/activate", "").await.status, 404);
}

#[tokio::test]
async fn the_state_has_everything() {
    let zoom = Zoom::start(Options { phone_users: 3, ..options() }).await;
    let state = zoom.observe(Method::GET, "state", "").await.body;
    assert_eq!(state, zoom.simulator.state());
    assert_eq!(state["users"].as_array().unwrap().len(), 12);
    assert_eq!(state["groups"].as_array().unwrap().len(), 5);
    assert_eq!(state["phone"]["users"].as_array().unwrap().len(), 3);
    assert_eq!(state["phone"]["sites"].as_array().unwrap().len(), 3);
    let text = state.to_string();
    assert!(!text.contains("password") && !text.contains("host_key"));
}

#[tokio::test]
async fn switches_are_read_set_and_put_back() {
    let zoom = Zoom::small().await;
    let reply = zoom.observe(Method::PUT, "switches", r#"{"plan":"pro","seats_basic":3}"#).await;
    assert_eq!((reply.status, &reply.body["plan"], &reply.body["seats_basic"]), (200, &json!("pro"), &json!(3)));
    assert_eq!(zoom.observe(Method::GET, "switches", "").await.body, reply.body);
    let reply = zoom.observe(Method::PUT, "switches", r#"{"plan":null}"#).await;
    assert_eq!((&reply.body["plan"], &reply.body["seats_basic"]), (&json!("off"), &json!(3)));
}

#[tokio::test]
async fn an_unknown_switch_is_named_and_all_others_listed() {
    let zoom = Zoom::small().await;
    let reply = zoom.observe(Method::PUT, "switches", r#"{"plan":"pro","colour":"red"}"#).await;
    assert_eq!(reply.status, 400);
    assert!(reply.message().starts_with("unknown switch \"colour\": known are "));
    for name in zoom.simulator.switches().as_object().unwrap().keys() {
        assert!(reply.message().contains(name.as_str()), "{name}");
    }
    assert_eq!(zoom.simulator.switches()["plan"], "off", "all or nothing");
    let error = zoom.simulator.set_switches(json!({ "plan": "golden" })).unwrap_err();
    assert!(matches!(error, SwitchError::Wrong { name, .. } if name == "plan"));
    assert_eq!(zoom.simulator.set_switches(json!([])), Err(SwitchError::NotAnObject));
    assert_eq!(zoom.observe(Method::PUT, "switches", "{").await.status, 400);
}

#[tokio::test]
async fn an_unknown_path_is_answered_as_zoom_does_unless_strict() {
    let zoom = Zoom::small().await;
    let reply = zoom.get("/meetings").await;
    assert_eq!(reply.status, 500);
    assert!(reply.message().contains("GET /v2/meetings"));
    assert!(zoom.put("/users", json!({})).await.message().contains("PUT /v2/users"), "a method it has not");
    zoom.switch(json!({ "strict": false }));
    let reply = zoom.get("/meetings").await;
    assert_eq!((reply.refusal(), reply.message()), ((400, 2300), "This API endpoint is not recognized."));
    assert_eq!(zoom.put("/users", json!({})).await.refusal(), (400, 2300));
    assert_eq!(zoom.simulator.stats().by_route.get("GET /v2/meetings"), Some(&2));
}

#[tokio::test]
async fn an_unknown_query_parameter_is_let_pass_and_logged() {
    let zoom = Zoom::small().await;
    assert_eq!(zoom.get("/users?colour=red").await.status, 200);
    assert_eq!(zoom.simulator.log().last().unwrap().query["colour"], "red");
}

#[tokio::test]
async fn an_unknown_observer_is_no_call_to_zoom() {
    let zoom = Zoom::small().await;
    let before = zoom.simulator.stats();
    assert_eq!(zoom.observe(Method::GET, "nonsense", "").await.status, 404);
    assert_eq!(zoom.simulator.stats(), before);
}
