//! The sections "Configuration Parameters" and "Configuration properties": what each property does, set by its name in
//! a property file, on the command line.

use std::fs;

use host_harness::model::Delta;
use serde_json::{Value as Json, json};

use super::{AT_ONCE, cli, count, java_file, managed, newcomer, numbers, people, text};
use crate::support::{GROUP, Run, USER, Zoom, all, create, delete, harness, kind, refused, scratch, update, users};

const TOKEN_URL: &str = "security.authenticator.oauth2ClientCredentials.tokenUrl";
const CLIENT_ID: &str = "security.authenticator.oauth2ClientCredentials.clientId";
const CLIENT_SECRET: &str = "security.authenticator.oauth2ClientCredentials.clientSecret";
const SCOPE: &str = "security.authenticator.oauth2ClientCredentials.scope";

/// How often each route was called since the last look, with the token.
fn routes(zoom: &Zoom) -> Vec<(String, u64)> {
    let routes = zoom.simulator.stats().by_route.into_iter().collect();
    zoom.simulator.reset();
    routes
}

/// The forms of the token requests since the last reset.
fn forms(zoom: &Zoom) -> Vec<Json> {
    let log = zoom.simulator.log().into_iter().filter(|call| call.path.ends_with("/oauth/token"));
    log.map(|call| call.request_body).collect()
}

