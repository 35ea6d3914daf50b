//! The README says what the component says of itself.

use std::fs;
use std::process::Command;

use serde_json::Value as Json;

use crate::support::{harness_file, root, run};

/// The cells of the rows below the heading that begins with these cells.
fn table(readme: &str, heading: &str) -> Vec<Vec<String>> {
    let rows = readme.lines().skip_while(|line| !line.starts_with(heading)).skip(2);
    let inner = |row: &str| row.strip_prefix('|')?.strip_suffix('|').map(str::to_owned);
    let cells = |row: String| row.split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.map_while(inner).map(cells).collect()
}

fn manifest(inspected: &str) -> Json {
    serde_json::from_str::<Json>(inspected).expect("JSON")["manifest"].clone()
}

fn texts(list: &Json) -> Vec<&str> {
    list.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text")).collect()
}

async fn inspected() -> Json {
    let mut command = Command::new(harness_file());
    command.args(["--output", "json", "inspect"]);
    let run = run(command).await;
    assert_eq!(run.code, 0, "{run:?}");
    manifest(&run.stdout)
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("the README")
}

#[tokio::test]
async fn its_table_of_properties_is_that_of_the_manifest() {
    let manifest = inspected().await;
    let properties = manifest["properties"].as_array().expect("properties").iter().map(|property| {
        let default = if property["required"] == true {
            "required"
        } else {
            *texts(&property["defaultValues"]).first().unwrap_or(&"")
        };
        vec![
            property["name"].as_str().expect("a name").to_owned(),
            texts(&property["aliases"]).join(", "),
            default.to_owned(),
        ]
    });
    let shown = table(&readme(), "| property |").into_iter().map(|row| row.into_iter().take(3).collect());
    assert_eq!(shown.collect::<Vec<Vec<_>>>(), properties.collect::<Vec<_>>());
}

#[tokio::test]
async fn its_table_of_scopes_is_that_of_the_manifest() {
    let manifest = inspected().await;
    let scopes = manifest["scopes"].as_array().expect("scopes").iter().map(|need| {
        let alternatives = need["alternatives"].as_array().expect("alternatives").iter();
        let start =
            [need["operation"].as_str().expect("an operation").to_owned(), texts(&need["objectClasses"]).join(", ")];
        let condition = need["condition"].as_str().unwrap_or_default().to_owned();
        start.into_iter().chain(alternatives.map(|scopes| texts(scopes).join(", "))).chain([condition]).collect()
    });
    assert_eq!(table(&readme(), "| operation |"), scopes.collect::<Vec<Vec<_>>>());
}
