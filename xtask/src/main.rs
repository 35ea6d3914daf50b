//! Builds the components and runs what the README promises.
//!
//! | command | does |
//! |---|---|
//! | `cargo xtask build` | builds the harness and the components |
//! | `cargo xtask demo` | builds, and tells the story of the connector against a local Zoom |
//! | `cargo xtask test` | builds, and runs all tests; arguments go to `cargo test` |
//! | `cargo xtask ci` | builds, and runs tests, formatting, lints and documentation |
//! | `cargo xtask bench` | builds, and holds time, calls, memory and size to their targets; `--quick` measures less |
//!
//! A task and not a build script: the command that runs also builds, so no test meets a stale component,
//! and `cargo check` stays fast.

mod component;
mod pack;

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail, ensure};

const USAGE: &str = "usage: cargo xtask build | demo | test [ARGUMENTS OF CARGO TEST]... | ci | bench [--quick]";

/// The target of the components.
const WASM: &str = "wasm32-wasip2";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (command, rest) = arguments.split_first().context(USAGE)?;
    match command.as_str() {
        "build" if rest.is_empty() => build(),
        "demo" if rest.is_empty() => demo(),
        "test" => test(rest),
        "ci" if rest.is_empty() => ci(),
        "bench" => bench(rest),
        _ => bail!(USAGE),
    }
}

/// The root of the workspace.
fn root() -> Result<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().map(Path::to_owned).context("xtask stands below the root of the workspace")
}

/// The harness, the components and the guests of the tests: `target/release/harness`,
/// `target/components/` and `target/guests/`.
fn build() -> Result<()> {
    build_product()?;
    let guests = ["build", "--quiet", "--locked", "--release", "--target", WASM, "--target-dir", "target/guests"];
    cargo(guests.into_iter().chain(["--manifest-path", "tests/guests/Cargo.toml"]))
}

/// The harness and the components.
fn build_product() -> Result<()> {
    install()?;
    cargo(["build", "--locked", "--release", "--workspace", "--bins"])?;
    component::build(&root()?)
}

fn demo() -> Result<()> {
    build_product()?;
    execute(Command::new(harness()?).arg("demo"))
}

fn test(arguments: &[String]) -> Result<()> {
    build()?;
    let test = ["test", "--locked", "--release", "--workspace"];
    cargo(test.into_iter().map(str::to_owned).chain(arguments.iter().cloned()))
}

/// What is measured natively is built as the component is.
const BENCH: [&str; 4] = ["--package", "bench", "--features", "call-hook"];

fn bench(arguments: &[String]) -> Result<()> {
    build_product()?;
    let run = ["run", "--locked", "--quiet", "--profile", "native"].into_iter().chain(BENCH).chain(["--"]);
    cargo(run.map(str::to_owned).chain(arguments.iter().cloned()))
}

fn ci() -> Result<()> {
    test(&[])?;
    cargo(["fmt", "--all", "--check"])?;
    cargo(["fmt", "--all", "--check", "--manifest-path", "tests/guests/Cargo.toml"])?;
    let clippy = ["clippy", "--locked", "--release"];
    let deny = ["--", "--deny", "warnings"];
    cargo(clippy.into_iter().chain(["--workspace", "--all-targets"]).chain(deny))?;
    cargo(clippy.into_iter().chain(["--package", "host-harness", "--no-default-features"]).chain(deny))?;
    cargo(clippy.into_iter().chain(["--package", "zoom-connector", "--target", WASM]).chain(deny))?;
    cargo(clippy.into_iter().chain(BENCH).chain(deny))?;
    let document = ["doc", "--locked", "--release", "--workspace", "--no-deps"];
    execute(Command::new(cargo_binary()).args(document).env("RUSTDOCFLAGS", "--deny warnings").current_dir(root()?))
}

/// Installs what the components are built with, where it is not there.
fn install() -> Result<()> {
    let root = root()?;
    let installed = PathBuf::from(rustc(&root, &["--print", "sysroot"])?.trim_end()).join("lib/rustlib");
    for (part, arguments) in [(WASM, ["target", "add", WASM]), ("src/rust/library", ["component", "add", "rust-src"])] {
        if !installed.join(part).is_dir() {
            execute(Command::new("rustup").args(arguments).current_dir(&root))
                .with_context(|| format!("{} is not installed, and rustup does not install it", arguments[2]))?;
        }
    }
    Ok(())
}

/// What the compiler of this workspace answers.
fn rustc(root: &Path, arguments: &[&str]) -> Result<String> {
    let output = Command::new("rustc").args(arguments).current_dir(root).output().context("rustc does not run")?;
    ensure!(output.status.success(), "rustc {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

fn harness() -> Result<PathBuf> {
    Ok(root()?.join("target/release/harness"))
}

fn cargo_binary() -> std::ffi::OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

fn cargo(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<()> {
    execute(Command::new(cargo_binary()).args(arguments).current_dir(root()?))
}

fn execute(command: &mut Command) -> Result<()> {
    // What cargo tells this program of itself is nobody else's: build scripts that look at it would run
    // again whenever cargo is called without xtask in between, and half of the host with them.
    for (name, _) in env::vars_os() {
        let named = |start| name.to_str().is_some_and(|name| name.starts_with(start));
        if named("CARGO_PKG_") || named("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    let status = command.status().with_context(|| format!("{command:?} does not run"))?;
    ensure!(status.success(), "{command:?} ended with {status}");
    Ok(())
}
