//! What a component writes to its standard error, as events.
//!
//! | a line | becomes |
//! |---|---|
//! | a JSON object with `level` and `message` | an event of that level, the other fields as `fields` |
//! | anything else | an event of level warn: components are quiet unless something is wrong |
//!
//! Known secrets are replaced, control characters escaped, so that no line can pretend to be two or move
//! a terminal's cursor. Lines and the log of an operation are bounded (`Limits::log_line`,
//! `Limits::log_operation`); what is left out is counted and said once. Standard output goes nowhere.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use serde_json::{Map, Value};
use tokio::io::AsyncWrite;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamResult};

use crate::limits::Limits;
use crate::secrets::Redactor;

/// The target of the events that components write. Those of the host have `host_harness` in front.
pub const LOG_TARGET: &str = "connector";

/// How much a component may write at a time: what wasmtime's other streams take.
const PERMIT: usize = 64 << 10;

/// How many lines are kept as last words: a panic in Rust writes where and why.
const LAST_WORDS: usize = 2;

/// What Rust's runtime writes after that, which helps nobody here.
const NO_LAST_WORDS: &str = "note: run with `RUST_BACKTRACE=1`";

/// Collects what one component instance writes. Clones write to the same log.
#[derive(Clone)]
pub(crate) struct GuestLog(Arc<Mutex<State>>);

struct State {
    line_limit: usize,
    operation_limit: usize,
    redactor: Redactor,
    /// What has come of the line that is being written.
    line: Vec<u8>,
    /// Bytes logged since the operation began.
    logged: usize,
    /// Lines left out since the operation began.
    omitted: usize,
    /// The last lines, redacted and escaped.
    last: VecDeque<String>,
}

impl GuestLog {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self(Arc::new(Mutex::new(State {
            line_limit: limits.log_line,
            operation_limit: limits.log_operation,
            redactor: Redactor::default(),
            line: Vec::new(),
            logged: 0,
            omitted: 0,
            last: VecDeque::new(),
        })))
    }

    /// An operation begins; these secrets may occur in it.
    pub(crate) fn begin(&self, redactor: Redactor) {
        let mut state = self.state();
        state.redactor = redactor;
        (state.logged, state.omitted) = (0, 0);
        state.last.clear();
    }

    /// The operation is over. Answers its last words.
    pub(crate) fn end(&self) -> Option<String> {
        let mut state = self.state();
        state.end_line();
        if state.omitted > 0 {
            tracing::warn!(target: LOG_TARGET, "{} further lines of the component's log are left out", state.omitted);
        }
        let last: Vec<_> = state.last.drain(..).rev().collect();
        (!last.is_empty()).then(|| last.join(" "))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn write(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (text, ends) = match piece.split_last() {
                Some((b'\n', text)) => (text, true),
                _ => (piece, false),
            };
            let room = self.line_limit.saturating_sub(self.line.len());
            self.line.extend(text.iter().take(room));
            if ends {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return;
        }
        self.logged = self.logged.saturating_add(line.len());
        if self.logged > self.operation_limit {
            self.omitted += 1;
            return;
        }
        let text = String::from_utf8_lossy(&line);
        let event = if line.len() < self.line_limit {
            Event::of(&text, &self.redactor)
        } else {
            Event::text(&self.redactor.redact_cut(&text))
        };
        event.emit();
        if !event.message.starts_with(NO_LAST_WORDS) {
            self.last.truncate(LAST_WORDS - 1);
            self.last.push_front(event.message);
        }
    }
}

/// One line, ready to be shown.
#[derive(Debug, PartialEq)]
struct Event {
    level: tracing::Level,
    message: String,
    /// The other fields of a JSON line, as JSON.
    fields: Option<String>,
}

impl Event {
    fn of(line: &str, redactor: &Redactor) -> Self {
        let show = |text: &str| printable(&redactor.redact(text));
        let Some((level, message, rest)) = structured(line) else {
            return Self::text(&redactor.redact(line));
        };
        let fields = (!rest.is_empty()).then(|| show(&Value::Object(rest).to_string()));
        Self { level, message: show(&message), fields }
    }

