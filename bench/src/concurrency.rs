//! What many calls at a time gain, where every answer takes as long as Zoom's do.

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::harness;
use crate::report::{Group, Target, count, number, table};
use crate::workspace::Workspace;
use crate::zoom::{Scheme, Zoom};

/// How long the answers take, in milliseconds: what is usual between two data centres.
const LATENCY: &str = "50";

pub(crate) async fn measure(workspace: &Workspace) -> Result<Group> {
    let users = workspace.sizes.timed;
    let zoom = Zoom::start(workspace, Scheme::Http, users, &["--latency-ms", LATENCY])?;
    let default = by_default(workspace, &zoom)?;
    let mut figures = table(["calls at a time", "seconds", "users a second", "calls", "times as fast"]);
    let mut one_by_one = None;
    let mut gain = 0.0;
    for concurrency in ["1", "8", "32", default.as_str()] {
        zoom.reset().await?;
        let options = ["--set", "ratePlan=off", "--set", &format!("concurrency={concurrency}")];
        let seconds = harness::import(workspace, &zoom, &options)?.elapsed.as_secs_f64();
        gain = one_by_one.get_or_insert(seconds).to_owned() / seconds;
        let shown = if concurrency == default { format!("{default}, the default") } else { concurrency.to_owned() };
        let requests = zoom.stats().await?.requests;
        figures.add_row([
            shown,
            number(seconds),
            number(count(users) / seconds),
            number(count(requests)),
            number(gain),
        ]);
    }
    Ok(Group {
        title: "Many calls at a time",
        how: format!(
            "An import of {} users with every attribute that is returned by default, from the start of the process to \
             its end. Every answer takes {LATENCY} ms; there is no rate limit (`ratePlan=off`).",
            number(count(users))
        ),
        growth: "the time is calls divided by calls at a time, and calls are one for each user and a few.",
        figures,
        targets: vec![Target::at_least(
            "import with the default concurrency, to one with 1",
            20.0,
            gain,
            "times as fast",
        )],
    })
}

/// The default of the property `concurrency`.
pub(crate) fn by_default(workspace: &Workspace, zoom: &Zoom) -> Result<String> {
    let inspected: Value = serde_json::from_str(&harness::run(workspace, zoom, &["inspect"])?.first)?;
    let properties = inspected.pointer("/manifest/properties").and_then(Value::as_array);
    let property =
        properties.into_iter().flatten().find(|property| property.get("name") == Some(&"concurrency".into()));
    let default = property.and_then(|property| property.pointer("/defaultValues/0")?.as_str());
    default.map(str::to_owned).context("concurrency has no default")
}
