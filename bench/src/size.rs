//! The component's size.

use std::fs;

use anyhow::Result;

use crate::report::{Group, Target, count, number, table};
use crate::workspace::Workspace;

/// What the component must not be larger than, and what it should be: in bytes.
const MOST: f64 = 358_400.0;
const AIM: f64 = 307_200.0;

pub(crate) fn measure(workspace: &Workspace) -> Result<Group> {
    let bytes = count(fs::metadata(workspace.component())?.len());
    let mut figures = table(["", "bytes", "KiB"]);
    figures.add_row(["zoom_connector.wasm".to_owned(), number(bytes), number(bytes / 1024.0)]);
    Ok(Group {
        title: "Size",
        how: "The file that is shipped.".to_owned(),
        growth: "none.",
        figures,
        targets: vec![
            Target::at_most("size of the component", MOST, bytes, "bytes"),
            Target::at_most("size of the component", AIM, bytes, "bytes").only_an_aim(),
        ],
    })
}
