//! No secret and no token is in anything that is written.

use base64ct::Encoding as _;
use serde_json::json;

use crate::support::{Run, USER, Zoom, harness, users};

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_in_any_output_at_the_most_verbose_level() {
    let zoom = Zoom::start(users(20, 2, 2)).await;
    let config = zoom.property_file("no_secrets");
    let secret = zoom.simulator.credentials().client_secret.clone();
    let id = zoom.member();
    let mut runs: Vec<Run> = Vec::new();
    for output in ["table", "json"] {
        for arguments in [
            vec!["inspect"],
            vec!["validate"],
            vec!["test"],
            vec!["schema"],
            vec!["search", USER],
            vec!["get", USER, &id],
            vec!["update", USER, &id, "--replace", "DEPT=Lab"],
            vec!["create", USER, "EMAIL=nina@example.com", "FIRST_NAME=Nina"],
            vec!["--set", "serviceUrl=http://127.0.0.1:1/v2", "--set", "ioErrorRetries=0", "test"],
            vec!["--set", "importBatchSize=0", "test"],
        ] {
            let mut all = vec!["--log", "trace", "--set", "logLevel=debug", "--output", output];
            all.extend(arguments);
            runs.push(harness(&config, &all).await);
        }
    }
    zoom.switch(json!({ "app_deactivated": true }));
    runs.push(harness(&config, &["-vv", "--set", "logLevel=debug", "test"]).await);
    let state = zoom.simulator.state().to_string();
    let tokens: Vec<String> = zoom.simulator.state()["tokens"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|token| token["value"].as_str().or(token.as_str()).map(str::to_owned))
        .collect();
    // What goes over the wire in place of the secret is as good as the secret.
    let credentials = zoom.simulator.credentials();
    let pair = format!("{}:{}", credentials.client_id, credentials.client_secret);
    let basic = base64ct::Base64::encode_string(pair.as_bytes());
    assert!(!secret.is_empty() && !state.is_empty());
    for run in &runs {
        let written = format!("{}{}", run.stdout, run.stderr);
        assert!([&secret, &pair, &basic].into_iter().all(|secret| !written.contains(secret)), "{written}");
        assert!(tokens.iter().all(|token| !written.contains(token)), "{written}");
    }
    assert!(runs.iter().any(|run| run.stderr.contains("GET /users")), "the log was really that talkative");
}
