//! Measures the connector and holds it to its targets.
//!
//! Everything is measured in one run on one machine, so that ratios mean something. What is said of calls, connections
//! and limits is what the local Zoom has counted, which is a process of its own, as the host is.
//!
//! | module | measures |
//! |---|---|
//! | `concurrency` | what many calls at a time gain |
//! | `calls` | how many calls and connections an import takes |
//! | `rates` | how much of Zoom's rate limit is used |
//! | `endurance` | what goes wrong in many requests |
//! | `startup` | how long a start takes |
//! | `size` | the component's size |
//! | `memory` | the memory of an import |
//! | `compute` | the time in the guest, beside that of the same connector as native code |
//!
//! They stand on `zoom`, the local Zoom; `harness`, the host as a child; `guest` and `native`, the connector here; and
//! `report`, which writes what was measured.

mod answers;
mod calls;
mod compute;
mod concurrency;
mod endurance;
mod guest;
mod harness;
mod memory;
mod native;
mod rates;
mod report;
mod size;
mod startup;
mod stopwatch;
mod workspace;
mod zoom;

use std::fs;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser;

use report::Group;
use workspace::{Sizes, Workspace};

/// Measures the connector and holds it to its targets.
#[derive(Parser)]
struct Arguments {
    /// Small numbers: half a minute instead of five. Nothing is written.
    #[arg(long)]
    quick: bool,
}

// One thread: the time that it takes is the guest's and the host's, and nobody else's.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every target that must hold does.
async fn run(arguments: Arguments) -> Result<bool> {
    let workspace = Workspace::new(if arguments.quick { Sizes::QUICK } else { Sizes::FULL })?;
    let mut groups = Vec::new();
    let mut measured = |group: Group| {
        println!("{group}");
        groups.push(group);
    };
    measured(size::measure(&workspace)?);
    measured(startup::measure(&workspace).await?);
    measured(concurrency::measure(&workspace).await?);
    measured(calls::measure(&workspace).await?);
    measured(rates::measure(&workspace).await?);
    measured(endurance::measure(&workspace).await?);
    // From here on components run in this process, which grows by it; and the memory of a child counts from what its
    // parent had when it was started.
    measured(memory::measure(&workspace).await?);
    measured(compute::measure(&workspace).await?);

    println!("{}", report::summary(&groups));
    if !arguments.quick {
        let file = workspace.root.join("docs/performance.md");
        fs::write(&file, report::document(&groups)?).with_context(|| format!("writing {}", file.display()))?;
        println!("written to docs/performance.md");
    }
    Ok(groups.iter().flat_map(|group| &group.targets).all(report::Target::is_no_failure))
}
