//! What the tests stand on: a simulator, connectors to it, and the command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::SystemTime;

use host_harness::model::{Attribute, ConnectorError, ConnectorObject, Delta, ErrorKind, Filter, Uid, Value};
use host_harness::{
    Cache, Component, Connector, Engine, Error, Options as OperationOptions, Policy, Properties, SearchOptions,
};
use serde_json::Value as Json;
use zoom_simulator::{Options, Simulator};

pub(crate) const USER: &str = "ZoomUser";
pub(crate) const GROUP: &str = "ZoomGroup";
/// The attributes of the phone that are returned by default.
pub(crate) const PHONE: [&str; 8] = [
    "ZOOM_PHONE_FEATURE",
    "SITE_ID",
    "SITE_NAME",
    "SITE_CODE",
    "ZOOM_PHONE_STATUS",
    "EXTENSION_NUMBER",
    "ZOOM_PHONE_CALLING_PLANS",
    "ZOOM_PHONE_NUMBERS",
];

/// The directory of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// The component that `cargo xtask build` made, if it is not older than what it is made of.
pub(crate) fn component_file() -> PathBuf {
    let file = root().join("target/components/zoom_connector.wasm");
    let built = fs::metadata(&file).and_then(|file| file.modified());
    let sources = ["wit", "connector"].map(|directory| newest(&root().join(directory)));
    match built {
        Ok(built) if sources.into_iter().all(|source| source <= built) => file,
        _ => panic!("{} is missing or older than its sources: run cargo xtask build", file.display()),
    }
}

fn newest(path: &Path) -> SystemTime {
    if path.is_dir() {
        let entries = fs::read_dir(path).expect("a directory").map(|entry| entry.expect("an entry").path());
        return entries.map(|entry| newest(&entry)).max().unwrap_or(SystemTime::UNIX_EPOCH);
    }
    fs::metadata(path).and_then(|file| file.modified()).expect("a file")
}

static COMPONENT: LazyLock<Component> = LazyLock::new(|| {
    let engine = Engine::new(Cache::User).expect("an engine");
    Component::from_file(&engine, component_file()).expect("a component")
});

/// A local Zoom.
pub(crate) struct Zoom {
    pub(crate) simulator: Simulator,
}

/// A Zoom with so many users in all, of whom so many are inactive and pending.
pub(crate) fn users(users: usize, inactive: usize, pending: usize) -> Options {
    Options { users, inactive, pending, groups: 3, strict: true, ..Options::default() }
}

impl Zoom {
    /// A Zoom that takes nothing that it does not know.
    pub(crate) async fn start(options: Options) -> Self {
        let options = Options { strict: true, ..options };
        Self { simulator: Simulator::start(options).await.expect("a simulator") }
    }

    /// A Zoom that is made to misbehave: its traffic is no example of Zoom's.
    pub(crate) async fn misbehaving(options: Options) -> Self {
        Self::start(Options { log_file: None, ..options }).await
    }

    pub(crate) fn switch(&self, switches: Json) {
        self.simulator.set_switches(switches).expect("switches");
    }

    /// A connector with these properties besides those that it needs.
    pub(crate) async fn connector(&self, properties: &[(&str, &str)]) -> Connector {
        self.open(properties).await.expect("a connector")
    }

    pub(crate) async fn open(&self, properties: &[(&str, &str)]) -> Result<Connector, Error> {
        let mut all = Properties::new();
        let replaced = |name: &str| properties.iter().any(|(other, _)| *other == name);
        for (name, value) in self.simulator.properties() {
            if !replaced(&name) {
                all = all.with(name, value);
            }
        }
        for (name, value) in properties {
            all = all.with(*name, *value);
        }
        COMPONENT.open(&all, Policy::default()).await
    }

    /// How often each route was called since the last time, without the token.
    pub(crate) fn calls(&self) -> Vec<(String, u64)> {
        let stats = self.simulator.stats();
        self.simulator.reset();
        stats.by_route.into_iter().filter(|(route, _)| !route.ends_with("/oauth/token")).collect()
    }

    /// The calls since the last time, in order, without the token: `PATCH /v2/users/u1 {"dept":"x"}`.
    pub(crate) fn traffic(&self) -> Vec<String> {
        let log = self.simulator.log();
        self.simulator.reset();
        let line = |entry: &zoom_simulator::LogEntry| {
            let body = if entry.request_body.is_null() { String::new() } else { format!(" {}", entry.request_body) };
            let query = match entry.query.as_object() {
                Some(query) if !query.is_empty() => format!(" {}", entry.query),
                _ => String::new(),
            };
            format!("{} {}{query}{body}", entry.method, entry.path)
        };
        log.iter().filter(|entry| !entry.path.ends_with("/oauth/token")).map(line).collect()
    }

    /// Those of them that change something.
    pub(crate) fn changes(&self) -> Vec<String> {
        self.traffic().into_iter().filter(|call| !call.starts_with("GET ")).collect()
    }

