//! Configuration properties: one table from which come the manifest, the reader and its errors.
//!
//! A property is a constant of a type that says what its value is, so that reading a flag as a number
//! does not compile:
//!
//! ```
//! use connector_base::configuration::{About, Configuration, Flag, Property};
//!
//! const DEEP: Property<Flag> = Property::new(
//!     About { name: "deep", aliases: &["results.deep"], group: "Results", display: "Deep", help: "Read everything." },
//!     Flag { default: true },
//! );
//!
//! let configuration = Configuration::read(&[&DEEP], vec![])?;
//! assert!(configuration.get(&DEEP)?);
//! # Ok::<(), connector_base::error::Error>(())
//! ```
//!
//! | given | taken as |
//! |---|---|
//! | a name or an alias, in any letter case | the property |
//! | a value of the property's type, or a text that reads as one | the value |
//! | no value, or an empty text | not given |
//! | the same property twice | an error |
//! | a dotted name that begins like an alias (`results.`) and is none | a warning in the log: property files of other frameworks carry more than the connector's own |
//! | any other unknown name | an error |

use std::fmt::Write as _;
use std::ops::RangeInclusive;

use crate::contract::{ConfigurationProperty, PropertyInfo, PropertyType, owned};
use crate::error::{Error, Result};
use crate::http::url_parts;
use crate::log;
use crate::value::{Quoted, Secret, Value};

/// What a property is called, and what it is for.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its name.
    pub name: &'static str,
    /// Other names under which it is accepted: those of property files.
    pub aliases: &'static [&'static str],
    /// The heading that it belongs under.
    pub group: &'static str,
    /// What it is called, for a person.
    pub display: &'static str,
    /// What it does, for a person.
    pub help: &'static str,
}

impl About {
    fn info(&self) -> PropertyInfo {
        PropertyInfo {
            name: self.name.into(),
            property_type: PropertyType::Text,
            multi_valued: false,
            required: false,
            confidential: false,
            default_values: Vec::new(),
            allowed_values: Vec::new(),
            allowed_values_open: false,
            group: Some(self.group.into()),
            display: self.display.into(),
            help: self.help.into(),
            aliases: owned(self.aliases),
            operations: Vec::new(),
        }
    }
}

/// One property, of a kind that says what its value is.
#[derive(Clone, Copy, Debug)]
pub struct Property<K> {
    about: About,
    kind: K,
}

impl<K: Kind> Property<K> {
    /// A property.
    pub const fn new(about: About, kind: K) -> Self {
        Self { about, kind }
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.about.name
    }
}

/// What the value of a property is.
pub trait Kind {
    /// What is read.
    type Output;

    /// Reads the value; none where the property was not given.
    ///
    /// Errors: what is wrong with the value, to be put behind the property's name.
    fn read(&self, value: Option<&Value>) -> Result<Self::Output, String>;

    /// Adds to the manifest's entry what the kind knows: type, default, required, confidential.
    fn describe(&self, info: &mut PropertyInfo);
}

/// A text that may be left out.
#[derive(Clone, Copy, Debug)]
pub struct Text;

/// A text that must be given.
#[derive(Clone, Copy, Debug)]
pub struct RequiredText;

/// A text that must be given and is never shown.
#[derive(Clone, Copy, Debug)]
pub struct RequiredSecret;

/// Yes or no.
#[derive(Clone, Copy, Debug)]
pub struct Flag {
    /// What holds where it is not given.
    pub default: bool,
}

/// A whole number within bounds.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// What holds where it is not given.
    pub default: u32,
    /// The least it may be.
    pub least: u32,
    /// The most it may be.
    pub most: u32,
}

/// One of some words.
#[derive(Clone, Copy, Debug)]
pub struct Choice {
    /// What holds where it is not given.
    pub default: &'static str,
    /// The words.
    pub allowed: &'static [&'static str],
}

/// The URL of an HTTP service: https, or http where the host is this machine.
#[derive(Clone, Copy, Debug)]
pub struct ServiceUrl {
    /// What holds where it is not given.
    pub default: &'static str,
}

/// A URL that was checked: scheme, authority, path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// `https://host:port`, without a slash at its end.
    pub origin: String,
    /// The path without a slash at its end: empty or `/...`.
    pub path: String,
}

impl Kind for Text {
    type Output = Option<String>;

    fn read(&self, value: Option<&Value>) -> Result<Self::Output, String> {
        value.map(text_of).transpose()
    }

    fn describe(&self, info: &mut PropertyInfo) {
        info.property_type = PropertyType::Text;
    }
}

