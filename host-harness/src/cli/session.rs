//! What the commands need before they can begin: an engine, a component, its configuration.
//!
//! Properties come from `--config`, then from `CONNECTOR_<PROPERTY>` in the environment, then from
//! `--set`: each of them replaces those before it. A variable means a property if both are the same
//! without regard to letter case and to anything but letters and digits (`CONNECTOR_SERVICE_URL`,
//! `CONNECTOR_serviceUrl`).

use std::path::{Path, PathBuf};

use clap::Args;
use host_harness::model::Manifest;
use host_harness::{Cache, Component, Connector, Engine, Policy, Properties, Secret, Source, TrustedRoots};

use super::output::warn;
use super::{failure, property_file, secret_source, zoom};

const ENVIRONMENT: &str = "CONNECTOR_";

#[derive(Args)]
pub(crate) struct SessionArguments {
    /// The connector component; by default the one that `cargo xtask build` made.
    #[arg(long, global = true, value_name = "FILE.wasm")]
    component: Option<PathBuf>,

    /// A file of configuration properties, as Java writes them.
    #[arg(long, global = true, value_name = "FILE.properties")]
    config: Option<PathBuf>,

    /// A configuration property; a secret as NAME=@FILE or NAME=@env:VARIABLE.
    #[arg(long, global = true, value_name = "NAME=VALUE", value_parser = name_and_value)]
    set: Vec<(String, String)>,

    /// Certificates (PEM) of authorities to trust besides the public ones.
    #[arg(long, global = true, value_name = "FILE")]
    ca: Option<PathBuf>,

    /// Compile the component again, and keep nothing of it.
    #[arg(long, global = true)]
    no_cache: bool,
}

/// Splits `NAME=VALUE`.
pub(crate) fn name_and_value(argument: &str) -> Result<(String, String), String> {
    match argument.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("this is not NAME=VALUE".into()),
    }
}

impl SessionArguments {
    pub(crate) fn component_file(&self) -> anyhow::Result<PathBuf> {
        self.component.clone().map_or_else(zoom::default_component, Ok)
    }

    pub(crate) fn component(&self) -> anyhow::Result<Component> {
        let cache = if self.no_cache { Cache::Off } else { Cache::User };
        Ok(Component::from_file(&Engine::new(cache)?, self.component_file()?)?)
    }

    fn policy(&self) -> anyhow::Result<Policy> {
        let mut policy = Policy::default();
        if let Some(file) = &self.ca {
            let pem = std::fs::read(file)
                .map_err(|error| failure::configuration(format!("{} cannot be read: {error}", file.display())))?;
            policy.trusted_roots = TrustedRoots::default().and_pem(&pem)?;
        }
        Ok(policy)
    }

    fn properties(&self, manifest: &Manifest) -> anyhow::Result<Properties> {
        let mut properties = Properties::new();
        if let Some(path) = &self.config {
            let directory = path.parent().unwrap_or(Path::new(""));
            for line in property_file::read(path)? {
                let value = value(manifest, &line.name, line.value.reveal(), directory)?;
                properties.add(line.name, value, Source::File { path: path.clone(), line: line.number });
            }
        }
        for (variable, name, written) in from_environment(manifest) {
            properties.add(&name, value(manifest, &name, &written, Path::new(""))?, Source::Environment(variable));
        }
        for (name, written) in &self.set {
            if is_secret(manifest, name) && secret_source::is_bare(written) {
                warn(format_args!("{name} is on the command line, where others can read it; {name}=@FILE is safer"));
            }
            properties.add(name, value(manifest, name, written, Path::new(""))?, Source::CommandLine);
        }
        Ok(properties)
    }
}

/// A value as it is meant: secrets may be written as a reference to where they are.
fn value(manifest: &Manifest, name: &str, written: &str, directory: &Path) -> anyhow::Result<Secret> {
    if is_secret(manifest, name) { secret_source::find(written, directory) } else { Ok(Secret::new(written)) }
}

fn is_secret(manifest: &Manifest, name: &str) -> bool {
    manifest.property(name).is_some_and(|property| property.is_secret())
}

/// The variables that mean a property: variable, property, value.
fn from_environment(manifest: &Manifest) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for (variable, value) in std::env::vars_os() {
        let (Ok(variable), Ok(value)) = (variable.into_string(), value.into_string()) else { continue };
        let Some(meant) = variable.strip_prefix(ENVIRONMENT).map(letters_and_digits) else { continue };
        let names = |property: &host_harness::model::PropertyInfo| {
            std::iter::once(&property.name).chain(&property.aliases).any(|name| letters_and_digits(name) == meant)
        };
        match manifest.properties.iter().find(|property| names(property)) {
            Some(property) => found.push((variable, property.name.clone(), value)),
            None => warn(format_args!("{variable} in the environment names no property of this connector")),
        }
    }
    found
}

fn letters_and_digits(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase()).collect()
}

/// An open connector.
pub(crate) struct Session {
    pub(crate) connector: Connector,
}

impl Session {
    pub(crate) async fn open(arguments: &SessionArguments) -> anyhow::Result<Self> {
        let component = arguments.component()?;
        let properties = arguments.properties(component.describe().await?)?;
        Ok(Self { connector: component.open(&properties, arguments.policy()?).await? })
    }

    /// Says which hosts the component tried to reach and may not.
    pub(crate) fn warn_of_denials(&self) {
        for denied in self.connector.denied_origins() {
            let (origin, count) = (denied.origin, denied.count);
            warn(format_args!(
                "denied: the component tried to reach {origin}, which is not granted to it ({count} times)"
            ));
        }
    }
}