    /// The users that the simulator holds.
    pub(crate) fn users(&self) -> Vec<Json> {
        self.simulator.state()["users"].as_array().expect("users").clone()
    }

    /// The user of the simulator with this id or address.
    pub(crate) fn user(&self, key: &str) -> Json {
        let found = self.users().into_iter().find(|user| user["id"] == key || user["email"] == key);
        found.unwrap_or_else(|| panic!("there is no user {key}"))
    }

    /// The ids of the users with a status, in the order of the state.
    pub(crate) fn ids(&self, status: &str) -> Vec<String> {
        let users = self.users().into_iter().filter(|user| user["status"] == status);
        users.map(|user| user["id"].as_str().expect("an id").to_owned()).collect()
    }

    /// The id of some active user who is neither owner nor administrator.
    pub(crate) fn member(&self) -> String {
        let members = self.users().into_iter().filter(|user| user["status"] == "active" && user["role_id"] == "2");
        members.map(|user| user["id"].as_str().expect("an id").to_owned()).next_back().expect("a member")
    }

    /// The ids of the groups that the simulator holds.
    pub(crate) fn groups(&self) -> Vec<Json> {
        self.simulator.state()["groups"].as_array().expect("groups").clone()
    }

    /// A property file for this Zoom, in a directory of the test's own.
    pub(crate) fn property_file(&self, test: &str) -> PathBuf {
        let file = scratch(test).join("zoom.properties");
        let lines = self.simulator.properties().into_iter().map(|(name, value)| format!("{name} = {value}\n"));
        fs::write(&file, lines.collect::<String>()).expect("a property file");
        file
    }
}

/// An empty directory of a test's own.
pub(crate) fn scratch(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).expect("a directory");
    directory
}

/// Every object that a search finds, page after page to the end.
pub(crate) async fn all(connector: &Connector, class: &str, filter: Option<Filter>) -> Vec<ConnectorObject> {
    try_all(connector, class, filter).await.expect("a search")
}

pub(crate) async fn try_all(
    connector: &Connector,
    class: &str,
    filter: Option<Filter>,
) -> Result<Vec<ConnectorObject>, Error> {
    let mut pages = connector.search_all(class, filter, SearchOptions::default());
    let mut objects = Vec::new();
    while let Some(page) = pages.next().await? {
        objects.extend(page.objects);
    }
    Ok(objects)
}

pub(crate) async fn get(connector: &Connector, class: &str, uid: &str) -> ConnectorObject {
    connector.get(class, uid, SearchOptions::default()).await.expect("an object")
}

pub(crate) async fn create(
    connector: &Connector,
    class: &str,
    attributes: &[(&str, Value)],
) -> Result<Uid, Box<ConnectorError>> {
    let attributes: Vec<_> = attributes.iter().map(|(name, value)| Attribute::new(*name, [value.clone()])).collect();
    connector.create(class, &attributes, &OperationOptions::default()).await.map_err(refused)
}

pub(crate) async fn update(
    connector: &Connector,
    class: &str,
    uid: &str,
    deltas: &[Delta],
) -> Result<(), Box<ConnectorError>> {
    connector.update_delta(class, &Uid::new(uid), deltas, &OperationOptions::default()).await.map(drop).map_err(refused)
}

pub(crate) async fn delete(connector: &Connector, class: &str, uid: &str) -> Result<(), Box<ConnectorError>> {
    connector.delete(class, &Uid::new(uid), &OperationOptions::default()).await.map_err(refused)
}

/// The connector's own error.
pub(crate) fn refused(error: Error) -> Box<ConnectorError> {
    match error {
        Error::Connector(error) => error,
        other => panic!("the host failed: {other}"),
    }
}

/// Its kind.
pub(crate) fn kind<T>(result: Result<T, Box<ConnectorError>>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind)
}

/// The texts of an attribute.
pub(crate) fn texts(object: &ConnectorObject, name: &str) -> Vec<String> {
    let values = object.attribute(name).map_or(&[][..], |attribute| attribute.values.as_slice());
    values.iter().filter_map(|value| value.as_text().map(str::to_owned)).collect()
}

/// The first value of an attribute.
pub(crate) fn value(object: &ConnectorObject, name: &str) -> Option<Value> {
    object.attribute(name).and_then(|attribute| attribute.values.as_slice().first().cloned())
}

/// What a run of the command line left.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The lines of stdout, each a JSON document.
    pub(crate) fn documents(&self) -> Vec<Json> {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}

/// Runs `harness --config FILE ARGUMENTS`.
pub(crate) async fn harness(config: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(harness_file());
    command.arg("--component").arg(component_file()).arg("--config").arg(config).args(arguments);
    run(command).await
}

pub(crate) async fn run(mut command: Command) -> Run {
    let output = tokio::task::spawn_blocking(move || command.output().expect("the harness runs")).await;
    let output = output.expect("a run");
    Run {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

pub(crate) fn harness_file() -> PathBuf {
    let file = root().join("target/release/harness");
    assert!(file.exists(), "{} is missing: run cargo xtask build", file.display());
    file
}