impl Kind for RequiredText {
    type Output = String;

    fn read(&self, value: Option<&Value>) -> Result<Self::Output, String> {
        value.map(text_of).unwrap_or_else(|| Err("is required".into()))
    }

    fn describe(&self, info: &mut PropertyInfo) {
        (info.property_type, info.required) = (PropertyType::Text, true);
    }
}

impl Kind for RequiredSecret {
    type Output = Secret;

    fn read(&self, value: Option<&Value>) -> Result<Self::Output, String> {
        match value {
            Some(Value::Secret(text) | Value::Text(text)) if text.is_empty() => Err("is required".into()),
            Some(Value::Secret(text) | Value::Text(text)) => Ok(Secret::new(text.clone())),
            Some(_) => Err("is a secret text".into()),
            None => Err("is required".into()),
        }
    }

    fn describe(&self, info: &mut PropertyInfo) {
        (info.property_type, info.required, info.confidential) = (PropertyType::Secret, true, true);
    }
}

impl Kind for Flag {
    type Output = bool;

    fn read(&self, value: Option<&Value>) -> Result<Self::Output, String> {
        match value {
            None => Ok(self.default),
            Some(Value::Boolean(flag)) => Ok(*flag),
            Some(Value::Text(text)) if text.trim().eq_ignore_ascii_case("true") => Ok(true),
            Some(Value::Text(text)) if text.trim().eq_ignore_ascii_case("false") => Ok(false),
            Some(other) => Err(format!("is true or false, not {other:?}")),
        }
    }

    fn describe(&self, info: &mut PropertyInfo) {
        info.property_type = PropertyType::Boolean;
        info.default_values = vec![self.default.to_string()];
    }
}

impl Number {
    fn range(&self) -> RangeInclusive<i64> {
        i64::from(self.least)..=i64::from(self.most)
    }
}

impl Kind for Number {
    type Output = u32;

    fn read(&self, value: Option<&Value>) -> Result<Self::Output, String> {
        let number = match value {
            None => return Ok(self.default),
            Some(Value::Integer(number)) => Some(i64::from(*number)),
            Some(Value::Long(number)) => Some(*number),
            Some(Value::Text(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        number.filter(|number| self.range().contains(number)).and_then(|number| u32::try_from(number).ok()).ok_or_else(
            || {
                format!(
                    "is a whole number from {} to {}, not {}",
                    self.least,
                    self.most,
                    value.map_or_else(String::new, |value| format!("{value:?}"))
                )
            },
        )
    }

    fn describe(&self, info: &mut PropertyInfo) {
        info.property_type = PropertyType::Integer;
        info.default_values = vec![self.default.to_string()];
        let _ = write!(info.help, " From {} to {}.", self.least, self.most);
    }
}

impl Kind for Choice {
    type Output = &'static str;

    fn read(&self, value: Option<&Value>) -> Result<Self::Output, String> {
        let Some(value) = value else { return Ok(self.default) };
        let word = text_of(value)?;
        self.allowed
            .iter()
            .copied()
            .find(|allowed| allowed.eq_ignore_ascii_case(word.trim()))
            .ok_or_else(|| format!("is one of {}, not {}", self.allowed.join(", "), Quoted(&word)))
    }

    fn describe(&self, info: &mut PropertyInfo) {
        info.property_type = PropertyType::Text;
        info.default_values = vec![self.default.to_owned()];
        info.allowed_values = owned(self.allowed);
    }
}

impl Kind for ServiceUrl {
    type Output = Url;

    fn read(&self, value: Option<&Value>) -> Result<Self::Output, String> {
        let given = value.map(text_of).transpose()?;
        let text = given.as_deref().unwrap_or(self.default).trim();
        let Some((scheme, authority, rest)) = url_parts(text) else {
            return Err(format!("is a URL with scheme and host, not {}", Quoted(text)));
        };
        if authority.contains('@') {
            return Err("takes no user name or password in its URL".into());
        }
        if text.bytes().any(|byte| b"?#".contains(&byte)) {
            return Err("takes no query and no fragment in its URL".into());
        }
        let Some(host) = host_of(authority).filter(|_| rest.bytes().all(is_of_a_path)) else {
            return Err(format!("is a URL, not {}", Quoted(text)));
        };
        let scheme = scheme.to_ascii_lowercase();
        match scheme.as_str() {
            "https" => {}
            "http" if is_this_machine(host) => {}
            "http" => return Err(format!("must be https: http is taken for this machine only, not for {host}")),
            other => return Err(format!("must be https, not {other}")),
        }
        Ok(Url { origin: format!("{scheme}://{authority}"), path: rest.trim_end_matches('/').to_owned() })
    }

    fn describe(&self, info: &mut PropertyInfo) {
        info.property_type = PropertyType::Uri;
        info.default_values = vec![self.default.to_owned()];
    }
}

/// The host of an authority without a user: a name or an IPv4 address, or an IPv6 address in brackets. None
/// where that or the port behind it cannot be one.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    };
    let is_host = match host.strip_prefix('[') {
        Some(address) => {
            address.strip_suffix(']')?.bytes().all(|byte| byte.is_ascii_hexdigit() || b":.".contains(&byte))
        }
        None => host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=".contains(&byte)),
    };
    (is_host && !host.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())).then_some(host)
}

/// Whether a path may hold a byte.
fn is_of_a_path(byte: u8) -> bool {
    byte > b' ' && !b"<>`\x7f".contains(&byte)
}

/// Whether a host is this machine by its name alone: `localhost` or a loopback address. No domain has
/// only digits at its end, so a host of digits and dots is an address.
fn is_this_machine(host: &str) -> bool {
    let loopback = host.starts_with("127.") && host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    loopback || host == "[::1]" || host.eq_ignore_ascii_case("localhost")
}

fn text_of(value: &Value) -> Result<String, String> {
    value.as_text().map(str::to_owned).ok_or_else(|| format!("is a text, not {value:?}"))
}

/// A property without regard to its kind: a row of the table.
pub trait Row {
    /// What it is called, and what it is for.
    fn about(&self) -> &About;
    /// The manifest's entry.
    fn info(&self) -> PropertyInfo;
    /// What is wrong with a value, if anything is.
    fn check(&self, value: Option<&Value>) -> Result<(), String>;
}

impl<K: Kind> Row for Property<K> {
    fn about(&self) -> &About {
        &self.about
    }

