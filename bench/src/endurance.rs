//! What goes wrong in many requests.

use anyhow::Result;

use crate::harness;
use crate::report::{Group, Target, count, number, table};
use crate::workspace::Workspace;
use crate::zoom::{Scheme, Zoom};

/// How the connector's log names a call that it has made; what follows says how it went.
const CALL: &str = r#"connector: call "#;
const ANSWERED: &str = r#"\"result\":\"200\""#;

pub(crate) async fn measure(workspace: &Workspace) -> Result<Group> {
    let users = workspace.sizes.many;
    let zoom = Zoom::start(workspace, Scheme::Http, users, &[])?;
    let logged = ["--set", "ratePlan=off", "--set", "logLevel=debug", "--log", "debug"];
    let run = harness::import(workspace, &zoom, &logged)?;
    let stats = zoom.stats().await?;
    let ok = stats.status.get(&200).copied().unwrap_or(0);
    let calls = run.log.lines().filter(|line| line.contains(CALL));
    let errors = calls.clone().filter(|line| !line.contains(ANSWERED)).count();
    let logged = calls.count();
    // Asking for a token is no call of the API, and not in the log.
    let made: usize = stats.by_route.iter().filter(|(route, _)| route.contains(" /v2/")).map(|(_, count)| count).sum();

    let mut figures =
        table(["requests", "answered 200", "of them of the API", "calls in the log", "of them without an answer"]);
    figures.add_row([stats.requests, ok, made, logged, errors].map(|figure| number(count(figure))));
    Ok(Group {
        title: "Many requests",
        how: format!(
            "An import of {} users with everything, in one instance, as fast as it goes. The connector makes a call \
             again that got no answer, so its log is read: every call is a line there, with what came of it.",
            number(count(users))
        ),
        growth: "none.",
        figures,
        targets: vec![
            Target::at_least("requests in one instance", count(users), count(stats.requests), ""),
            Target::at_most("requests without an answer", 0.0, count(errors), ""),
            Target::at_most("calls that the log does not have", 0.0, count(made.abs_diff(logged)), ""),
        ],
    })
}
