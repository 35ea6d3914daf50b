//! Lines of JSON on stderr: `{"level":"warn","message":"...","name":"value"}`.
//!
//! The level is set once, when a connector is opened. Nothing that is logged may hold a secret, a token
//! or a body.

use std::cell::Cell;
use std::time::Duration;

use crate::runtime;

/// How grave a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing is logged.
    Off,
    /// An operation failed for a reason that nobody expected.
    Error,
    /// Something is not as it should be, and the operation goes on.
    Warn,
    /// An operation, with its result.
    Info,
    /// Each call to the provider.
    Debug,
}

impl Level {
    /// The words for the levels, least talkative first.
    pub const WORDS: &'static [&'static str] = &["off", "error", "warn", "info", "debug"];

    /// The level that a word means; [`Level::Warn`] for any other word.
    pub fn of(word: &str) -> Self {
        match word {
            "off" => Self::Off,
            "error" => Self::Error,
            "info" => Self::Info,
            "debug" => Self::Debug,
            _ => Self::Warn,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

thread_local! {
    static LEVEL: Cell<Level> = const { Cell::new(Level::Warn) };
}

/// Logs nothing graver than this from now on.
pub fn set_level(level: Level) {
    LEVEL.set(level);
}

/// Whether a line of this level is written.
pub fn enabled(level: Level) -> bool {
    level <= LEVEL.get()
}

/// Writes a line at [`Level::Warn`].
pub fn warn(message: &str, fields: &[(&str, &str)]) {
    write(Level::Warn, message, fields);
}

/// Writes a line at [`Level::Info`].
pub fn info(message: &str, fields: &[(&str, &str)]) {
    write(Level::Info, message, fields);
}

/// Writes a line at [`Level::Debug`].
pub fn debug(message: &str, fields: &[(&str, &str)]) {
    write(Level::Debug, message, fields);
}

/// A duration as logs have it: whole milliseconds.
pub fn milliseconds(duration: Duration) -> String {
    runtime::milliseconds(duration).to_string()
}

fn write(level: Level, message: &str, fields: &[(&str, &str)]) {
    if !enabled(level) {
        return;
    }
    let head = [("level", level.word()), ("message", message)];
    let mut line = Vec::new();
    for (name, value) in head.iter().chain(fields) {
        line.push(if line.is_empty() { b'{' } else { b',' });
        for (text, end) in [(name, b':'), (value, b' ')] {
            // A text is always JSON, and a Vec always takes it.
            let _ = serde_json::to_writer(&mut line, text);
            line.push(end);
        }
    }
    line.extend(b"}\n");
    // Where stderr cannot be written there is nobody to tell.
    runtime::write_stderr(&line);
}