    fn info(&self) -> PropertyInfo {
        let mut info = self.about.info();
        self.kind.describe(&mut info);
        info
    }

    fn check(&self, value: Option<&Value>) -> Result<(), String> {
        self.kind.read(value).map(drop)
    }
}

/// The properties that were given.
#[derive(Debug)]
pub struct Configuration {
    given: Vec<(&'static str, Value)>,
}

impl Configuration {
    /// Reads what was given against the table. Every property was checked when this returns.
    ///
    /// Errors: `configuration` with everything that is wrong, each behind the name of its property.
    pub fn read(table: &[&dyn Row], properties: Vec<ConfigurationProperty>) -> Result<Self> {
        let mut wrong = String::new();
        let mut complain = |what: String| {
            wrong.push_str(if wrong.is_empty() { "" } else { "; " });
            wrong.push_str(&what);
        };
        let mut given: Vec<(&'static str, Value)> = Vec::new();
        for ConfigurationProperty { name, values } in properties {
            let Some(row) = table.iter().find(|row| is_called(row.about(), &name)) else {
                match is_of_a_framework(table, &name) {
                    true => {
                        log::warn("a property that this connector does not have is passed over", &[("property", &name)])
                    }
                    false => complain(format!("{name} is no property of this connector")),
                }
                continue;
            };
            let canonical = row.about().name;
            let mut values =
                values.into_iter().filter(|value| !matches!(value, Value::None) && value.as_text() != Some(""));
            let Some(value) = values.next() else { continue };
            if values.next().is_some() || given.iter().any(|(other, _)| *other == canonical) {
                complain(format!("{canonical} is given more than once"));
                continue;
            }
            given.push((canonical, value));
        }
        let configuration = Self { given };
        for row in table {
            if let Err(problem) = row.check(configuration.value(row.about().name)) {
                complain(format!("{} {problem}", row.about().name));
            }
        }
        if wrong.is_empty() { Ok(configuration) } else { Err(Error::configuration(wrong)) }
    }

    /// The value of a property.
    ///
    /// Errors: `configuration` where the property is not of the table that was read.
    pub fn get<K: Kind>(&self, property: &Property<K>) -> Result<K::Output> {
        property
            .kind
            .read(self.value(property.about.name))
            .map_err(|problem| Error::configuration(format!("{} {problem}", property.about.name)))
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.given.iter().find(|(given, _)| *given == name).map(|(_, value)| value)
    }
}

fn is_called(about: &About, name: &str) -> bool {
    about.name.eq_ignore_ascii_case(name) || about.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(name))
}

fn is_of_a_framework(table: &[&dyn Row], name: &str) -> bool {
    let section = |name: &str| name.split_once('.').map(|(section, _)| section.to_ascii_lowercase());
    let Some(wanted) = section(name) else { return false };
    table.iter().flat_map(|row| row.about().aliases).any(|alias| section(alias).as_ref() == Some(&wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn about(name: &'static str, aliases: &'static [&'static str]) -> About {
        About { name, aliases, group: "Group", display: "Display", help: "Help." }
    }
    const URL: Property<ServiceUrl> =
        Property::new(about("serviceUrl", &["service.serviceUrl"]), ServiceUrl { default: "https://api.example/v2" });
    const SIZE: Property<Number> =
        Property::new(about("batch", &["results.batch"]), Number { default: 30, least: 1, most: 300 });
    const SECRET: Property<RequiredSecret> = Property::new(about("clientSecret", &[]), RequiredSecret);
    const DEEP: Property<Flag> = Property::new(about("deep", &[]), Flag { default: true });
    const LEVEL: Property<Choice> =
        Property::new(about("level", &[]), Choice { default: "warn", allowed: &["warn", "debug"] });
    const TABLE: &[&dyn Row] = &[&URL, &SIZE, &SECRET, &DEEP, &LEVEL];

    fn read(properties: &[(&str, &str)]) -> Result<Configuration> {
        let property = |(name, value): &(&str, &str)| ConfigurationProperty {
            name: (*name).into(),
            values: vec![Value::text(*value)],
        };
        Configuration::read(TABLE, properties.iter().map(property).collect())
    }

    fn refused(properties: &[(&str, &str)]) -> String {
        let mut all = vec![("clientSecret", "s")];
        all.extend(properties);
        read(&all).expect_err("refused").message.clone()
    }

    #[test]
    fn names_and_aliases_are_taken_in_any_letter_case() {
        let configuration = read(&[("CLIENTSECRET", "s"), ("Results.Batch", " 7 "), ("DEEP", "FALSE")]).expect("read");
        assert_eq!(configuration.get(&SIZE).expect("batch"), 7);
        assert!(!configuration.get(&DEEP).expect("deep"));
        assert_eq!(configuration.get(&LEVEL).expect("level"), "warn");
        assert_eq!(configuration.get(&URL).expect("serviceUrl").origin, "https://api.example");
    }

    #[test]
    fn what_is_wrong_is_named_all_at_once() {
        let message = read(&[("batch", "301"), ("deep", "yes"), ("nope", "1")]).expect_err("refused").message.clone();
        for part in ["clientSecret is required", "batch is a whole number from 1 to 300, not \"301\"", "deep", "nope"] {
            assert!(message.contains(part), "{part} in {message}");
        }
        assert!(refused(&[("batch", "0")]).contains("batch"));
        assert!(refused(&[("results.batch", "1"), ("batch", "2")]).contains("more than once"));
    }

    #[test]
    fn an_unknown_name_of_a_property_file_is_a_warning_and_any_other_an_error() {
        assert!(read(&[("clientSecret", "s"), ("results.other", "1"), ("service.x.y", "1")]).is_ok());
        assert!(refused(&[("other.results", "1")]).contains("other.results"));
    }

    #[test]
    fn http_is_for_this_machine_only() {
        for url in [
            "http://127.0.0.1:80/v2",
            "HTTP://localhost/v2/",
            "http://[::1]:8080",
            "https://zoom.example:443/a/b/",
            "https://[2001:db8::1]/",
        ] {
            assert!(read(&[("clientSecret", "s"), ("serviceUrl", url)]).is_ok(), "{url}");
        }
        for url in [
            "http://api.zoom.us/v2",
            "ftp://x/",
            "api.zoom.us",
            "https://u:p@x/",
            "https://x/?a=b",
            "http://127.0.0.1.evil.example/",
            "https://x/#f",
            "http://localhost.evil.example",
            "https://",
            "https:///v2",
            "https://:443/v2",
            "https://x y/",
            "https://x/a b",
            "https://x:port/",
            "https://x:1:2/",
            "https://[::1/",
            "https://[x]/",
            "https://::1/",
            "https://%41/",
            "x:443/v2",
        ] {
            let message = refused(&[("serviceUrl", url)]);
            assert!(message.starts_with("serviceUrl "), "{url}: {message}");
        }
    }

    #[test]
    fn a_secret_shows_in_no_error() {
        let secret = Value::Bytes(b"hunter2".to_vec());
        let properties = vec![ConfigurationProperty { name: "clientSecret".into(), values: vec![secret] }];
        let message = Configuration::read(TABLE, properties).expect_err("refused").message.clone();
        assert!(!message.contains("hunter2"), "{message}");
    }
}
