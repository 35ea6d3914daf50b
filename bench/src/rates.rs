//! How much of Zoom's rate limit is used, and whether Zoom has to refuse anything.

use anyhow::Result;

use crate::harness;
use crate::report::{Group, Target, count, number, table};
use crate::workspace::Workspace;
use crate::zoom::{Call, Scheme, Zoom};

/// Calls of the label Light in a second: what a business account may make, and the local Zoom lets through.
const LIGHT: f64 = 80.0;

/// The calls of that label: all records of users.
const ROUTE: &str = "GET /v2/users/{id}";

const REFUSED: u16 = 429;

pub(crate) async fn measure(workspace: &Workspace) -> Result<Group> {
    let users = workspace.sizes.limited;
    let zoom = Zoom::start(workspace, Scheme::Http, users, &["--plan", "business"])?;
    let seconds = harness::import(workspace, &zoom, &["--set", "ratePlan=business"])?.elapsed.as_secs_f64();
    let stats = zoom.stats().await?;
    let calls = count(stats.by_route.get(ROUTE).copied().unwrap_or(0));
    let share = 100.0 * calls / seconds / LIGHT;
    let (refused, later) = refusals(&zoom.calls().await?);

    let mut figures =
        table(["seconds", "calls of Light", "a second", "refused (429)", "refused after the first second"]);
    figures.add_row([seconds, calls, calls / seconds, refused, later].map(number));
    Ok(Group {
        title: "Zoom's rate limits",
        how: format!(
            "An import of {} users with everything, from the start of the process to its end, from a Zoom that enforces \
             the limits of a business account (`ratePlan=business`). Light is the label of `GET /users/{{id}}`, the one \
             call for each user: {LIGHT} in whatever second.",
            number(count(users))
        ),
        growth: "the time is users divided by the rate.",
        figures,
        targets: vec![
            Target::at_least("share of the rate that Zoom allows", 95.0, share, "%"),
            Target::at_most("calls that Zoom refuses, after the first second", 0.0, later, ""),
        ],
    })
}

/// How many calls were refused, and how many of them later than in the second of the clock in which the first call was
/// answered.
fn refusals(calls: &[Call]) -> (f64, f64) {
    let first = calls.iter().map(|call| &call.time).min();
    let refused = calls.iter().filter(|call| call.status == REFUSED);
    let later = refused.clone().filter(|call| first.is_some_and(|first| call.time > *first));
    (count(refused.count()), count(later.count()))
}
