//! The component as a file: what it imports, how large it is, what it says of itself.

use std::collections::BTreeSet;
use std::fs;

use host_harness::{Cache, Component, Engine};
use wit_parser::Resolve;

use crate::support::{component_file, root};

/// The most that it may have: small enough to be loaded without a thought.
const MOST_BYTES: usize = 350 * 1024;

fn component() -> Component {
    Component::from_file(&Engine::new(Cache::User).expect("an engine"), component_file()).expect("a component")
}

#[test]
fn it_imports_wasi_and_the_types_of_its_own_package() {
    let component = component();
    let imports = &component.binary().imports;
    let packages: BTreeSet<&str> = imports.iter().filter_map(|import| import.split(['/', '@']).next()).collect();
    let expected = ["iam:connector", "wasi:cli", "wasi:clocks", "wasi:http", "wasi:io"];
    assert_eq!(packages.into_iter().collect::<Vec<_>>(), expected, "{imports:?}");
    assert!(imports.iter().filter(|import| import.starts_with("wasi:")).all(|import| import.contains("@0.2.")));
    let own: Vec<_> = imports.iter().filter(|import| import.starts_with("iam:")).collect();
    assert_eq!(own, ["iam:connector/types@0.1.0"], "the types have no functions, so a host links nothing for them");
}

#[test]
fn it_is_small_and_holds_no_path_of_the_machine_that_built_it() {
    let bytes = fs::read(component_file()).expect("the component");
    assert!(bytes.len() < MOST_BYTES, "{} bytes", bytes.len());
    let root = root();
    let home = std::env::home_dir().expect("a home directory");
    for path in [root.as_path(), home.as_path()] {
        let path = path.to_str().expect("text").as_bytes();
        assert!(path.len() <= 1 || !bytes.windows(path.len()).any(|window| window == path), "a path of this machine");
    }
    assert!(!bytes.windows(12).any(|window| window == b"registry/src"), "a path of a package registry");
}

#[tokio::test]
async fn what_it_says_before_it_runs_is_what_it_says_when_it_runs() {
    let component = component();
    let manifest = component.describe().await.expect("a manifest");
    let declaration = component.binary().declaration.as_ref().expect("the section iam:connector");
    assert_eq!(declaration.contract, manifest.contract_version);
    assert_eq!(declaration.hosts, manifest.hosts);
}

#[test]
fn it_targets_the_world_of_the_contract() {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(root().join("wit")).expect("the contract");
    let world = resolve.select_world(&[package], Some("connector")).expect("the world");
    let bytes = fs::read(component_file()).expect("the component");
    let decoded = wit_component::decode(&bytes).expect("a component");
    let (component, exported) = match &decoded {
        wit_component::DecodedWasm::Component(resolve, world) => (resolve, &resolve.worlds[*world].exports),
        wit_component::DecodedWasm::WitPackage(..) => panic!("a package, not a component"),
    };
    let names = |resolve: &Resolve, items: &wit_parser::WorldItem| match items {
        wit_parser::WorldItem::Interface { id, .. } => resolve.id_of(*id).expect("a name"),
        _ => panic!("something else than an interface"),
    };
    let wanted: Vec<_> = resolve.worlds[world].exports.values().map(|item| names(&resolve, item)).collect();
    let found: Vec<_> = exported.values().map(|item| names(component, item)).collect();
    assert_eq!(found, wanted);
    // Every function with its types: what the component has of the contract is the contract's, word for
    // word, comments aside. Types that it has no use for are not in it.
    let own = resolve.packages[package].name.clone();
    let theirs = component.packages.iter().find(|(_, package)| package.name == own).expect("the package").0;
    let contract = definitions(&resolve, package);
    let built = definitions(component, theirs);
    let foreign: Vec<_> = built.difference(&contract).collect();
    assert!(foreign.is_empty(), "{foreign:#?}");
    let function = |definition: &&String| definition.contains("func(");
    let functions = |definitions: &BTreeSet<String>| definitions.iter().filter(function).cloned().collect::<Vec<_>>();
    assert_eq!(functions(&built), functions(&contract));
}

/// The types and functions of a package, each as it is printed.
fn definitions(resolve: &Resolve, package: wit_parser::PackageId) -> BTreeSet<String> {
    let mut printer = wit_component::WitPrinter::default();
    printer.emit_docs(false);
    printer.print(resolve, package, &[]).expect("printed");
    let text = printer.output.to_string();
    let kinds = ["record", "variant", "enum", "flags", "resource", "type ", "describe"];
    let blocks = text.split("\n\n").map(|block| block.trim().trim_end_matches(['}', '\n', ' ']).to_owned());
    blocks.filter(|block| kinds.iter().any(|kind| block.starts_with(kind))).collect()
}
