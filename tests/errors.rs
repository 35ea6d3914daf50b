//! What goes wrong is said with its kind, what to do next, and nothing half-done behind it.

use host_harness::model::{ConnectorError, Value};
use host_harness::{Component, Engine, Error};
use serde_json::json;

use crate::support::{USER, Zoom, all, create, refused, try_all, users};

async fn tested(zoom: &Zoom, properties: &[(&str, &str)]) -> Box<ConnectorError> {
    refused(zoom.connector(properties).await.test().await.expect_err("refused"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_test_tells_which_of_the_credentials_can_be_wrong() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    zoom.connector(&[]).await.test().await.expect("all is well");
    let oauth = "security.authenticator.oauth2ClientCredentials";
    let says = |error: &ConnectorError, word: &str| error.hint.as_deref().is_some_and(|hint| hint.contains(word));
    for (property, word) in [
        (format!("{oauth}.clientSecret"), "clientSecret"),
        (format!("{oauth}.clientId"), "clientId"),
        ("custom.accountId".to_owned(), "accountId"),
    ] {
        let error = tested(&zoom, &[(&property, "wrong")]).await;
        assert_eq!(error.kind.to_string(), "permission-denied", "{error:?}");
        assert!(says(&error, word) && says(&error, "deactivated"), "{error:?}");
    }
    zoom.switch(json!({ "app_deactivated": true }));
    assert!(says(&*tested(&zoom, &[]).await, "deactivated"));
    zoom.switch(json!({ "app_deactivated": null, "scopes": ["group:read:admin"] }));
    let error = tested(&zoom, &[]).await;
    assert_eq!((error.kind.to_string(), error.provider_code.as_deref()), ("permission-denied".into(), Some("4711")));
    assert!(error.message.contains("user:read") && says(&error, "scopes"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_does_not_answer_is_a_failed_connection() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    // A port that was free a moment ago, and that nobody listens on.
    let port = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port").local_addr().expect("a port").port();
    let (service, token) = (format!("http://127.0.0.1:{port}/v2"), format!("http://127.0.0.1:{port}/oauth/token"));
    for property in [
        ("service.serviceUrl", service.as_str()),
        ("security.authenticator.oauth2ClientCredentials.tokenUrl", token.as_str()),
    ] {
        let error = tested(&zoom, &[property, ("ioErrorRetries", "1")]).await;
        assert_eq!(error.kind.to_string(), "connection-failed", "{error:?}");
        assert!(error.retryable);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_url_that_is_not_zooms_is_noticed() {
    let zoom = Zoom::misbehaving(users(5, 0, 0)).await;
    let service = format!("{}/v3", zoom.simulator.base_url());
    let connector = zoom.connector(&[("service.serviceUrl", &service)]).await;
    zoom.switch(json!({ "strict": false }));
    let error = refused(connector.test().await.expect_err("refused"));
    assert_eq!(error.kind.to_string(), "configuration", "{error:?}");
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("serviceUrl")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_that_is_wrong_is_refused_with_the_property() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    for (name, value) in [
        ("importBatchSize", "0"),
        ("importBatchSize", "301"),
        ("results.importBatchSize", "many"),
        ("ioErrorRetries", "-1"),
        ("deepGet", "yes"),
        ("service.serviceUrl", "http://api.zoom.us/v2"),
        ("service.serviceUrl", "nonsense"),
        ("security.authenticator.oauth2ClientCredentials.tokenUrl", "ftp://zoom.us/"),
        ("custom.accountId", ""),
        ("noSuchProperty", "1"),
    ] {
        let error = refused(zoom.open(&[(name, value)]).await.expect_err("refused"));
        assert_eq!(error.kind.to_string(), "configuration", "{name} = {value}");
        let property = name.rsplit('.').next().expect("a name");
        assert!(error.message.contains(property), "{name} = {value}: {}", error.message);
    }
    assert!(zoom.calls().is_empty(), "opening calls nobody");
    // A property file for the older connector carries more than this one knows.
    zoom.connector(&[("results.somethingElse", "1"), ("rest.more", "2")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_passes_is_not_seen() {
    for fault in ["502:0.3", "503:0.3", "504:0.3", "reset:0.2", "429:0.3", "429-seconds:0.2", "expired-token:0.1"] {
        let zoom = Zoom::misbehaving(users(20, 0, 0)).await;
        let connector = zoom.connector(&[("ioErrorRetries", "20"), ("deepImport", "true")]).await;
        connector.test().await.expect("a token");
        zoom.switch(json!({ "faults": [fault] }));
        let found = try_all(&connector, USER, None).await;
        assert_eq!(found.map(|objects| objects.len()).map_err(|error| error.to_string()), Ok(20), "{fault}");
        assert!(zoom.simulator.stats().faults.values().sum::<u64>() > 0, "{fault} was injected");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_stays_is_said() {
    for (fault, kind) in [
        ("503:1", "io"),
        ("429:1", "rate-limited"),
        ("reset:1", "connection-broken"),
        ("expired-token:1", "permission-denied"),
    ] {
        let zoom = Zoom::misbehaving(users(5, 0, 0)).await;
        let connector = zoom.connector(&[("ioErrorRetries", "1")]).await;
        connector.test().await.expect("a token");
        zoom.switch(json!({ "faults": [fault] }));
        let error = refused(connector.test().await.expect_err("refused"));
        assert_eq!(error.kind.to_string(), kind, "{fault}: {error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_expired_is_renewed() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    connector.test().await.expect("a token");
    zoom.simulator.expire_tokens();
    connector.test().await.expect("another token");
    zoom.switch(json!({ "bad_token_status": 400 }));
    zoom.simulator.expire_tokens();
    connector.test().await.expect("another token");
    assert_eq!(zoom.simulator.stats().by_route["POST /oauth/token"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_token_serves_all_calls_of_an_instance() {
    let zoom = Zoom::start(users(100, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    all(&connector, USER, None).await;
    all(&connector, USER, None).await;
    assert_eq!(zoom.simulator.stats().by_route["POST /oauth/token"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_of_the_day_is_said_with_the_time_to_wait() {
    let zoom = Zoom::misbehaving(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    connector.test().await.expect("a token");
    zoom.switch(json!({ "faults": ["429-date:1"] }));
    let error = refused(connector.test().await.expect_err("refused"));
    assert_eq!(error.kind.to_string(), "rate-limited");
    assert!(error.retry_after.is_some(), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_classes_attributes_and_options_are_refused_before_any_call() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let connector = zoom.connector(&[]).await;
    zoom.simulator.reset();
    let error = refused(connector.search("ZoomRoom", None, &Default::default()).await.expect_err("refused"));
    assert_eq!(error.kind.to_string(), "invalid-argument");
    assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("ZoomUser")));
    let filter = host_harness::model::Filter::equals("NO_SUCH_THING", "x");
    let error = refused(connector.search(USER, Some(&filter), &Default::default()).await.expect_err("refused"));
    assert!(error.message.contains("NO_SUCH_THING"), "{}", error.message);
    assert!(zoom.calls().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_that_the_configuration_does_not_name_are_not_reached() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    // The component asks for the service URL's host only: another port of the same machine is another host.
    let connector = zoom.connector(&[]).await;
    let allowed: Vec<String> = connector.allowed_origins().iter().map(ToString::to_string).collect();
    assert_eq!(allowed, [zoom.simulator.base_url()]);
}

#[tokio::test]
async fn a_file_that_is_no_component_is_refused() {
    let engine = Engine::new(host_harness::Cache::Off).expect("an engine");
    for bytes in [&b"hello"[..], b"", b"\0asm\x01\0\0\0"] {
        let error = Component::from_bytes(&engine, bytes).expect_err("refused");
        assert!(matches!(error, Error::Load(_)), "{error}");
        assert_eq!(error.kind().exit_code(), 8);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_creation_whose_answer_is_lost_is_made_once_all_the_same() {
    for fault in ["lost-answer:0.4", "reset:0.4", "504:0.4"] {
        let zoom = Zoom::misbehaving(users(5, 0, 0)).await;
        let connector = zoom.connector(&[("ioErrorRetries", "20")]).await;
        connector.test().await.expect("a token");
        zoom.switch(json!({ "faults": [fault] }));
        let mut made = 0;
        for number in 0..12 {
            let email = format!("new{number}@example.com");
            // Twice in a row is once too often: then it is said.
            match create(&connector, USER, &[("EMAIL", Value::from(email.as_str()))]).await {
                Ok(uid) => {
                    assert_eq!(zoom.user(&uid.value)["email"], json!(email), "{fault}");
                    made += 1;
                }
                Err(error) => assert!(error.retryable, "{fault}: {error:?}"),
            }
            let same = zoom.users().iter().filter(|user| user["email"] == json!(email)).count();
            assert!(same <= 1, "{fault}: {email} was made {same} times");
        }
        assert!(made >= 9, "{fault}: {made} were made");
        let calls = zoom.simulator.stats();
        assert!(calls.faults.values().sum::<u64>() > 0, "{fault} was injected");
    }
}
