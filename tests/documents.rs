//! The documents say what the component says of itself, name nothing that is not there, and point to what
//! is.
//!
//! | document | is held against |
//! |---|---|
//! | `docs/configuration.md` | the manifest's properties |
//! | `docs/scopes.md` | the manifest's scopes |
//! | `docs/attributes.md` | the schema, and the calls that a search of one attribute takes |
//! | `docs/midpoint/zoom-resource.xml` | both |
//! | `README.md` | a local Zoom: its commands are run |
//! | all of them | the files and headings that they link to |

use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::process::Command;

use host_harness::model::{AttributesToGet, Filter, SearchOptions};
use serde_json::Value as Json;
use zoom_simulator::Options;

use crate::support::{GROUP, Run, USER, Zoom, component_file, harness, harness_file, root, run, scratch};

type Table = Vec<Vec<String>>;

fn document(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The part below a heading, to the next one of its level.
fn section<'a>(document: &'a str, heading: &str) -> &'a str {
    let (_, below) = document.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no {heading}"));
    below.split("\n## ").next().unwrap_or_default()
}

/// The rows of the table whose heading begins so: what is in the cells, without the marks of code.
fn table(text: &str, heading: &str) -> Table {
    let rows = text.lines().skip_while(|line| !line.starts_with(heading)).skip(2);
    let inner = |row: &str| row.strip_prefix('|')?.strip_suffix('|').map(str::to_owned);
    let cells = |row: String| row.split('|').map(|cell| cell.replace('`', "").trim().to_owned()).collect();
    rows.map_while(inner).map(cells).collect()
}

