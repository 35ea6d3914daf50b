//! Connections, TLS, latency, and how a simulator starts and stops.

use std::time::{Duration, Instant};

use http::{Method, Request, Version};
use http_body_util::{BodyExt, Full};
use serde_json::json;
use zoom_simulator::{Options, OptionsError, Plan, Simulator, StartError, Stats};

use crate::support::{Zoom, client, options};

#[tokio::test]
async fn answers_wait_as_long_as_the_latency() {
    let zoom = Zoom::start(Options { latency: Duration::from_millis(30), ..options() }).await;
    let before = Instant::now();
    zoom.get("/users/me").await;
    zoom.get("/users/nobody@example.org").await;
    assert!(before.elapsed() >= Duration::from_millis(60));
}

/// Makes three calls that are answered only when all have come.
async fn three_at_once(zoom: &Zoom) -> Stats {
    zoom.switch(json!({ "hold": ["GET /v2/users/{id}"] }));
    let let_go = async {
        zoom.wait_for_in_flight(3).await;
        zoom.switch(json!({ "hold": [] }));
    };
    tokio::join!(zoom.get("/users/me"), zoom.get("/users/me"), zoom.get("/users/me"), let_go);
    zoom.simulator.stats()
}

#[tokio::test]
async fn calls_are_answered_side_by_side() {
    let zoom = Zoom::small().await;
    let stats = three_at_once(&zoom).await;
    assert_eq!((stats.max_in_flight, stats.in_flight), (3, 0));
    assert_eq!(stats.connections, 3);
}

#[tokio::test]
async fn tls_is_trusted_by_whoever_trusts_its_authority_and_nobody_else() {
    let simulator = Simulator::start(Options { tls: true, ..options() }).await.unwrap();
    assert!(simulator.base_url().starts_with("https://127.0.0.1:"));
    let connect = async |pem| client(pem).get(format!("{}/v2/users", simulator.base_url()).parse().unwrap()).await;
    let response = connect(simulator.ca_pem()).await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(connect(None).await.is_err());
    let other = Simulator::start(Options { tls: true, ..options() }).await.unwrap();
    assert!(connect(other.ca_pem()).await.is_err());
}

#[tokio::test]
async fn over_tls_the_caller_chooses_the_protocol_among_those_offered() {
    for (http2, spoken, connections) in [(true, Version::HTTP_2, 1), (false, Version::HTTP_11, 3)] {
        let zoom = Zoom::start(Options { tls: true, http2, ..options() }).await;
        let response = zoom.client.request(zoom.request(Method::GET, "/users/me", "")).await.unwrap();
        assert_eq!(response.version(), spoken);
        response.into_body().collect().await.unwrap();

        let stats = three_at_once(&zoom).await;
        assert_eq!((stats.max_in_flight, stats.connections), (3, connections), "{spoken:?}");
    }
}

#[tokio::test]
async fn without_tls_there_is_no_authority() {
    assert!(Simulator::start(options()).await.unwrap().ca_pem().is_none());
}

#[tokio::test]
async fn a_stopped_simulator_leaves_its_port() {
    let zoom = Zoom::start(options()).await;
    let port = zoom.simulator.base_url().rsplit(':').next().unwrap().parse().unwrap();
    let taken = Simulator::start(Options { port, ..options() }).await;
    assert!(matches!(taken, Err(StartError::Listen { port: named, .. }) if named == port));
    let request = Request::get(format!("{}/v2/users", zoom.simulator.base_url())).body(Full::default()).unwrap();
    zoom.simulator.stop().await;
    assert!(zoom.client.request(request).await.is_err());
    assert!(Simulator::start(Options { port, ..options() }).await.is_ok());
}

#[tokio::test]
async fn properties_are_those_of_a_property_file() {
    let zoom = Zoom::start(options()).await;
    let properties = zoom.simulator.properties();
    let value = |name: &str| properties.iter().find(|(key, _)| key == name).unwrap().1.clone();
    let base = zoom.simulator.base_url();
    assert_eq!(value("service.serviceUrl"), format!("{base}/v2"));
    assert_eq!(value("security.authenticator.oauth2ClientCredentials.tokenUrl"), format!("{base}/oauth/token"));
    assert_eq!(value("custom.accountId"), zoom.simulator.credentials().account_id);
    assert_eq!(
        value("security.authenticator.oauth2ClientCredentials.clientId"),
        zoom.simulator.credentials().client_id
    );
    assert_eq!(
        value("security.authenticator.oauth2ClientCredentials.clientSecret"),
        zoom.simulator.credentials().client_secret
    );
    assert_eq!(value("ratePlan"), "off", "as many calls as one likes");
    assert!(!format!("{:?}", zoom.simulator.credentials()).contains("Secret"));
}

#[tokio::test]
async fn options_that_cannot_be_are_refused() {
    let refusal = async |options: Options| match Simulator::start(options).await {
        Err(StartError::Options(error)) => error,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it started"),
    };
    assert_eq!(refusal(Options { users: 0, ..options() }).await, OptionsError::NoOwner);
    let error = refusal(Options { users: 10, inactive: 6, pending: 4, ..options() }).await;
    assert_eq!(error, OptionsError::TooFewActive { users: 10, inactive: 6, pending: 4 });
    let error = refusal(Options { users: 10, inactive: 6, phone_users: 5, ..options() }).await;
    assert_eq!(error.to_string(), "phone users (5) must not be more than active users (4)");
    assert_eq!(refusal(Options { groups: 5_001, ..options() }).await, OptionsError::TooManyGroups { groups: 5_001 });
}

#[test]
fn a_plan_is_one_of_four_words() {
    for word in ["off", "free", "pro", "business"] {
        assert_eq!(word.parse::<Plan>().unwrap().to_string(), word);
    }
    assert!("gold".parse::<Plan>().unwrap_err().to_string().contains("off, free, pro and business"));
}

#[tokio::test]
async fn every_answer_can_be_traced() {
    let zoom = Zoom::small().await;
    let (first, second) = (zoom.get("/users/me").await, zoom.get("/users/me").await);
    assert!(first.header("x-zm-trackingid").is_some());
    assert_ne!(first.header("x-zm-trackingid"), second.header("x-zm-trackingid"));
}

#[tokio::test]
async fn a_body_beyond_reason_is_not_read() {
    let zoom = Zoom::small().await;
    let request = zoom.request(Method::POST, "/users", &"x".repeat(2 << 20));
    // The connection may break before all of it is written.
    if let Ok(response) = zoom.client.request(request).await {
        assert_eq!(response.status(), 413);
        let _ = response.into_body().collect().await;
    }
    assert_eq!(zoom.get("/users/me").await.status, 200);
}
