//! What the Java connector promises, one test for each row of its document, and all of it shown here.
//!
//! The rows are in `docs/java-connector-promises.md`, each with the name of its test. Where the Java connector names
//! a limit of its own that this one does not have, the test shows what is better, and says so.

mod caveats;
mod configuration;
mod features;
mod operations;
mod schema;
mod schema_phone;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use host_harness::Connector;
use host_harness::model::{Change, Delta, Value};
use serde_json::{Value as Json, json};
use zoom_simulator::Options;

use crate::support::{Run, USER, Zoom, harness, root, scratch};

/// A connector with this never waits between two looks at a new phone.
pub(crate) const AT_ONCE: (&str, &str) = ("phoneProvisioningInterval", "0");

/// An account with some users of every status, and four phones at three sites.
pub(crate) fn people() -> Options {
    Options { users: 16, inactive: 3, pending: 2, phone_users: 4, groups: 3, sites: 3, ..Options::default() }
}

/// The same in a domain that the account manages: whoever is created is active at once.
pub(crate) async fn managed() -> Zoom {
    let zoom = Zoom::start(people()).await;
    zoom.switch(json!({ "managed_domains": ["example.com"], "managed_users_start_active": true }));
    zoom
}

/// The attributes that every new user has.
pub(crate) fn newcomer(email: &str) -> Vec<(&'static str, Value)> {
    vec![("EMAIL", email.into()), ("FIRST_NAME", "Nina".into()), ("LAST_NAME", "New".into())]
}

/// A new user with one attribute more.
pub(crate) fn newcomer_with(name: &'static str, value: impl Into<Value>) -> Vec<(&'static str, Value)> {
    newcomer("nina@example.com").into_iter().chain([(name, value.into())]).collect()
}

/// Values that are added and values that are removed.
pub(crate) fn adjust<V: Into<Value>>(
    name: &str,
    add: impl IntoIterator<Item = V>,
    remove: impl IntoIterator<Item = V>,
) -> Delta {
    let add = add.into_iter().map(Into::into).collect();
    let remove = remove.into_iter().map(Into::into).collect();
    Delta { name: name.into(), change: Change::Adjust { add, remove } }
}

/// A text of the simulator's.
pub(crate) fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_else(|| panic!("{json} is no text"))
}

/// The ids of the groups.
pub(crate) fn group_ids(zoom: &Zoom) -> Vec<String> {
    zoom.groups().iter().map(|group| text(&group["id"]).to_owned()).collect()
}

/// The phone of a user, as the simulator holds it.
pub(crate) fn phone(zoom: &Zoom, id: &str) -> Option<Json> {
    let state = zoom.simulator.state();
    let users = state["phone"]["users"].as_array().expect("phone users");
    users.iter().find(|user| user["id"] == id).map(|user| user["phone"].clone())
}

/// A member of the account who has a phone.
pub(crate) fn with_phone(zoom: &Zoom) -> String {
    let members = zoom.users().into_iter().filter(|user| user["role_id"] == "2");
    let mut ids = members.map(|user| text(&user["id"]).to_owned());
    ids.find(|id| phone(zoom, id).is_some()).expect("a phone")
}

/// An active member of the account who has none.
pub(crate) fn without_phone(zoom: &Zoom) -> String {
    let members = zoom.users().into_iter().filter(|user| user["role_id"] == "2" && user["status"] == "active");
    let mut ids = members.map(|user| text(&user["id"]).to_owned());
    ids.find(|id| phone(zoom, id).is_none()).expect("a user")
}

/// The sites of the account.
pub(crate) fn sites(zoom: &Zoom) -> Vec<Json> {
    zoom.simulator.state()["phone"]["sites"].as_array().expect("sites").clone()
}

/// The site of a user's phone.
pub(crate) fn site_of(zoom: &Zoom, id: &str) -> Json {
    let site = phone(zoom, id).expect("a phone")["site_id"].clone();
    sites(zoom).into_iter().find(|known| known["id"] == site).expect("a site")
}

/// Another site than that of a user's phone.
pub(crate) fn other_site(zoom: &Zoom, id: &str) -> Json {
    let site = phone(zoom, id).expect("a phone")["site_id"].clone();
    sites(zoom).into_iter().rfind(|known| known["id"] != site).expect("another site")
}

/// The whole number of an extension at a site: its code, and five digits.
pub(crate) fn extension(site: &Json, short: u32) -> String {
    format!("{}{short:05}", site["site_code"])
}

/// The telephone numbers that a user has, or that nobody has.
pub(crate) fn numbers(zoom: &Zoom, holder: Option<&str>) -> BTreeSet<String> {
    let state = zoom.simulator.state();
    let all = state["phone"]["numbers"].as_array().expect("numbers").iter();
    let held = all.filter(|number| number["assignee"].as_str() == holder);
    held.map(|number| text(&number["number"]["number"]).to_owned()).collect()
}