/// What the command line says for a person: the kind of the failure, and the next step.
fn complaint(run: &Run) -> Json {
    serde_json::from_str(run.stderr.lines().last().expect("an error")).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_url_is_where_zoom_is_called() {
    let zoom = Zoom::misbehaving(users(5, 0, 0)).await;
    let at = |path: &str| format!("{}{path}", zoom.simulator.base_url());
    for (path, route, code) in
        [("/v2", "GET /v2/users/{id}", 0), ("/v2/", "GET /v2/users/{id}", 0), ("/v9", "GET /v9/users/me", 6)]
    {
        let config = java_file(&zoom, "service_url", &[("service.serviceUrl", &at(path))]);
        assert_eq!(harness(&config, &["test"]).await.code, code, "{path}");
        assert_eq!(routes(&zoom), [(route.into(), 1), ("POST /oauth/token".into(), 1)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_retries_are_how_often_a_call_is_made_again_after_an_io_error() {
    let zoom = Zoom::misbehaving(users(5, 0, 0)).await;
    for retries in [0, 1] {
        let config = java_file(&zoom, "retries", &[("rest.ioErrorRetries", &retries.to_string())]);
        zoom.switch(json!({ "faults": ["reset:1"] }));
        assert_eq!(harness(&config, &["test"]).await.code, 6, "no connection");
        assert_eq!(routes(&zoom), [("POST /oauth/token".into(), 1 + retries)]);
        zoom.switch(json!({ "faults": null }));
        let connector = zoom.connector(&[("rest.ioErrorRetries", &retries.to_string())]).await;
        connector.test().await.expect("a token");
        zoom.switch(json!({ "faults": ["503:1"] }));
        zoom.simulator.reset();
        let failed = connector.test().await.map_err(refused);
        assert_eq!(kind(failed).map(|kind| kind.to_string()), Some("io".into()));
        assert_eq!(zoom.calls(), [("GET /v2/users/{id}".into(), 1 + retries)]);
        zoom.switch(json!({ "faults": null }));
    }
    let config = java_file(&zoom, "retries_default", &[]);
    let manifest = cli(&config, &["inspect"]).await.documents().remove(0)["manifest"].clone();
    let properties = manifest["properties"].as_array().expect("properties");
    let retries = properties.iter().find(|property| property["name"] == "ioErrorRetries").expect("a property");
    assert_eq!(retries["defaultValues"], json!(["5"]));
}

/// The language is on a user's own record only, the phone on a record of its own.
fn is_deep(object: &Json) -> bool {
    let attributes = object["attributes"].as_object().expect("attributes");
    let deep = attributes.contains_key("LANGUAGE");
    assert_eq!(deep, attributes.contains_key("ZOOM_PHONE_FEATURE"), "both or none");
    deep
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_get_is_whether_a_paged_search_reads_every_record_and_phone() {
    let zoom = Zoom::start(people()).await;
    for (deep, reads) in [("true", 5), ("false", 0)] {
        let config = java_file(&zoom, "deep_get", &[("results.deepGet", deep), ("results.deepImport", "true")]);
        let found = cli(&config, &["search", USER, "--page-size", "5"]).await.documents();
        let calls = zoom.calls();
        assert_eq!(count(&calls, "GET /v2/users/{id}"), reads, "{calls:?}");
        assert_eq!(count(&calls, "GET /v2/phone/users/{id}"), reads, "{calls:?}");
        assert_eq!((found.len(), found.iter().all(is_deep), found.iter().any(is_deep)), (5, reads > 0, reads > 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deep_import_is_whether_a_search_without_paging_reads_every_record_and_phone() {
    let zoom = Zoom::start(users(12, 2, 0)).await;
    for (deep, reads) in [("true", 12), ("false", 0)] {
        let config = java_file(&zoom, "deep_import", &[("results.deepImport", deep), ("results.deepGet", "true")]);
        let found = cli(&config, &["search", USER]).await.documents();
        let calls = zoom.calls();
        assert_eq!(count(&calls, "GET /v2/users/{id}"), reads, "{calls:?}");
        assert_eq!(count(&calls, "GET /v2/phone/users"), reads.min(1), "{calls:?}");
        assert_eq!((found.len(), found.iter().all(is_deep), found.iter().any(is_deep)), (12, reads > 0, reads > 0));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_batch_size_is_how_many_records_a_page_holds_where_no_number_is_asked_for() {
    let zoom = Zoom::start(users(320, 0, 0)).await;
    let page = async |lines: &[(&str, &str)], arguments: &[&str]| {
        let config = java_file(&zoom, "batch_size", lines);
        let found = cli(&config, arguments).await.documents().len();
        (found, count(&zoom.calls(), "GET /v2/users/{id}"))
    };
    let from_the_first = ["search", USER, "--offset", "1"];
    assert_eq!(page(&[], &from_the_first).await, (30, 30), "the default");
    assert_eq!(page(&[("results.importBatchSize", "7")], &from_the_first).await, (7, 7));
    assert_eq!(page(&[("results.importBatchSize", "300")], &from_the_first).await, (300, 300), "the most");
    assert_eq!(page(&[("results.importBatchSize", "7")], &["search", USER, "--page-size", "9"]).await, (9, 9));
    for wrong in ["0", "301"] {
        let config = java_file(&zoom, "batch_size", &[("results.importBatchSize", wrong)]);
        assert_eq!(harness(&config, &["validate"]).await.code, 2, "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pagination_is_whether_a_page_size_and_an_offset_are_heeded() {
    let zoom = Zoom::start(users(20, 0, 0)).await;
    for (pagination, expected) in [("true", 5), ("false", 20)] {
        let lines = [("results.pagination", pagination), ("results.deepGet", "false"), ("results.deepImport", "false")];
        let config = java_file(&zoom, "pagination", &lines);
        let found = cli(&config, &["search", USER, "--page-size", "5", "--offset", "3"]).await.documents();
        assert_eq!(found.len(), expected, "{pagination}");
        let schema = cli(&config, &["schema"]).await.documents().remove(0);
        let search = schema["operations"].as_array().expect("operations").iter();
        let search = search.filter(|support| support["operation"] == "search").collect::<Vec<_>>();
        let listed = search[0]["options"].as_array().expect("options").contains(&"PAGE_SIZE".into());
        assert_eq!(listed, pagination == "true", "the schema says so");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_duplicate_is_an_error_with_the_id_or_returns_the_id() {
    let zoom = Zoom::start(people()).await;
    let id = zoom.member();
    let email = format!("EMAIL={}", text(&zoom.user(&id)["email"]));
    let create = ["create", USER, email.as_str(), "FIRST_NAME=Nina"];
    for strict in ["false", ""] {
        let config = java_file(&zoom, "duplicate", &[("service.duplicateErrorReturnsId", strict)]);
        let run = cli(&config, &create).await;
        assert_eq!((run.code, complaint(&run)["uid"]["value"].as_str()), (4, Some(id.as_str())), "{run:?}");
    }
    let config = java_file(&zoom, "duplicate", &[("service.duplicateErrorReturnsId", "true")]);
    assert_eq!(cli(&config, &create).await.documents()[0]["uid"], id.as_str());
    assert_eq!(count(&zoom.calls(), "POST /v2/users"), 0, "Zoom is not asked to create what exists");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_token_url_is_where_the_token_comes_from() {
    let zoom = Zoom::misbehaving(users(5, 0, 0)).await;
    let config = java_file(&zoom, "token_url", &[]);
    assert_eq!(harness(&config, &["test"]).await.code, 0);
    assert_eq!(count(&routes(&zoom), "POST /oauth/token"), 1);
    let elsewhere = format!("{}/elsewhere/token", zoom.simulator.base_url());
    let config = java_file(&zoom, "token_url", &[(TOKEN_URL, &elsewhere), ("rest.ioErrorRetries", "0")]);
    assert_eq!(harness(&config, &["test"]).await.code, 6);
    assert_eq!(routes(&zoom), [("POST /elsewhere/token".into(), 1)], "and nothing is called without a token");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_id_is_sent_for_the_token() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let account = zoom.simulator.credentials().account_id.clone();
    for (id, code) in [(account.as_str(), 0), ("AnotherAccount", 5)] {
        let config = java_file(&zoom, "account_id", &[("custom.accountId", id)]);
        zoom.simulator.reset();
        let run = cli(&config, &["test"]).await;
        assert_eq!(run.code, code, "{run:?}");
        let forms = forms(&zoom);
        assert_eq!((text(&forms[0]["account_id"]), text(&forms[0]["grant_type"])), (id, "account_credentials"));
        if code != 0 {
            assert!(text(&complaint(&run)["hint"]).contains("accountId"), "{run:?}");
            assert_eq!(zoom.calls(), [], "nothing is called without a token");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_id_lets_the_app_in() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let client = zoom.simulator.credentials().client_id.clone();
    for (id, code) in [(client.as_str(), 0), ("AnotherClient", 5)] {
        let config = java_file(&zoom, "client_id", &[(CLIENT_ID, id)]);
        zoom.simulator.reset();
        let run = cli(&config, &["test"]).await;
        assert_eq!((run.code, forms(&zoom).len()), (code, 1), "{run:?}");
        if code != 0 {
            assert!(text(&complaint(&run)["hint"]).contains("clientId"), "{run:?}");
            assert_eq!(zoom.calls(), []);
        }
    }
}

/// Better: the secret can be in a file of its own, and is shown nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn the_client_secret_lets_the_app_in_and_is_never_shown() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let secret = zoom.simulator.credentials().client_secret.clone();
    fs::write(scratch("java_secret").join("secret.txt"), format!("{secret}\n")).expect("a secret");
    for (written, code) in [(secret.as_str(), 0), ("@../java_secret/secret.txt", 0), ("AnotherSecret", 5)] {
        let config = java_file(&zoom, "client_secret", &[(CLIENT_SECRET, written)]);
        zoom.simulator.reset();
        let run = cli(&config, &["test"]).await;
        assert_eq!((run.code, forms(&zoom).len()), (code, 1), "{run:?}");
        for shown in [&run.stdout, &run.stderr, &harness(&config, &["validate"]).await.stdout] {
            assert!(!shown.contains(&secret) && !shown.contains("AnotherSecret"), "{shown}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_scope_is_asked_for_where_one_is_given() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    for (scope, sent) in [("user:read:admin group:read:admin", Some("user:read:admin group:read:admin")), ("", None)] {
        let config = java_file(&zoom, "scope", &[(SCOPE, scope)]);
        zoom.simulator.reset();
        assert_eq!(harness(&config, &["test"]).await.code, 0);
        assert_eq!(forms(&zoom)[0]["scope"].as_str(), sent);
    }
}

/// Deletes a user with these properties of the file, and tells what was called, with `ID` in place of the id.
async fn deletion(lines: &[(&str, &str)]) -> Vec<String> {
    let zoom = Zoom::start(people()).await;
    let config =
        java_file(&zoom, &format!("deletion_{}", lines.iter().map(|(_, value)| *value).collect::<String>()), lines);
    let id = zoom.member();
    let run = harness(&config, &["delete", USER, &id]).await;
    assert_eq!(run.code, 0, "{run:?}");
    zoom.changes().iter().map(|change| change.replace(&id, "ID")).collect()
}

const DEACTIVATED: &str = r#"PUT /v2/users/ID/status {"action":"deactivate"}"#;
const DISASSOCIATED: &str = r#"DELETE /v2/users/ID {"action":"disassociate"}"#;
const DELETED: &str = r#"DELETE /v2/users/ID {"action":"delete"}"#;
const LOGGED_OUT: &str = "DELETE /v2/users/ID/token";

#[tokio::test(flavor = "multi_thread")]
async fn deactivate_on_delete_deactivates_and_goes_before_disassociate_on_delete() {
    let lines = |deactivate| [("custom.deactivateOnDelete", deactivate), ("custom.disassociateOnDelete", "true")];
    assert_eq!(deletion(&lines("true")).await, [DEACTIVATED]);
    assert_eq!(deletion(&lines("false")).await, [DISASSOCIATED]);
}

#[tokio::test(flavor = "multi_thread")]
async fn disassociate_on_delete_disassociates_and_otherwise_the_user_is_deleted() {
    let lines = |disassociate| [("custom.disassociateOnDelete", disassociate), ("custom.deactivateOnDelete", "false")];
    assert_eq!(deletion(&lines("true")).await, [DISASSOCIATED]);
    assert_eq!(deletion(&lines("false")).await, [DELETED]);
}

#[tokio::test(flavor = "multi_thread")]
async fn immediate_logout_logs_out_whoever_is_deactivated() {
    let line = |logout| [("custom.immediateLogoutOnDeactivate", logout)];
    assert_eq!(deletion(&line("true")).await, [DEACTIVATED, LOGGED_OUT]);
    assert_eq!(deletion(&line("false")).await, [DEACTIVATED]);
    let zoom = Zoom::start(people()).await;
    let config = java_file(&zoom, "logout_on_update", &line("true"));
    let id = zoom.member();
    assert_eq!(harness(&config, &["update", USER, &id, "--replace", "__ENABLE__=false"]).await.code, 0);
    let changes: Vec<_> = zoom.changes().iter().map(|change| change.replace(&id, "ID")).collect();
    assert_eq!(changes, [DEACTIVATED, LOGGED_OUT], "by an update too");
}

/// An app with the classic scopes that the Java connector asks for needs no other ones for the same work.
#[tokio::test(flavor = "multi_thread")]
async fn the_scopes_of_an_app_made_for_the_java_connector_are_enough() {
    let zoom = managed().await;
    let scopes = ["group", "phone", "user"].map(|area| [format!("{area}:read:admin"), format!("{area}:write:admin")]);
    zoom.switch(json!({ "scopes": scopes.as_flattened() }));
    let connector = zoom.connector(&[AT_ONCE, ("deactivateOnDelete", "false")]).await;
    connector.test().await.expect("tested");
    assert_eq!(all(&connector, USER, None).await.len(), 16);
    assert_eq!(all(&connector, GROUP, None).await.len(), 3);
    let group = create(&connector, GROUP, &[("GROUP_NAME", "Night shift".into())]).await.expect("a group").value;
    let id = create(&connector, USER, &newcomer("nina@example.com")).await.expect("a user").value;
    let deltas = [
        Delta::replace("FIRST_NAME", ["Ann"]),
        Delta::replace("EMAIL", ["ann@example.com"]),
        Delta::replace("GROUP_IDS", [group]),
        Delta::replace("ZOOM_PHONE_FEATURE", [true]),
        Delta::replace("SITE_NAME", ["New York"]),
        Delta::replace("ZOOM_PHONE_CALLING_PLANS", [200]),
        Delta::replace("ZOOM_PHONE_NUMBERS", numbers(&zoom, None).first().cloned()),
    ];
    update(&connector, USER, &id, &deltas).await.expect("changed");
    update(&connector, USER, &id, &[Delta::replace("__ENABLE__", [false])]).await.expect("deactivated");
    delete(&connector, USER, &id).await.expect("deleted");
    let refused = zoom.simulator.log().into_iter().filter(|call| call.response_body["code"] == 4711);
    assert_eq!(refused.count(), 0);
}

/// Every property has the name that it has in such a file, and the file can be written as `java.util.Properties` reads
/// it. What is the framework's own is warned about, and does no harm.
#[tokio::test(flavor = "multi_thread")]
async fn a_property_file_of_the_java_connector_is_taken_as_it_is() {
    let zoom = Zoom::start(people()).await;
    let file = scratch("java_whole_file").join("zoom.properties");
    let credentials = zoom.simulator.credentials();
    let (base, account) = (zoom.simulator.base_url(), credentials.account_id.as_str());
    let first = account.chars().next().expect("a character");
    let content = format!(
        "# the connection\n\
         ! and another way to write a comment\n\
         service.serviceUrl: {}/v2\n\
         {TOKEN_URL} = {}\\\n    /oauth/token\n\
         custom.accountId=\\u{:04x}{}\n\
         {CLIENT_ID}\t{}\n\
         {CLIENT_SECRET} : {}\n\
         {SCOPE}=user:read:admin \\\n   caf\\u00e9:read:admin\n\
         \n\
         rest.ioErrorRetries=0\n\
         results.deepGet=false\n\
         results.deepImport = false\n\
         results.importBatchSize: 4\n\
         results.pagination true\n\
         service.duplicateErrorReturnsId=TRUE\n\
         custom.deactivateOnDelete=false\n\
         custom.disassociateOnDelete=true\n\
         custom.immediateLogoutOnDeactivate=false\n\
         rest.framework.setting=1\n\
         security.authenticator.framework.setting=x",
        base.replace(':', "\\:"),
        base,
        u32::from(first),
        &account[first.len_utf8()..],
        credentials.client_id,
        credentials.client_secret,
    );
    fs::write(&file, content).expect("a file");
    let run = harness(&file, &["test"]).await;
    assert_eq!(run.code, 0, "{run:?}");
    for unknown in ["rest.framework.setting", "security.authenticator.framework.setting"] {
        assert!(run.stderr.lines().any(|line| line.contains(unknown) && line.contains("WARN")), "{}", run.stderr);
    }
    assert_eq!(text(&forms(&zoom)[0]["scope"]), "user:read:admin café:read:admin");
    zoom.simulator.reset();
    let found = cli(&file, &["search", USER, "--offset", "1"]).await.documents();
    assert_eq!((found.len(), found.iter().any(is_deep)), (4, false));
    assert_eq!(count(&zoom.calls(), "GET /v2/users/{id}"), 0);
    let id = zoom.member();
    let email = format!("EMAIL={}", text(&zoom.user(&id)["email"]));
    assert_eq!(cli(&file, &["create", USER, &email]).await.documents()[0]["uid"], id.as_str());
    zoom.simulator.reset();
    assert_eq!(harness(&file, &["delete", USER, &id]).await.code, 0);
    assert_eq!(zoom.changes(), [DISASSOCIATED.replace("ID", &id)]);
    zoom.switch(json!({ "faults": ["reset:1"] }));
    assert_eq!(harness(&file, &["test"]).await.code, 6);
    assert_eq!(routes(&zoom), [("POST /oauth/token".into(), 1)], "no retry");
}

/// Better: whoever makes a new app finds in the manifest what it needs, for each operation.
#[tokio::test(flavor = "multi_thread")]
async fn the_scopes_that_the_manifest_names_are_enough_to_read_users() {
    for way in [0, 1] {
        let zoom = managed().await;
        let config = java_file(&zoom, "scopes", &[]);
        let inspected = cli(&config, &["inspect"]).await.documents();
        let needs = inspected[0]["manifest"]["scopes"].as_array().expect("scopes").iter();
        let scopes: Vec<_> = needs.flat_map(|need| need["alternatives"][way].as_array().expect("scopes")).collect();
        zoom.switch(json!({ "scopes": scopes }));
        let run = harness(&config, &["search", USER, "--limit", "3"]).await;
        assert_eq!(run.code, 0, "{run:?}");
    }
}
