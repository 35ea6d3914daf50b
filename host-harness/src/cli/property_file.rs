//! Property files as Java writes them (`java.util.Properties`).
//!
//! They are read as UTF-8 where they are, and as ISO 8859-1 otherwise, which is what the format says.

use std::path::Path;

use host_harness::Secret;
use java_properties::{LineContent, PropertiesIter};

use super::failure;

/// One property of a file.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) value: Secret,
    /// Where it is, counted from 1.
    pub(crate) number: usize,
}

/// Reads a file.
///
/// Errors: of kind `configuration` with the file and the line.
pub(crate) fn read(file: &Path) -> anyhow::Result<Vec<Line>> {
    let wrong = |what: String| failure::configuration(format!("{}: {what}", file.display()));
    let bytes = std::fs::read(file).map_err(|error| wrong(format!("cannot be read: {error}")))?;
    parse(&bytes).map_err(|(line, what)| match line {
        Some(line) => failure::configuration(format!("{}:{line}: {what}", file.display())),
        None => wrong(what),
    })
}

fn parse(bytes: &[u8]) -> Result<Vec<Line>, (Option<usize>, String)> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        // The first 256 characters of Unicode are those of ISO 8859-1.
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    };
    // Without an end the last line is lost if it asks for another one with a backslash.
    let text = format!("{}\n\n", text.trim_start_matches('\u{feff}'));
    let mut lines = Vec::new();
    for line in PropertiesIter::new_with_encoding(text.as_bytes(), encoding_rs::UTF_8) {
        let line = line.map_err(|error| (error.line_number(), error.to_string()))?;
        let number = line.line_number();
        if let LineContent::KVPair(name, value) = line.consume_content() {
            lines.push(Line { name, value: Secret::new(value), number });
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(bytes: &[u8]) -> Vec<(String, String, usize)> {
        let lines = parse(bytes).unwrap();
        lines.into_iter().map(|line| (line.name, line.value.reveal().clone(), line.number)).collect()
    }

    #[test]
    fn names_values_and_lines_are_read() {
        let file = b"# comment\nservice.serviceUrl = https\\://x/v2\nlong = a\\\n   b\n\nempty=\n";
        assert_eq!(
            pairs(file),
            [
                ("service.serviceUrl".into(), "https://x/v2".into(), 2),
                ("long".into(), "ab".into(), 3),
                ("empty".into(), String::new(), 6)
            ]
        );
    }

    #[test]
    fn both_encodings_are_read() {
        assert_eq!(pairs("name=Zoë \\u20ac".as_bytes())[0].1, "Zoë €");
        assert_eq!(pairs(b"name=Zo\xeb")[0].1, "Zoë");
    }

    #[test]
    fn a_mistake_is_shown_with_its_line() {
        let (line, what) = parse(b"a=1\nb=\\u12\n").map(|_| ()).unwrap_err();
        assert_eq!(line, Some(2), "{what}");
    }
}
