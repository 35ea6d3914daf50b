//! The configuration of a connector, before and after its manifest is known.
//!
//! [`Properties`] are names and values as somebody gave them; nothing is known about them yet, so all of
//! them are kept as secrets. [`Configuration`] is what becomes of them beside the manifest:
//!
//! | a name | becomes |
//! |---|---|
//! | the name or an alias of a property, in any letter case | that property; a value from a stronger source replaces those from weaker ones |
//! | anything else | stays as it is: the connector decides whether to warn or to refuse |
//!
//! Values are not converted: they are handed over as text, confidential ones as secrets.

use std::fmt;
use std::path::PathBuf;

use crate::model::{Manifest, PropertyInfo, Value};
use crate::secrets::Secret;

/// Names and values, as they were given.
#[derive(Clone, Debug, Default)]
pub struct Properties {
    given: Vec<Given>,
}

#[derive(Clone, Debug)]
struct Given {
    name: String,
    value: Secret,
    source: Source,
}

/// Where a value comes from: the later in this list, the stronger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A property file.
    File {
        /// The file.
        path: PathBuf,
        /// The line in it, counted from 1.
        line: usize,
    },
    /// The environment variable of this name.
    Environment(String),
    /// The command line.
    CommandLine,
    /// The program that embeds the host.
    Program,
}

impl Source {
    fn strength(&self) -> u8 {
        match self {
            Self::File { .. } => 0,
            Self::Environment(_) => 1,
            Self::CommandLine => 2,
            Self::Program => 3,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Environment(variable) => f.write_str(variable),
            Self::CommandLine => f.write_str("command line"),
            Self::Program => f.write_str("program"),
        }
    }
}

impl Properties {
    /// No properties at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same and one more. A property with several values is given several times.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.add(name, value, Source::Program);
        self
    }

    /// Adds a value that comes from somewhere else.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<Secret>, source: Source) {
        self.given.push(Given { name: name.into(), value: value.into(), source });
    }

    /// What becomes of them beside a manifest.
    pub fn resolve(&self, manifest: &Manifest) -> Configuration {
        let mut entries: Vec<Entry> = Vec::new();
        for given in &self.given {
            let info = manifest.property(&given.name);
            let name = info.map_or(&given.name, |info| &info.name);
            match entries.iter_mut().find(|entry| entry.name.eq_ignore_ascii_case(name)) {
                Some(entry) => entry.take(given),
                None => entries.push(Entry {
                    name: name.clone(),
                    standing: Standing::of(info),
                    values: vec![given.value.clone()],
                    source: given.source.clone(),
                }),
            }
        }
        Configuration { entries }
    }
}

/// Properties beside the manifest.
#[derive(Clone, Debug)]
pub struct Configuration {
    entries: Vec<Entry>,
}

impl Configuration {
    /// The properties, in the order in which they were first given.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The values that must not be shown.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.entries.iter().filter(|entry| entry.standing == Standing::Confidential).flat_map(|entry| &entry.values)
    }

    /// Names and values as the connector takes them.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, Vec<Value>)> {
        self.entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.values.iter().map(|value| entry.typed(value)).collect()))
    }

    /// The text that holds for a property: the one given, or else its default. An empty one is not given, as for
    /// the connector.
    pub(crate) fn text<'a>(&'a self, property: &'a PropertyInfo) -> Option<&'a str> {
        let given =
            self.entries.iter().find(|entry| entry.name == property.name).and_then(|entry| entry.values.first());
        let given = given.filter(|given| !given.reveal().is_empty());
        match (given, property.default_values.first()) {
            (Some(given), _) => Some(given.reveal()),
            (None, default) => default.map(String::as_str),
        }
    }
}

/// One property and its values.
#[derive(Clone, Debug)]
pub struct Entry {
    name: String,
    standing: Standing,
    values: Vec<Secret>,
    source: Source,
}

/// What the manifest says about a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its value may be shown.
    Open,
    /// Its value must not be shown.
    Confidential,
    /// Nothing: the manifest does not know it. Its value is not shown either.
    Unknown,
}

