//! The command line against a local Zoom: its exit codes, its lines, its filters.

use std::process::Command;

use serde_json::Value as Json;

use crate::support::{GROUP, Run, USER, Zoom, component_file, harness, harness_file, root, run, scratch, users};

/// The line that says what went wrong.
fn complaint(run: &Run) -> &str {
    run.stderr.lines().find(|line| line.starts_with("error: ")).unwrap_or_else(|| panic!("{run:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sort_of_failure_has_its_line_and_its_exit_code() {
    let zoom = Zoom::start(users(20, 2, 2)).await;
    let config = zoom.property_file("failures");
    let email = zoom.user(&zoom.member())["email"].as_str().expect("an address").to_owned();
    let taken = format!("EMAIL={email}");
    let cases: &[(&[&str], i32, &str)] = &[
        (&["--set", "clientSecret=wrong", "test"], 5, "error: permission-denied: "),
        (&["--set", "noSuchProperty=1", "test"], 2, "error: configuration: noSuchProperty "),
        (&["--set", "serviceUrl=http://api.zoom.us/v2", "validate"], 2, "error: configuration: serviceUrl "),
        (&["--set", "importBatchSize=0", "validate"], 2, "error: configuration: importBatchSize "),
        (&["--set", "importBatchSize=301", "test"], 2, "error: configuration: importBatchSize "),
        (&["search", "ZoomRoom"], 2, "error: invalid-argument: "),
        (&["search", USER, "--attributes", "NO_SUCH_THING"], 2, "error: invalid-argument: "),
        (&["search", USER, "--filter", "NO_SUCH_THING = \"x\""], 2, "error: invalid-argument: "),
        (&["search", USER, "--filter", "STATUS = "], 2, "error: invalid-argument: "),
        (&["create", USER, "EMAIL=a@example.com", "NO_SUCH_THING=1"], 2, "error: invalid-argument: "),
        (&["get", USER, "nobody"], 3, "error: unknown-uid: "),
        (&["update", USER, "nobody", "--replace", "DEPT=x"], 3, "error: unknown-uid: "),
        (&["delete", USER, "nobody"], 3, "error: unknown-uid: "),
        (&["create", USER, &taken], 4, "error: already-exists: "),
        (&["delete", GROUP, "x"], 2, "error: unsupported-operation: "),
        (
            &["--set", "serviceUrl=http://127.0.0.1:1/v2", "--set", "ioErrorRetries=0", "test"],
            6,
            "error: connection-failed: ",
        ),
    ];
    for (arguments, code, line) in cases {
        let run = harness(&config, arguments).await;
        assert_eq!(run.code, *code, "{arguments:?}: {run:?}");
        assert!(complaint(&run).starts_with(line), "{arguments:?}: {}", complaint(&run));
        assert!(run.stdout.is_empty(), "{arguments:?}: {}", run.stdout);
    }
    let text = root().join("Cargo.toml");
    let mut command = Command::new(harness_file());
    command.arg("--component").arg(text).arg("inspect");
    let run = run(command).await;
    assert_eq!((run.code, complaint(&run).starts_with("error: load: ")), (8, true), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_is_a_record_for_machines() {
    let zoom = Zoom::start(users(5, 0, 0)).await;
    let config = zoom.property_file("error_record");
    let run = harness(&config, &["--output", "json", "--set", "clientSecret=wrong", "test"]).await;
    let record: Json = serde_json::from_str(run.stderr.lines().last().expect("a record")).expect("JSON");
    assert_eq!((run.code, record["kind"].as_str()), (5, Some("permission-denied")), "{record}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_gives_what_evaluating_it_by_hand_over_the_whole_list_gives() {
    let zoom = Zoom::start(users(400, 90, 30)).await;
    // Pending users have the time of the reading as CREATED_AT.
    zoom.simulator.freeze_clock();
    let config = zoom.property_file("filters");
    let whole = harness(&config, &["--output", "json", "search", USER]).await.documents();
    let text = |object: &Json, name: &str| object["attributes"][name].as_str().unwrap_or_default().to_owned();
    type Condition = Box<dyn Fn(&Json) -> bool>;
    let cases: Vec<(&str, Condition)> = vec![
        (
            r#"STATUS = "inactive" and LAST_NAME ^= "A""#,
            Box::new(move |object| text(object, "STATUS") == "inactive" && text(object, "LAST_NAME").starts_with('A')),
        ),
        (r#"not STATUS = "active""#, Box::new(move |object| text(object, "STATUS") != "active")),
        (
            r#"(FIRST_NAME $= "a" or LAST_NAME *= "er") and TYPE >= 2"#,
            Box::new(move |object| {
                (text(object, "FIRST_NAME").ends_with('a') || text(object, "LAST_NAME").contains("er"))
                    && object["attributes"]["TYPE"].as_i64() >= Some(2)
            }),
        ),
        (
            r#"LANGUAGE = "de-DE" or DEPT ~= "SALES""#,
            Box::new(move |object| {
                text(object, "LANGUAGE") == "de-DE" || text(object, "DEPT").to_lowercase() == "sales"
            }),
        ),
        (
            r#"CREATED_AT < "2020-01-01T00:00:00Z" and __ENABLE__ = true"#,
            Box::new(move |object| {
                !text(object, "CREATED_AT").is_empty()
                    && text(object, "CREATED_AT").as_str() < "2020-01-01T00:00:00Z"
                    && object["attributes"]["__ENABLE__"] == true
            }),
        ),
        ("LAST_LOGIN_TIME = null", Box::new(move |object| text(object, "LAST_LOGIN_TIME").is_empty())),
        (
            r#"EMAIL *= "an" and not (TYPE = 1)"#,
            Box::new(|object| {
                object["name"].as_str().is_some_and(|name| name.contains("an"))
                    && object["attributes"]["TYPE"].as_i64() != Some(1)
            }),
        ),
    ];
    let group = zoom.groups()[0]["id"].as_str().expect("an id").to_owned();
    let has = format!("GROUP_IDS has \"{group}\"");
    let mut cases: Vec<(String, Condition)> =
        cases.into_iter().map(|(filter, by_hand)| (filter.to_owned(), by_hand)).collect();
    cases.push((
        has,
        Box::new(move |object| {
            object["attributes"]["GROUP_IDS"].as_array().is_some_and(|ids| ids.iter().any(|id| *id == group.as_str()))
        }),
    ));
    for (filter, by_hand) in cases {
        let found = harness(&config, &["--output", "json", "search", USER, "--filter", &filter]).await.documents();
        let expected: Vec<_> = whole.iter().filter(|object| by_hand(object)).cloned().collect();
        assert!(!expected.is_empty() && expected.len() < whole.len(), "{filter} tells nothing apart");
        assert_eq!(found, expected, "{filter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_goes_through_life_on_the_command_line() {
    let zoom = Zoom::start(users(10, 0, 0)).await;
    let config = zoom.property_file("life");
    let command = async |arguments: &[&str]| {
        let mut all = vec!["--output", "json"];
        all.extend(arguments);
        harness(&config, &all).await.documents()
    };
    let group = zoom.groups()[0]["id"].as_str().expect("an id").to_owned();
    let created =
        command(&["create", USER, "EMAIL=nina@example.com", "FIRST_NAME=Nina", "LAST_NAME=New", "TYPE=2"]).await;
    let uid = created[0]["uid"].as_str().or(created[0]["value"].as_str()).expect("a uid").to_owned();
    assert_eq!(command(&["get", USER, &uid]).await[0]["attributes"]["STATUS"], "pending");
    zoom.simulator.activate(&uid).expect("activated");
    command(&["update", USER, &uid, "--replace", "DEPT=Lab", "--add", &format!("GROUP_IDS={group}")]).await;
    let user = &command(&["get", USER, &uid]).await[0];
    assert_eq!(
        (&user["attributes"]["DEPT"], &user["attributes"]["GROUP_IDS"][0]),
        (&"Lab".into(), &Json::from(group.as_str()))
    );
    command(&[
        "update",
        USER,
        &uid,
        "--clear",
        "DEPT",
        "--remove",
        &format!("GROUP_IDS={group}"),
        "--replace",
        "__ENABLE__=false",
    ])
    .await;
    let user = zoom.user(&uid);
    assert_eq!((user["status"].as_str(), user["group_ids"].as_array().map(Vec::len)), (Some("inactive"), Some(0)));
    harness(&config, &["--set", "deactivateOnDelete=false", "delete", USER, &uid]).await;
    assert_eq!(harness(&config, &["get", USER, &uid]).await.code, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_are_for_people_and_inspecting_needs_no_configuration() {
    let zoom = Zoom::start(users(10, 0, 0)).await;
    let config = zoom.property_file("tables");
    let table = harness(&config, &["search", USER, "--limit", "3"]).await;
    let lines: Vec<_> = table.stdout.lines().collect();
    assert!(table.code == 0 && lines.len() == 4 && lines[0].starts_with("UID "), "{table:?}");
    let mut command = Command::new(harness_file());
    command.arg("--component").arg(component_file()).args(["--output", "json", "inspect"]);
    command.current_dir(scratch("inspect"));
    let run = run(command).await;
    let document = &run.documents()[0];
    assert_eq!(document["manifest"]["name"], "zoom");
    assert!(document["digest"].as_str().is_some_and(|digest| digest.starts_with("sha256:")));
    assert_eq!(document["manifest"]["properties"][0]["name"], "serviceUrl");
}