fn list(json: &Json) -> &[Json] {
    json.as_array().expect("a list")
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

fn texts(json: &Json) -> Vec<String> {
    list(json).iter().map(text).collect()
}

fn only(run: &Run) -> Json {
    assert_eq!(run.code, 0, "{run:?}");
    serde_json::from_str(&run.stdout).expect("JSON")
}

async fn manifest() -> Json {
    let mut command = Command::new(harness_file());
    command.arg("--component").arg(component_file()).args(["--output", "json", "inspect"]);
    only(&run(command).await)["manifest"].clone()
}

/// The schema: it takes a configuration, and no call.
async fn schema(test: &str) -> Json {
    let file = scratch(test).join("zoom.properties");
    fs::write(&file, "accountId = a\nclientId = b\nclientSecret = c\n").expect("a property file");
    only(&harness(&file, &["--output", "json", "schema"]).await)
}

#[tokio::test]
async fn the_table_of_properties_is_that_of_the_manifest() {
    let manifest = manifest().await;
    let properties = list(&manifest["properties"]).iter().map(|property| {
        let allowed = texts(&property["allowedValues"]).join(", ");
        let default = match property["required"] == true {
            true => "required".to_owned(),
            false => texts(&property["defaultValues"]).join(", "),
        };
        let property_type = match allowed.as_str() {
            "" => text(&property["propertyType"]),
            allowed => format!("{}: {allowed}", text(&property["propertyType"])),
        };
        let aliases = texts(&property["aliases"]).join(", ");
        vec![
            text(&property["name"]),
            aliases,
            property_type,
            default,
            text(&property["group"]),
            text(&property["help"]),
        ]
    });
    assert_eq!(table(&document("docs/configuration.md"), "| property |"), properties.collect::<Table>());
}

#[tokio::test]
async fn the_tables_of_scopes_are_those_of_the_manifest() {
    let manifest = manifest().await;
    let document = document("docs/scopes.md");
    let needs = list(&manifest["scopes"]);
    let rows = needs.iter().map(|need| {
        let start = [text(&need["operation"]), texts(&need["objectClasses"]).join(", ")];
        let alternatives = list(&need["alternatives"]).iter().map(|scopes| texts(scopes).join(", "));
        start.into_iter().chain(alternatives).chain([text(&need["condition"])]).collect()
    });
    assert_eq!(table(&document, "| operation |"), rows.collect::<Table>());

    // What is enough for a use is the sum of what its operations need.
    let is_reading = |need: &Json| need["operation"] == "test" || need["operation"] == "search";
    let is_of_phone = |need: &Json| texts(&need["alternatives"][1]).iter().any(|scope| scope.starts_with("phone:"));
    let sum = |wanted: &dyn Fn(&Json) -> bool| {
        [0, 1].map(|alternative| {
            let mut all: Vec<String> = Vec::new();
            for scope in
                needs.iter().filter(|need| wanted(need)).flat_map(|need| texts(&need["alternatives"][alternative]))
            {
                if !all.contains(&scope) {
                    all.push(scope);
                }
            }
            all.join(", ")
        })
    };
    let sums = [
        sum(&|need| is_reading(need) && !is_of_phone(need)),
        sum(&is_reading),
        sum(&|need| !is_of_phone(need)),
        sum(&|_| true),
    ];
    let shown: Vec<_> = table(&document, "| use |").into_iter().map(|row| row[1..].to_vec()).collect();
    assert_eq!(shown, sums);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tables_of_attributes_are_those_of_the_schema() {
    let schema = schema("documents_attributes").await;
    let document = document("docs/attributes.md");
    let zoom = Zoom::start(Options::default()).await;
    let connector = zoom.connector(&[]).await;
    for class in list(&schema["objectClasses"]) {
        let name = text(&class["name"]);
        let section = section(&document, &format!("## {name}"));
        let uid = format!("The uid is `__UID__`, native name `{}`.", text(&class["uidNativeName"]));
        assert!(section.contains(&uid), "{name}: {uid}");
        let mut rows = Table::new();
        for attribute in list(&class["attributes"]) {
            let yes = |flag: &str| if attribute[flag] == true { "yes" } else { "no" };
            let one_of =
                |flag: &str, holds: &'static str, otherwise| if attribute[flag] == true { holds } else { otherwise };
            let case = if attribute["subtype"].is_null() { "" } else { ", in any letter case" };
            let returned = one_of("returnedByDefault", "yes", one_of("readable", "on request", "never"));
            let from = match attribute["readable"] == true {
                true => carrier(&connector, &name, &text(&attribute["name"])).await,
                false => "never read",
            };
            rows.push(vec![
                text(&attribute["name"]),
                text(&attribute["nativeName"]),
                text(&attribute["valueType"]) + case,
                one_of("multiValued", "several", "one").to_owned(),
                one_of("required", "required", yes("creatable")).to_owned(),
                yes("updateable").to_owned(),
                returned.to_owned(),
                from.to_owned(),
                text(&attribute["description"]),
            ]);
        }
        assert_eq!(table(section, "| attribute |"), rows, "{name}");
    }
    assert!(zoom.calls().is_empty());
}

/// Where Zoom has an attribute, told by the calls that a search for it alone would take.
async fn carrier(connector: &host_harness::Connector, class: &str, attribute: &str) -> &'static str {
    // Rows of pending users do not tell the id, so that each of these takes a call anyway.
    let active = (class == USER).then(|| Filter::equals("STATUS", "active"));
    let attributes_to_get = AttributesToGet::Only(vec![attribute.to_owned()]);
    // Of one page the phone of each user is read; of all, the list of phones.
    let options = SearchOptions { attributes_to_get, page_size: NonZeroU32::new(1), ..SearchOptions::default() };
    let plan = connector.explain(class, active.as_ref(), &options).await.expect("a plan");
    let carriers = [
        ("/phone/sites", "site"),
        ("/phone/users/{userId}", "phone"),
        ("/groups/{groupId}/members", "members"),
        ("/groups/{groupId}/admins", "administrators"),
        ("/users/{userId}", "record"),
    ];
    let found = carriers.into_iter().find(|(path, _)| plan.calls.iter().any(|call| call.path == *path));
    found.map_or("row", |(_, carrier)| carrier)
}

#[tokio::test]
async fn the_table_of_options_is_that_of_the_schema() {
    let schema = schema("documents_options").await;
    let options = list(&schema["options"]).iter().map(|option| {
        let operations = list(&schema["operations"]).iter().filter(|support| {
            assert_eq!(texts(&support["objectClasses"]), [USER, GROUP], "the document says that both have them all");
            texts(&support["options"]).contains(&text(&option["name"]))
        });
        vec![
            text(&option["name"]),
            text(&option["valueType"]),
            if option["multiValued"] == true { "several" } else { "one" }.to_owned(),
            operations.map(|support| text(&support["operation"])).collect::<Vec<_>>().join(", "),
            text(&option["description"]),
        ]
    });
    assert_eq!(table(&document("docs/attributes.md"), "| option |"), options.collect::<Table>());
}

/// The names of the attributes of a class, native ones included.
fn names(class: &Json) -> Vec<String> {
    let attributes = list(&class["attributes"]).iter();
    let of_attributes = attributes.flat_map(|attribute| [text(&attribute["name"]), text(&attribute["nativeName"])]);
    of_attributes.chain([text(&class["uidNativeName"]), "__UID__".to_owned()]).filter(|name| !name.is_empty()).collect()
}

/// The text between two others, on one line.
fn between<'a>(line: &'a str, start: &str, end: &str) -> Option<&'a str> {
    Some(line.split_once(start)?.1.split_once(end)?.0)
}