impl Standing {
    fn of(info: Option<&PropertyInfo>) -> Self {
        match info {
            Some(info) if info.is_secret() => Self::Confidential,
            Some(_) => Self::Open,
            None => Self::Unknown,
        }
    }
}

impl Entry {
    /// The property's name in the manifest, or the given name where the manifest has none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the manifest says about it.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// Where its value comes from.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Its values for a person: only open ones can be read.
    pub fn shown(&self) -> String {
        let show = |value: &Secret| match self.standing {
            Standing::Open => value.reveal().clone(),
            Standing::Confidential | Standing::Unknown => value.to_string(),
        };
        self.values.iter().map(show).collect::<Vec<_>>().join(", ")
    }

    /// Adds a value of an equally strong source; one of a stronger source replaces what is there.
    fn take(&mut self, given: &Given) {
        if given.source.strength() > self.source.strength() {
            self.values.clear();
        }
        if given.source.strength() >= self.source.strength() {
            self.values.push(given.value.clone());
            self.source = given.source.clone();
        }
    }

    fn typed(&self, value: &Secret) -> Value {
        match self.standing {
            Standing::Confidential => Value::Secret(value.clone()),
            Standing::Open | Standing::Unknown => Value::Text(value.reveal().clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PropertyType;

    fn property(name: &str, alias: &str, property_type: PropertyType) -> PropertyInfo {
        PropertyInfo {
            name: name.into(),
            property_type,
            multi_valued: false,
            required: false,
            confidential: false,
            default_values: vec![],
            allowed_values: vec![],
            allowed_values_open: false,
            group: None,
            display: String::new(),
            help: String::new(),
            aliases: vec![alias.into()],
            operations: vec![],
        }
    }

    fn manifest() -> Manifest {
        Manifest {
            name: "x".into(),
            display_name: "X".into(),
            version: "1.0.0".into(),
            contract_version: "0.1.0".into(),
            operations: vec![],
            properties: vec![
                property("serviceUrl", "service.serviceUrl", PropertyType::Uri),
                property("clientSecret", "security.clientSecret", PropertyType::Secret),
            ],
            hosts: vec![],
            authentication: None,
            scopes: vec![],
        }
    }

    fn file() -> Source {
        Source::File { path: "x.properties".into(), line: 3 }
    }

    #[test]
    fn names_and_aliases_in_any_case_become_the_property() {
        let mut properties = Properties::new();
        properties.add("SERVICE.serviceurl", "https://a", file());
        let configuration = properties.resolve(&manifest());
        assert_eq!(configuration.entries()[0].name(), "serviceUrl");
        assert_eq!(configuration.entries()[0].shown(), "https://a");
    }

    #[test]
    fn an_empty_value_is_as_good_as_none() {
        let manifest = manifest();
        let info = &manifest.properties[0];
        let empty = Properties::new().with(info.name.as_str(), "").resolve(&manifest);
        assert_eq!(empty.text(info), Properties::new().resolve(&manifest).text(info));
    }

    #[test]
    fn the_stronger_source_wins_in_any_order() {
        let mut properties = Properties::new().with("serviceUrl", "https://program");
        properties.add("service.serviceUrl", "https://file", file());
        assert_eq!(properties.resolve(&manifest()).entries()[0].shown(), "https://program");
    }

    #[test]
    fn equally_strong_values_are_all_handed_over() {
        let properties = Properties::new().with("serviceUrl", "a").with("service.serviceUrl", "b");
        let configuration = properties.resolve(&manifest());
        let (name, values) = configuration.values().next().unwrap();
        assert_eq!((name, values), ("serviceUrl", vec![Value::from("a"), Value::from("b")]));
    }

    #[test]
    fn confidential_and_unknown_values_are_not_shown() {
        let properties = Properties::new().with("clientSecret", "s3cr3t").with("other", "s3cr3t");
        let configuration = properties.resolve(&manifest());
        assert!(configuration.entries().iter().all(|entry| entry.shown() == "********"));
        assert!(!format!("{configuration:?} {properties:?}").contains("s3cr3t"));
        let values: Vec<_> = configuration.values().flat_map(|(_, values)| values).collect();
        assert_eq!(values, [Value::Secret("s3cr3t".into()), Value::from("s3cr3t")]);
    }
}