/// The type of an attribute, and what can be done with it: `text create update`.
pub(crate) async fn shape(connector: &Connector, name: &str) -> String {
    let schema = connector.schema().await.expect("a schema");
    let info = schema.object_class(USER).expect("a class").attribute(name).unwrap_or_else(|| panic!("no {name}"));
    assert!(info.readable && info.returned_by_default, "{name} is read without being asked for");
    let flags = [
        (info.multi_valued, "several"),
        (info.required, "required"),
        (info.creatable, "create"),
        (info.updateable, "update"),
    ];
    let words = flags.into_iter().filter_map(|(holds, word)| holds.then_some(word));
    [info.value_type.to_string().as_str()].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// A property file as it is written for the Java connector: what it takes to reach this Zoom, and these lines besides
/// or instead.
pub(crate) fn java_file(zoom: &Zoom, test: &str, lines: &[(&str, &str)]) -> PathBuf {
    let file = scratch(&format!("java_{test}")).join("zoom.properties");
    let needed = zoom.simulator.properties();
    let kept = needed.iter().filter(|(name, _)| lines.iter().all(|(other, _)| name != other));
    let all = kept.map(|(name, value)| (name.as_str(), value.as_str())).chain(lines.iter().copied());
    fs::write(&file, all.map(|(name, value)| format!("{name}={value}\n")).collect::<String>()).expect("a file");
    file
}

/// Runs the command line for a machine to read.
pub(crate) async fn cli(config: &Path, arguments: &[&str]) -> Run {
    let all: Vec<_> = ["--output", "json"].into_iter().chain(arguments.iter().copied()).collect();
    harness(config, &all).await
}

/// How often a route was called since the last look at the calls.
pub(crate) fn count(calls: &[(String, u64)], route: &str) -> u64 {
    calls.iter().find(|(known, _)| known == route).map_or(0, |(_, count)| *count)
}

/// The tests of these files, as the document names them.
fn tests() -> Vec<String> {
    let directory = root().join("tests/java_connector");
    let mut tests = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        let module = match path.file_stem().and_then(|stem| stem.to_str()).expect("a name") {
            "mod" => "java_connector".to_owned(),
            name => format!("java_connector::{name}"),
        };
        let source = fs::read_to_string(&path).expect("a source");
        let mut lines = source.lines();
        while lines.by_ref().any(|line| line.starts_with("#[tokio::test") || line == "#[test]") {
            let line = lines.next().expect("a function");
            let name = line.trim_start_matches("async ").trim_start_matches("fn ").split('(').next();
            tests.push(format!("{module}::{}", name.expect("a name")));
        }
    }
    tests.sort();
    tests
}

#[test]
fn the_document_names_every_test_of_these_files_once_and_no_other() {
    let document = fs::read_to_string(root().join("docs/java-connector-promises.md")).expect("the document");
    let quoted = document.split('`').skip(1).step_by(2);
    let mut named: Vec<_> = quoted.filter(|quoted| quoted.starts_with("java_connector::")).map(str::to_owned).collect();
    named.sort();
    assert_eq!(named, tests());
}

/// The guide is for people who map attributes: it names all that there are, and none that there is not.
#[tokio::test(flavor = "multi_thread")]
async fn the_guide_to_migrating_names_the_attributes_and_properties_that_there_are() {
    let zoom = Zoom::start(people()).await;
    let config = java_file(&zoom, "guide", &[]);
    let schema = cli(&config, &["schema"]).await.documents().remove(0);
    let manifest = cli(&config, &["inspect"]).await.documents().remove(0)["manifest"].clone();
    let field = |list: &Json, name: &str| {
        let names = list.as_array().expect("a list").iter().filter_map(|entry| entry[name].as_str());
        names.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let mut known = BTreeSet::from(["__UID__".to_owned()]);
    for class in schema["objectClasses"].as_array().expect("classes") {
        known.extend(field(&class["attributes"], "name"));
        known.extend(field(&class["attributes"], "nativeName"));
        known.insert(text(&class["uidNativeName"]).to_owned());
    }
    let deleting = field(&schema["options"], "name").into_iter().filter(|name| name.starts_with("TRANSFER_"));
    known.extend(deleting);
    let guide = fs::read_to_string(root().join("docs/migrating-from-the-java-connector.md")).expect("the guide");
    let quoted: BTreeSet<_> = guide.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    let is_name = |word: &&String| word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let mut named: BTreeSet<_> = quoted.iter().filter(is_name).cloned().collect();
    assert!(named.remove("POST"), "the one word that is no name");
    assert_eq!(named, known);
    let properties = field(&manifest["properties"], "name");
    let is_property = |word: &&String| {
        ["phone", "ioError", "deactivateOn", "disassociateOn", "entitlement", "logLevel"]
            .iter()
            .any(|start| word.starts_with(start))
    };
    let unknown: Vec<_> = quoted.iter().filter(is_property).filter(|word| !properties.contains(*word)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