#[tokio::test]
async fn the_sample_resource_names_what_there_is() {
    const FILE: &str = "docs/midpoint/zoom-resource.xml";
    let (manifest, schema) = (manifest().await, schema("documents_resource").await);
    let properties: Vec<String> =
        list(&manifest["properties"]).iter().map(|property| text(&property["name"])).collect();
    let of_class = |class: &str| {
        let found = list(&schema["objectClasses"]).iter().find(|found| found["name"] == class);
        names(found.unwrap_or_else(|| panic!("there is no class {class}")))
    };
    let (mut attributes, mut in_association, mut seen) = (Vec::new(), false, 0);
    for line in document(FILE).lines().filter(|line| !line.contains("xmlns:")) {
        if let Some(property) = between(line, "<zoom:", ">") {
            assert!(properties.iter().any(|known| known == property), "there is no property {property}");
            seen += 1;
        }
        if let Some(read) = between(line, "getAttributeValue(projection, '", "'") {
            assert!(attributes.iter().any(|known| known == read), "there is no attribute {read}: {line}");
        }
        in_association = (in_association || line.contains("<association>")) && !line.contains("</association>");
        // What is used is named in an element of its own, on a line of its own.
        let Some(name) = between(line, ">ri:", "<") else {
            assert!(!line.contains("ri:"), "{line}");
            continue;
        };
        match between(line, "<", ">") {
            Some("objectClass") => attributes = of_class(name),
            // The association has a name of its own.
            Some("ref") if in_association => {}
            Some("ref" | "associationAttribute") => {
                assert!(attributes.iter().any(|known| known == name), "there is no attribute {name}: {line}");
                seen += 1;
            }
            Some("valueAttribute") => assert!(of_class(GROUP).iter().any(|known| known == name), "{line}"),
            _ => panic!("what is this? {line}"),
        }
    }
    assert!(seen > 20, "{seen}");
}

#[tokio::test]
async fn no_document_names_an_attribute_or_an_option_that_is_none() {
    let schema = schema("documents_names").await;
    let mut known: Vec<String> = list(&schema["objectClasses"]).iter().flat_map(names).collect();
    known.extend(list(&schema["options"]).iter().map(|option| text(&option["name"])));
    let own = ["README.md", "docs/configuration.md", "docs/attributes.md", "docs/scopes.md"];
    for file in own.into_iter().chain(["docs/midpoint/README.md", "docs/midpoint/zoom-resource.xml"]) {
        let document = document(file);
        let words = document.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
        let is_name = |word: &&str| word.contains('_') && !word.bytes().any(|byte| byte.is_ascii_lowercase());
        // A variable of the environment, and the beginning of several options.
        let is_other = |word: &str| word.starts_with("CONNECTOR_") || word == "TRANSFER_";
        for word in words.filter(is_name).filter(|word| !is_other(word)) {
            assert!(known.iter().any(|name| name == word), "{file}: {word}");
        }
    }
}

