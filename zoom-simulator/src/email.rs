//! E-mail addresses: kept as they were written, compared without regard to letter case, as Zoom does.

use std::fmt;

use serde::Serialize;

/// The longest address that `POST /users` takes (Zoom API, users, `user_info.email`).
const LONGEST: usize = 128;

/// An address of plausible form.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Email(String);

impl Email {
    /// The address, or nothing if the text is none: something before the `@`, a host name with a dot behind it, no
    /// white space, at most 128 characters.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (local, domain) = text.split_once('@')?;
        let plausible = !local.is_empty()
            && !domain.contains('@')
            && domain.split('.').count() > 1
            && domain.split('.').all(|label| !label.is_empty())
            && !text.contains(char::is_whitespace)
            && text.chars().count() <= LONGEST;
        plausible.then(|| Self(text.to_owned()))
    }

    /// An address of the made-up company.
    pub(crate) fn at_example(local: &str) -> Self {
        Self(format!("{local}@example.com"))
    }

    /// What two spellings of the same address have in common.
    pub(crate) fn key(&self) -> String {
        self.0.to_lowercase()
    }

    pub(crate) fn domain(&self) -> String {
        self.0.split_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default()
    }

    /// Whether one of the patterns means this address: the address itself, or `@` and its whole domain.
    pub(crate) fn is_one_of(&self, patterns: &[String]) -> bool {
        let (address, domain) = (self.key(), format!("@{}", self.domain()));
        patterns.iter().map(|pattern| pattern.to_lowercase()).any(|pattern| pattern == address || pattern == domain)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
