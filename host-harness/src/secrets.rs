//! What must not be shown, and how it is kept from being shown.
//!
//! A [`Secret`] has no way out but [`Secret::reveal`]: `Debug`, `Display` and `Serialize` write
//! [`MASK`], and its memory is overwritten when it is dropped. A [`Redactor`] covers the other
//! direction, where a secret comes back inside of a text that a component wrote: a log line, an error
//! message.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use zeroize::{Zeroize, Zeroizing};

/// What stands where a secret would stand. Its length says nothing about the secret's.
pub const MASK: &str = "********";

/// The shortest line of a secret of several lines that is looked for by itself. Shorter ones (`}`, `END`)
/// tell nothing and occur everywhere.
const LINE_OF_A_SECRET: usize = 8;

/// A value that is not shown: a text unless it says otherwise.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T: Zeroize = String>(Zeroizing<T>);

impl<T: Zeroize> Secret<T> {
    /// Keeps a value secret from here on.
    pub fn new(value: impl Into<T>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The value itself. Whoever calls this answers for where it goes.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl<T: Zeroize> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl<T: Zeroize> Serialize for Secret<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASK)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// Replaces known secrets in texts that come out of a component.
#[derive(Clone, Default)]
pub(crate) struct Redactor {
    /// In every form in which they are looked for, the longest first: one secret may contain another.
    needles: Vec<Secret>,
}

impl Redactor {
    /// A redactor that also knows these secrets.
    pub(crate) fn with<'a>(&self, secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut needles = self.needles.clone();
        for secret in secrets.into_iter().map(Secret::reveal).filter(|text| !text.is_empty()) {
            needles.push(Secret::new(secret.as_str()));
            // As it looks inside of a quoted string: JSON and Rust's `{:?}` escape alike.
            let quoted = Zeroizing::new(serde_json::to_string(secret).unwrap_or_default());
            let escaped = quoted.trim_matches('"');
            if escaped != secret.as_str() && !escaped.is_empty() {
                needles.push(Secret::new(escaped));
            }
            // As a log shows it, line by line: a key in PEM form, for example.
            let lines = secret.lines().filter(|line| line.len() < secret.len() && line.len() >= LINE_OF_A_SECRET);
            needles.extend(lines.map(Secret::new));
        }
        needles.sort_by_key(|needle| std::cmp::Reverse(needle.reveal().len()));
        Self { needles }
    }

    /// The text with [`MASK`] in place of every known secret.
    pub(crate) fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.needles.iter().fold(Cow::Borrowed(text), |text, needle| {
            if text.contains(needle.reveal().as_str()) {
                Cow::Owned(text.replace(needle.reveal().as_str(), MASK))
            } else {
                text
            }
        })
    }

    /// The same for a text that was cut off, perhaps in the middle of a secret: the beginning of one at
    /// its end goes too.
    pub(crate) fn redact_cut<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let text = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
        let begun = self.needles.iter().filter_map(|needle| {
            let ends = needle.reveal().char_indices().map(|(end, _)| end).filter(|&end| end > 0);
            ends.rev().filter_map(|end| needle.reveal().get(..end)).find_map(|begun| text.strip_suffix(begun))
        });
        self.redact(begun.min_by_key(|rest| rest.len()).unwrap_or(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_masked_in_every_output() {
        let secret: Secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "******** ********");
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"********\"");
        assert_eq!(secret.reveal(), "hunter2");
    }

    #[test]
    fn known_secrets_are_replaced_the_longest_first() {
        let redactor = Redactor::default().with([&Secret::new("abc"), &Secret::new("abcdef"), &Secret::new("")]);
        assert_eq!(redactor.redact("x abcdef y abc z"), "x ******** y ******** z");
        assert!(matches!(redactor.redact("nothing here"), Cow::Borrowed(_)));
    }

    #[test]
    fn half_a_secret_at_a_cut_is_removed() {
        let redactor = Redactor::default().with([&Secret::new("héllo-world")]);
        assert_eq!(redactor.redact_cut("x héllo-world héllo-wo"), "x ******** ");
        assert_eq!(redactor.redact_cut("x h\u{fffd}"), "x ");
        assert_eq!(redactor.redact_cut("x y"), "x y");
    }

    #[test]
    fn the_lines_of_a_secret_are_found_by_themselves() {
        let redactor = Redactor::default().with([&Secret::new("BEGIN KEY\nMIIEvQIBADANBg\nEND")]);
        assert_eq!(redactor.redact("got MIIEvQIBADANBg END"), "got ******** END");
    }

    #[test]
    fn a_secret_is_found_in_its_quoted_form_too() {
        let redactor = Redactor::default().with([&Secret::new("a\"b\\c")]);
        assert_eq!(redactor.redact(r#"{"password":"a\"b\\c"}"#), r#"{"password":"********"}"#);
    }
}
