//! What goes to stdout, and how: tables for people, JSON for programs.

use std::io::{self, Write};

use clap::ValueEnum;
use comfy_table::{Table, presets};
use host_harness::printable;
use serde::Serialize;

/// How results are written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person.
    Table,
    /// For a program: one document, or for a search one object a line.
    Json,
}

/// Standard output.
pub(crate) struct Output {
    pub(crate) format: Format,
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        Self { format }
    }

    /// One result: as a table, or as one JSON document.
    pub(crate) fn result(&self, document: &impl Serialize, table: impl FnOnce() -> String) -> anyhow::Result<()> {
        match self.format {
            Format::Table => line(&table()),
            Format::Json => self.document(document),
        }
    }

    /// A JSON document on one line.
    pub(crate) fn document(&self, document: &impl Serialize) -> anyhow::Result<()> {
        line(&serde_json::to_string(document)?)
    }
}

/// A line of standard output, written at once.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}")?;
    stdout.flush()?;
    Ok(())
}

/// A line of standard error that a person should heed.
pub(crate) fn warn(message: impl std::fmt::Display) {
    eprintln!("warning: {}", printable(&message.to_string()));
}

/// A table without lines, with a heading.
pub(crate) fn table<'a>(heading: impl IntoIterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING).set_header(heading.into_iter().map(str::to_uppercase));
    table
}

/// A table of names and values, without a heading.
pub(crate) fn pairs<'a>(rows: impl IntoIterator<Item = (&'a str, String)>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::NOTHING);
    for (name, value) in rows {
        row(&mut table, [name.to_owned(), value]);
    }
    table
}

/// Adds a row, as a terminal may show it. Lines of a cell stay lines.
pub(crate) fn row(table: &mut Table, cells: impl IntoIterator<Item = String>) {
    let shown = |cell: String| cell.split('\n').map(printable).collect::<Vec<_>>().join("\n");
    table.add_row(cells.into_iter().map(shown));
}

/// A table as text, without blanks around its lines.
pub(crate) fn text(mut table: Table) -> String {
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 2));
    });
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}
