//! How a command that did not succeed says so.

use std::io;
use std::process::ExitCode;

use host_harness::model::{ConnectorError, ErrorKind};
use host_harness::{Error, printable};
use serde_json::json;

use super::output::{Format, Output};

/// An argument that makes no sense to the connector's schema or manifest: the same record as if the
/// connector itself had said so.
pub(crate) fn invalid(kind: ErrorKind, message: impl Into<String>) -> ConnectorError {
    ConnectorError::new(kind, message)
}

/// An argument that is wrong, and what to do about it.
pub(crate) fn invalid_argument(message: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
    Error::from(ConnectorError { hint: Some(hint.into()), ..invalid(ErrorKind::InvalidArgument, message) }).into()
}

/// A value that is not of its attribute's type.
pub(crate) fn invalid_value(attribute: &str, message: impl Into<String>) -> anyhow::Error {
    let attributes = vec![attribute.to_owned()];
    Error::from(ConnectorError { attributes, ..invalid(ErrorKind::InvalidAttributeValue, message) }).into()
}

/// A property, a file or a setting that is wrong.
pub(crate) fn configuration(message: impl Into<String>) -> anyhow::Error {
    Error::from(invalid(ErrorKind::Configuration, message)).into()
}

/// Writes the error to stderr and answers the exit code.
pub(crate) fn report(error: &anyhow::Error, output: &Output) -> ExitCode {
    match error.downcast_ref::<Error>() {
        Some(error) => {
            match output.format {
                Format::Table => text(&error.kind().to_string(), &describe(error), error.hint()),
                Format::Json => eprintln!("{}", record(error).unwrap_or_else(|error| error.to_string())),
            }
            ExitCode::from(error.kind().exit_code())
        }
        // Whoever read the output has seen enough of it (`| head`).
        None if is_closed_pipe(error) => ExitCode::SUCCESS,
        None => {
            let message = format!("{error:#}");
            match output.format {
                Format::Table => text("other", &message, None),
                Format::Json => eprintln!("{}", json!({ "kind": "other", "message": message })),
            }
            ExitCode::FAILURE
        }
    }
}

fn text(kind: &str, message: &str, hint: Option<&str>) {
    eprintln!("error: {kind}: {}", printable(message));
    for line in hint.into_iter().flat_map(str::lines) {
        eprintln!("{}", printable(line));
    }
}

/// The message, and what of the record a person needs besides.
fn describe(error: &Error) -> String {
    let mut message = error.to_string();
    if let Error::Connector(record) = error {
        if !record.done.is_empty() {
            message.push_str(&format!(" (already done: {})", record.done.join("; ")));
        }
        for (name, detail) in &record.details {
            message.push_str(&format!(" ({name}: {detail})"));
        }
        if let Some(uid) = &record.uid {
            message.push_str(&format!(" (uid {})", uid.value));
        }
        if let Some(after) = record.retry_after {
            message.push_str(&format!(" (again in {after:?})"));
        }
    }
    message
}

fn record(error: &Error) -> serde_json::Result<String> {
    match error {
        Error::Connector(record) => serde_json::to_string(record),
        other => serde_json::to_string(
            &json!({ "kind": other.kind(), "message": other.to_string(), "hint": other.hint(), "retryable": false }),
        ),
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
