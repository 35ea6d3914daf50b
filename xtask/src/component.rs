//! Makes the component that is shipped.
//!
//! | step | why |
//! |---|---|
//! | compile for size, with the paths of this machine taken out | the same digest in every folder and on every machine |
//! | pack it | an eighth of the size, which the linker leaves undone |
//! | append the section `iam:connector` | a host reads version and hosts before it runs anything |

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use wasm_encoder::{CustomSection, Section as _};

use crate::pack::packed;
use crate::{WASM, cargo_binary, execute, harness, rustc};

/// The section in which a component repeats what a host wants to know before it runs anything.
const SECTION: &str = "iam:connector";

/// Builds `target/components/zoom_connector.wasm`.
pub(crate) fn build(root: &Path) -> Result<()> {
    compile(root)?;
    let compiled = root.join("target").join(WASM).join("component/zoom_connector.wasm");
    let bytes = fs::read(&compiled).with_context(|| format!("reading {}", compiled.display()))?;
    let mut component = packed(&bytes)?;
    let directory = root.join("target/components");
    fs::create_dir_all(&directory)?;
    // Without the section first: what is in it is what the component says of itself.
    let path = directory.join("zoom_connector.wasm");
    fs::write(&path, &component)?;
    let declaration = declaration(&path)?;
    component.extend(section(&declaration));
    fs::write(&path, &component)?;
    println!("{}: {} bytes", path.display(), component.len());
    Ok(())
}

/// What the compiler does for size where everything is linked together.
const FOR_SIZE: [&str; 7] = [
    // The stack comes first in memory. A little less of it than usual, so that everything behind it has an address
    // below 2^20: a byte less wherever it is named.
    "-Clink-arg=-zstack-size=983040",
    // Instructions that several branches end in become one: half a percent of the size.
    "-Cllvm-args=-enable-gvn-sink",
    // What one branch has read is not read ahead in the others: half a percent of the size.
    "-Cllvm-args=-enable-load-pre=false",
    // Loops count with the variables that they were written with: half a percent of the size.
    "-Cllvm-args=-disable-lsr",
    // Branches that only choose a value become selections: an eighth of a percent of the size.
    "-Cllvm-args=-two-entry-phi-node-folding-threshold=8",
    // A call is inlined only where that makes one instruction more at most: half a percent of the size.
    "-Cllvm-args=-inline-threshold=5",
    // Loops and stretches of code that recur become functions, and functions that are alike become one: one and
    // a half percent of the size. Every end-to-end test runs what comes out of it.
    "-Cpasses=function(loop-simplify),loop-extract,iroutliner,mergefunc",
];

fn compile(root: &Path) -> Result<()> {
    let mut flags = vec![
        // A panic ends the instance without a word, and none is expected: lints refuse whatever may panic. So neither
        // messages nor what writes them is in the component: a tenth of the size.
        "-Zunstable-options".to_owned(),
        "-Cpanic=immediate-abort".to_owned(),
        // A component is loaded at one place only: 2 % of the size.
        "-Crelocation-model=static".to_owned(),
    ];
    // The last one that fits counts.
    for (path, name) in machine_paths(root)? {
        flags.push(format!("--remap-path-prefix={}={name}", path.display()));
    }
    // The crate as a component only: beside an rlib, cargo would link it without LTO, an eighth larger.
    let arguments = ["rustc", "--locked", "--lib", "--crate-type", "cdylib", "--profile", "component"];
    let of = [
        "--target",
        WASM,
        "--package",
        "zoom-connector",
        "-Zbuild-std=std,panic_abort",
        "-Zbuild-std-features=optimize_for_size",
        "--",
    ];
    let mut cargo = Command::new(cargo_binary());
    cargo.args(arguments).args(of).args(FOR_SIZE).current_dir(root);
    // For the flags with -Z, and the panic strategy: the compiler's version is pinned, so they mean what they meant.
    cargo.env("RUSTC_BOOTSTRAP", "1").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    execute(&mut cargo)
}

/// The paths of this machine that the compiler would write into messages, and what to write instead.
fn machine_paths(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let home = home.context("neither CARGO_HOME nor a home directory is known")?;
    let mut paths = vec![(root.to_owned(), ".".into()), (home.clone(), "cargo".into()), standard_library(root)?];
    if let Ok(registries) = fs::read_dir(home.join("registry/src")) {
        for registry in registries {
            paths.push((registry?.path(), "crates".into()));
        }
    }
    Ok(paths)
}

/// Where the source of the standard library is if it is installed, and what the compiler calls it if it is not.
fn standard_library(root: &Path) -> Result<(PathBuf, String)> {
    let version = rustc(root, &["--version", "--verbose"])?;
    let commit =
        version.lines().find_map(|line| line.strip_prefix("commit-hash: ")).context("rustc names no commit")?;
    let source = PathBuf::from(rustc(root, &["--print", "sysroot"])?.trim_end()).join("lib/rustlib/src/rust");
    Ok((source, format!("/rustc/{commit}")))
}

/// What goes into the section: contract version and hosts, from the component's own manifest.
fn declaration(component: &Path) -> Result<Value> {
    let mut harness = Command::new(harness()?);
    let output = harness.arg("--component").arg(component).args(["--output", "json", "inspect"]).output()?;
    ensure!(output.status.success(), "inspecting the component: {}", String::from_utf8_lossy(&output.stderr));
    let inspected: Value = serde_json::from_slice(&output.stdout).context("inspecting the component")?;
    let of_manifest = |field: &str| inspected.pointer(&format!("/manifest/{field}")).cloned().context("no manifest");
    Ok(json!({ "contract": of_manifest("contractVersion")?, "hosts": of_manifest("hosts")? }))
}

/// A custom section, ready to be appended.
fn section(declaration: &Value) -> Vec<u8> {
    let text = declaration.to_string();
    let section = CustomSection { name: SECTION.into(), data: text.as_bytes().into() };
    let mut bytes = Vec::new();
    section.append_to(&mut bytes);
    bytes
}
