//! How long a start takes: from nothing to the answer to `harness test`.

use anyhow::Result;

use crate::harness;
use crate::report::{Group, Target, median, megabytes, number, table};
use crate::workspace::Workspace;
use crate::zoom::{Scheme, Zoom};

pub(crate) async fn measure(workspace: &Workspace) -> Result<Group> {
    let zoom = Zoom::start(workspace, Scheme::Http, 10, &[])?;
    let milliseconds = |run: &harness::Run| run.elapsed.as_secs_f64() * 1e3;
    let test = || harness::run(workspace, &zoom, &["test"]);
    let mut figures = table(["start", "milliseconds", "peak memory, MB"]);
    let mut row = |start: &str, time, memory| {
        figures.add_row([start.to_owned(), number(time), number(memory)]);
    };

    let first = test()?;
    row("the first of all, which compiles the component", milliseconds(&first), megabytes(first.peak));
    let mut warm = Vec::new();
    for _ in 0..workspace.sizes.starts {
        warm.push(test()?);
    }
    let time = median(warm.iter().map(milliseconds).collect())?;
    let memory = median(warm.iter().map(|run| megabytes(run.peak)).collect())?;
    row("with compiled code: median", time, memory);
    let most = |of: fn(&harness::Run) -> f64| warm.iter().map(of).fold(0.0, f64::max);
    row("with compiled code: most", most(|run| run.elapsed.as_secs_f64() * 1e3), most(|run| megabytes(run.peak)));

    Ok(Group {
        title: "Start",
        how: format!(
            "`harness test`, from the start of the process to its end, {} times: load, open, log in, one call. \
             Memory is the most that was resident.",
            workspace.sizes.starts
        ),
        growth: "none.",
        figures,
        targets: vec![
            Target::at_most("start to the answer of `test`", 80.0, time, "ms").only_an_aim(),
            Target::at_most("peak memory of `test`", 45.0, memory, "MB").only_an_aim(),
        ],
    })
}
