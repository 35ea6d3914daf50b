//! The memory of an import.

use anyhow::Result;

use crate::answers::Answers;
use crate::guest::{Compiled, Guest};
use crate::harness;
use crate::report::{Group, Target, count, megabytes, number, table};
use crate::workspace::Workspace;
use crate::zoom::{Scheme, Zoom};

pub(crate) async fn measure(workspace: &Workspace) -> Result<Group> {
    let mut figures =
        table(["users", "peak memory of the process, MB", "of it the guest's linear memory, MB", "seconds"]);
    let mut peaks = Vec::new();
    // All children first: see `main`.
    for users in workspace.sizes.remembered {
        let zoom = Zoom::start(workspace, Scheme::Http, users, &[])?;
        peaks.push((zoom.users, harness::import(workspace, &zoom, &["--set", "ratePlan=off"])?));
    }
    let compiled = Compiled::new(&workspace.component())?;
    for (users, run) in &peaks {
        let zoom = Zoom::start(workspace, Scheme::Http, *users, &[])?;
        let import = Guest::open(&compiled, &zoom.properties()?, Answers::new()).await?.import().await?;
        let [process, guest] = [megabytes(run.peak), megabytes(import.memory)].map(number);
        figures.add_row([number(count(*users)), process, guest, number(run.elapsed.as_secs_f64())]);
    }
    let peak = |run: Option<&(usize, harness::Run)>| run.map_or(0.0, |(_, run)| megabytes(run.peak));
    let (least, most) = (peak(peaks.first()), peak(peaks.last()));
    let [small, .., large] = workspace.sizes.remembered.map(|users| number(count(users)));
    Ok(Group {
        title: "Memory",
        how: "An import with everything, half of the users with a phone, as fast as it goes. The first figure is the most \
              that was resident of the process that runs the connector; the guest's memory is that of a second import, \
              in a host that counts it."
            .to_owned(),
        growth: "a page at a time is held, and what the phone of each user is until the user comes: some hundred bytes \
                 for each phone.",
        figures,
        targets: vec![Target::at_most(
            format!("memory that an import of {large} takes more than one of {small}"),
            20.0,
            most - least,
            "MB",
        )],
    })
}
