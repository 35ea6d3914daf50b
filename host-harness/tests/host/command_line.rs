//! Words, exit codes and output of `harness`.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output};

use serde_json::{Value, json};

use crate::guests::{cache, file};
use crate::server::{Server, ok};

/// What a run of the program left behind.
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {} {}", self.stdout, self.stderr))
    }

    /// Each line of stdout as a document.
    fn lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn last_of_stderr(&self) -> Value {
        serde_json::from_str(self.stderr.lines().last().unwrap_or_default())
            .unwrap_or_else(|_| panic!("{}", self.stderr))
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

fn command(guest: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_harness"));
    command.env("XDG_CACHE_HOME", cache()).arg("--component").arg(file(guest)).args(arguments);
    command
}

fn run(guest: &str, arguments: &[&str]) -> Run {
    command(guest, arguments).output().unwrap().into()
}

/// The guest with things in memory, in JSON.
fn things(arguments: &[&str]) -> Run {
    run("well-behaved", &[&["--set", "count=25", "--output", "json"], arguments].concat())
}

/// A process that does not outlive its test.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

fn directory(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("command-line").join(name);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}

#[test]
fn inspect_shows_what_a_component_is() {
    let document = run("well-behaved", &["inspect", "--output", "json"]).json();
    assert_eq!(document["manifest"]["name"], "guest");
    assert_eq!(document["hosts"], json!([{ "from-property": "serviceUrl" }]));
    assert!(document["digest"].as_str().unwrap().starts_with("sha256:"));
    let table = run("well-behaved", &["inspect"]);
    assert!(table.stdout.contains("iam:connector/provisioning@0.1.0") && table.code == 0, "{}", table.stdout);
}

#[test]
fn a_search_walks_to_the_end_and_writes_one_object_a_line() {
    let run = things(&["search", "Thing"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(run.lines().len(), 25);
    let first = r#"{"objectClass":"Thing","uid":"id-1","name":"id-1","attributes":{"TEXT":"text 1"}}"#;
    assert_eq!(run.stdout.lines().next(), Some(first));
}

#[test]
fn one_page_ends_with_a_trailer_to_go_on_from() {
    let page = things(&["search", "Thing", "--page-size", "2"]);
    assert_eq!(page.lines().len(), 2);
    assert_eq!(page.stderr, "{\"next\":\"2\",\"remaining\":23,\"complete\":true}\n");
    let next = things(&["search", "Thing", "--page-size", "2", "--cookie", "2"]);
    assert_eq!(next.lines()[0]["uid"], "id-3");
    let offset = things(&["search", "Thing", "--offset", "25"]);
    assert_eq!((&offset.lines()[0]["uid"], offset.last_of_stderr()["next"].clone()), (&json!("id-25"), Value::Null));
}

#[test]
fn a_limit_ends_a_walk() {
    assert_eq!(things(&["search", "Thing", "--limit", "12"]).lines().len(), 12);
    assert_eq!(things(&["search", "Thing", "--limit", "0"]).lines().len(), 0);
}

#[test]
fn a_filter_is_applied_and_a_wrong_one_is_shown_where_it_is_wrong() {
    let found = things(&["search", "Thing", "--filter", "TEXT ^= \"text 2\" and not thing_id = \"id-2\""]);
    assert_eq!(found.lines().len(), 6);
    let wrong = run("well-behaved", &["search", "Thing", "--filter", "TEXT = "]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.starts_with("error: invalid-argument: in the filter: "), "{}", wrong.stderr);
    assert!(wrong.stderr.ends_with("TEXT = \n       ^\n"), "{}", wrong.stderr);
}

#[test]
fn unknown_names_and_values_of_another_type_are_refused_by_name() {
    for (arguments, kind, name) in [
        (&["search", "Nothing"][..], "invalid-argument", "Nothing"),
        (&["search", "Thing", "--attributes", "TEXT,COLOUR"], "invalid-argument", "COLOUR"),
        (&["create", "Thing", "COLOUR=blue"], "invalid-argument", "COLOUR"),
        (&["create", "Thing", "NUMBER=many"], "invalid-attribute-value", "NUMBER"),
        (&["update", "Thing", "id-1", "--replace", "FLAG=perhaps"], "invalid-attribute-value", "FLAG"),
        (&["update", "Thing", "id-1", "--clear", "TEXT", "--add", "TEXT=x"], "invalid-argument", "TEXT"),
        (&["search", "Thing", "--option", "DEPTH=deep"], "invalid-argument", "DEPTH"),
        (&["search", "Thing", "--option", "SCOPE=everywhere"], "invalid-argument", "SCOPE"),
        (&["search", "Thing", "--option", "PAGE_SIZE=1", "--option", "page_size=2"], "invalid-argument", "page_size"),
        (&["--set", "colour=blue", "validate"], "configuration", "colour"),
        (&["--ca", "/nonexistent", "validate"], "configuration", "/nonexistent"),
        (&["--config", "/nonexistent", "validate"], "configuration", "/nonexistent"),
    ] {
        let run = things(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}: {}", run.stderr);
        let record = run.last_of_stderr();
        assert_eq!(record["kind"], kind, "{arguments:?}");
        assert!(record["message"].as_str().unwrap().contains(name), "{record}");
    }
    assert_eq!(run("well-behaved", &["nonsense"]).code, 2);
    assert_eq!(run("well-behaved", &["update", "Thing", "id-1"]).code, 2, "no change at all");
}

#[test]
fn the_exit_code_says_what_sort_of_error_it_was() {
    assert_eq!(things(&["get", "Thing", "id-26"]).code, 3);
    assert_eq!(things(&["delete", "Thing", "id-26"]).code, 3);
    assert_eq!(run("logs-secrets", &["test"]).code, 5);
    assert_eq!(run("traps", &["test"]).code, 8);
    let none =
        Command::new(env!("CARGO_BIN_EXE_harness")).args(["--component", "/etc/hostname", "inspect"]).output().unwrap();
    assert_eq!(none.status.code(), Some(8));
}

#[test]
fn an_error_is_one_line_and_then_the_hint() {
    let run = run("traps", &["test"]);
    let mut lines = run.stderr.lines().filter(|line| !line.contains("WARN"));
    assert_eq!(
        lines.next(),
        Some("error: trap: the component trapped: wasm trap: wasm `unreachable` instruction executed")
    );
    assert!(lines.next().unwrap().contains("the reason for the trap"), "{}", run.stderr);
}

#[test]
fn objects_are_created_read_changed_and_deleted() {
    let created = things(&["create", "thing", "LABEL=new", "NUMBER=7", "MANY_TEXTS=a", "MANY_TEXTS=b", "FLAG=true"]);
    assert_eq!(created.json(), json!({ "objectClass": "Thing", "uid": "id-26", "revision": null }));
    let read = things(&["get", "Thing", "id-3"]);
    assert_eq!(read.json()["attributes"], json!({ "TEXT": "text 3" }));
    let changed = things(&[
        "update",
        "Thing",
        "id-3",
        "--replace",
        "LABEL=x",
        "--add",
        "MANY_NUMBERS=1",
        "--remove",
        "MANY_NUMBERS=2",
    ]);
    assert_eq!(changed.json()["sideEffects"], json!({ "__NAME__": ["x"] }));
    assert_eq!(things(&["delete", "Thing", "id-3"]).json()["deleted"], true);
}

#[test]
fn a_secret_is_read_from_where_it_is_and_never_shown() {
    let directory = directory("secrets");
    fs::write(directory.join("secret"), "s3cr3t-value\n").unwrap();
    let written = format!("secret=@{}", directory.join("secret").display());
    for level in ["warn", "trace"] {
        let run = run("logs-secrets", &["--set", &written, "--log", level, "--output", "json", "test"]);
        assert_eq!(run.code, 5);
        assert_eq!(run.last_of_stderr()["message"], "message ********");
        assert!(!run.stderr.contains("s3cr3t-value") && !run.stderr.contains("safer"), "{}", run.stderr);
    }
    let bare = run("logs-secrets", &["--set", "secret=s3cr3t-value", "test"]);
    assert!(bare.stderr.starts_with("warning: secret is on the command line"), "{}", bare.stderr);
    assert!(!bare.stderr.contains("s3cr3t-value"), "{}", bare.stderr);
    let created = run("logs-secrets", &["--set", "secret=@env:NO_SUCH_VARIABLE", "test"]);
    assert_eq!(created.code, 2, "{}", created.stderr);
}

#[test]
fn properties_come_from_file_environment_and_command_line() {
    let directory = directory("properties");
    let config = directory.join("x.properties");
    fs::write(directory.join("secret"), "s3cr3t").unwrap();
    fs::write(&config, "guest.serviceUrl = https\\://file.example\nguest.count = 1\nclientSecret = @secret\n").unwrap();
    let config = config.to_str().unwrap();
    let mut command =
        command("well-behaved", &["--config", config, "--set", "count=3", "--output", "json", "validate"]);
    let run: Run = command
        .env("CONNECTOR_SERVICE_URL", "https://env.example")
        .env("CONNECTOR_COUNT", "2")
        .output()
        .unwrap()
        .into();
    assert_eq!(
        run.json()["properties"],
        json!([
            { "name": "serviceUrl", "value": "https://env.example", "source": "CONNECTOR_SERVICE_URL" },
            { "name": "count", "value": "3", "source": "command line" },
            { "name": "clientSecret", "value": "********", "source": format!("{config}:3") },
        ])
    );
    assert_eq!(run.json()["allowedOrigins"], json!(["https://env.example:443"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_denied_host_is_a_warning() {
    let server = Server::start(|_| ok("")).await;
    let set = format!("testUrl={}", server.url());
    let run = tokio::task::spawn_blocking(move || run("requests", &["--set", &set, "test"])).await.unwrap();
    assert_eq!((run.code, server.connections()), (6, 0));
    let warning = format!("warning: denied: the component tried to reach {}, which", server.url());
    assert!(run.stderr.starts_with(&warning), "{}", run.stderr);
    assert!(run.stderr.lines().last().unwrap().starts_with("error: io: "), "{}", run.stderr);
}

#[test]
fn a_plan_is_shown_instead_of_objects() {
    let plan = things(&["search", "Thing", "--explain"]).json();
    assert_eq!((&plan["calls"][0]["path"], &plan["floorMs"]), (&json!("/Thing"), &json!(250)));
}

#[test]
fn without_a_component_it_says_how_to_make_one() {
    let directory = directory("elsewhere").join("bin");
    fs::create_dir(&directory).unwrap();
    // A link and not a copy: Linux runs no file that a process of another test may still hold open for writing.
    fs::hard_link(env!("CARGO_BIN_EXE_harness"), directory.join("harness")).unwrap();
    let run: Run =
        Command::new(directory.join("harness")).arg("inspect").current_dir(&directory).output().unwrap().into();
    assert_eq!(run.code, 8);
    assert!(run.stderr.contains("cargo xtask build"), "{}", run.stderr);
}

#[test]
fn a_simulator_writes_its_files_before_its_url_and_ends_when_it_is_asked_to() {
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::PermissionsExt;
    use std::process::Stdio;
    let config = directory("simulate").join("sim.properties");
    let child = Command::new(env!("CARGO_BIN_EXE_harness"))
        .args(["simulate", "--users", "3", "--tls", "--write-config"])
        .arg(&config)
        .stdout(Stdio::piped())
        .spawn();
    let Ended(child) = &mut Ended(child.unwrap());
    let mut url = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut url).unwrap();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    assert_eq!(fs::metadata(&config).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(fs::read_to_string(config.with_file_name("sim.properties.ca.pem")).unwrap().contains("BEGIN CERTIFICATE"));
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let mut child = command("well-behaved", &["--set", "count=20000", "--output", "json", "search", "Thing"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("id-1"));
    let run: Run = child.wait_with_output().unwrap().into();
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
}