    fn text(redacted: &str) -> Self {
        Self { level: tracing::Level::WARN, message: printable(redacted), fields: None }
    }

    fn emit(&self) {
        let (message, fields) = (&self.message, self.fields.as_deref());
        match self.level {
            tracing::Level::ERROR => tracing::error!(target: LOG_TARGET, fields, "{message}"),
            tracing::Level::WARN => tracing::warn!(target: LOG_TARGET, fields, "{message}"),
            tracing::Level::INFO => tracing::info!(target: LOG_TARGET, fields, "{message}"),
            tracing::Level::DEBUG => tracing::debug!(target: LOG_TARGET, fields, "{message}"),
            tracing::Level::TRACE => tracing::trace!(target: LOG_TARGET, fields, "{message}"),
        }
    }
}

/// The parts of a JSON line: level, message and the rest.
fn structured(line: &str) -> Option<(tracing::Level, String, Map<String, Value>)> {
    let mut fields: Map<String, Value> = serde_json::from_str(line).ok()?;
    let level = fields.get("level")?.as_str()?.parse().ok()?;
    let Value::String(message) = fields.remove("message")? else { return None };
    fields.remove("level");
    Some((level, message, fields))
}

/// A text from a component or a provider as a terminal may show it: on one line, with control characters
/// (the beginnings of escape sequences) as `\u{..}`.
pub fn printable(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() && character != '\t' {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

impl IsTerminal for GuestLog {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for GuestLog {
    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }

    fn async_stream(&self) -> Box<dyn AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }
}

#[async_trait]
impl Pollable for GuestLog {
    async fn ready(&mut self) {}
}

impl OutputStream for GuestLog {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.state().write(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(PERMIT)
    }
}

impl AsyncWrite for GuestLog {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        self.state().write(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secret;

    fn event(line: &str) -> Event {
        Event::of(line, &Redactor::default().with([&Secret::new("s3cr3t")]))
    }

    #[test]
    fn a_json_line_becomes_an_event_of_its_level() {
        let event = event(r#"{"level":"info","message":"token s3cr3t","pages":3}"#);
        assert_eq!(event.level, tracing::Level::INFO);
        assert_eq!(event.message, "token ********");
        assert_eq!(event.fields.as_deref(), Some(r#"{"pages":3}"#));
    }

    #[test]
    fn any_other_line_is_a_warning() {
        for line in ["hello", "{\"level\":\"info\"}", "{\"level\":7,\"message\":\"x\"}", "[1]"] {
            assert_eq!(event(line), Event { level: tracing::Level::WARN, message: line.into(), fields: None });
        }
    }

    #[test]
    fn secrets_are_replaced_in_fields_too() {
        let event = event(r#"{"level":"debug","message":"m","headers":{"authorization":"Bearer s3cr3t"}}"#);
        assert_eq!(event.fields.as_deref(), Some(r#"{"headers":{"authorization":"Bearer ********"}}"#));
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(event("a\u{1b}[2Jb\rc\td").message, "a\\u{1b}[2Jb\\rc\td");
    }

    #[test]
    fn lines_and_operations_are_bounded() {
        let limits = Limits { log_line: 10, log_operation: 25, ..Limits::default() };
        let log = GuestLog::new(&limits);
        log.begin(Redactor::default());
        log.state().write(b"0123456789abcdef\nsecond\nthird\n");
        assert_eq!(log.state().last, ["third", "second"]);
        log.state().write(b"too much by now\n");
        assert_eq!(log.state().omitted, 1);
        assert_eq!(log.end().as_deref(), Some("second third"));
        log.begin(Redactor::default());
        log.state().write(b"0123456789abcdef");
        assert_eq!(log.end().as_deref(), Some("0123456789"), "a line without an end is a line too");
    }
}