/// The Markdown files that a reader comes by.
fn documents() -> Vec<PathBuf> {
    fn within(directory: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path());
        entries.flat_map(|entry| if entry.is_dir() { within(&entry) } else { vec![entry] }).collect()
    }
    let mut files = within(&root().join("docs"));
    files.push(root().join("README.md"));
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    files
}

/// A document without its blocks of code.
fn prose(file: &Path) -> String {
    let document = fs::read_to_string(file).expect("a document");
    document.split("```").step_by(2).collect()
}

/// What a link to a heading is called: letters, digits, hyphens, and a hyphen for each blank.
fn anchors(file: &Path) -> Vec<String> {
    let anchor = |heading: &str| {
        let kept = |character: char| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            _ => character.is_alphanumeric().then(|| character.to_ascii_lowercase()),
        };
        heading.trim_start_matches('#').trim().chars().filter_map(kept).collect()
    };
    prose(file).lines().filter(|line| line.starts_with('#')).map(anchor).collect()
}

#[test]
fn every_link_leads_to_a_file_and_a_heading() {
    let mut broken = Vec::new();
    for file in documents() {
        let prose = prose(&file);
        let links = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        for link in links.filter(|link| !link.contains("://")) {
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { file.clone() } else { file.parent().expect("a directory").join(path) };
            let leads = target.exists() && (anchor.is_empty() || anchors(&target).iter().any(|known| known == anchor));
            if !leads {
                broken.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// The words of a command: blanks part them, but not between single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for character in command.chars() {
        match character {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().expect("a word").push(other),
        }
    }
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn the_commands_of_the_readme_do_what_they_are_for() {
    let readme = document("README.md");
    let commands = readme.lines().filter_map(|line| line.strip_prefix("$ target/release/harness "));
    let (simulate, others): (Vec<_>, Vec<_>) = commands.partition(|command| command.starts_with("simulate "));
    let given = words(simulate.first().expect("a local Zoom"));
    let number = |option: &str| {
        let place = given.iter().position(|word| word == option).unwrap_or_else(|| panic!("no {option}"));
        given[place + 1].parse().expect("a number")
    };
    let options = Options {
        users: number("--users"),
        inactive: number("--inactive"),
        pending: number("--pending"),
        phone_users: number("--phone-users"),
        groups: number("--groups"),
        ..Options::default()
    };
    let zoom = Zoom::start(options).await;
    let config = zoom.property_file("documents_readme");
    let group = text(&zoom.groups()[0]["id"]);
    let phones = zoom.simulator.state()["phone"]["users"].to_string();
    let without =
        zoom.ids("active").into_iter().rfind(|id| !phones.contains(id.as_str())).expect("a user without a phone");
    for command in &others {
        let words: Vec<String> = words(command)
            .into_iter()
            .map(|word| word.replace("GROUP_IDS=GROUP", &format!("GROUP_IDS={group}")))
            .collect();
        let words = words.iter().map(|word| if word == "UID" { &without } else { word });
        // The property file is another one, and nobody waits.
        let arguments: Vec<&str> =
            ["--set", "phoneProvisioningInterval=0"].into_iter().chain(words.skip(2).map(String::as_str)).collect();
        let run = harness(&config, &arguments).await;
        assert_eq!(run.code, 0, "{command}: {}", run.stderr);
        assert!(!run.stdout.trim().is_empty(), "{command}");
    }
    let user = zoom.user(&without);
    assert_eq!((&user["dept"], user["group_ids"].to_string().contains(&group)), (&"Research".into(), true));
    let phones = zoom.simulator.state()["phone"]["users"].to_string();
    assert!(phones.contains(&without), "{phones}");
    assert!(zoom.users().iter().any(|user| user["email"] == "ada@example.com"));
}
