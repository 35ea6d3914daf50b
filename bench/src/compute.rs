//! The time of the guest, beside that of the same connector as native code.

use std::time::Duration;

use anyhow::{Result, ensure};

use crate::answers::Answers;
use crate::guest::{Compiled, Guest};
use crate::native;
use crate::report::{Group, Target, count, number, table};
use crate::workspace::Workspace;
use crate::zoom::{Scheme, Zoom};

pub(crate) async fn measure(workspace: &Workspace) -> Result<Group> {
    let users = workspace.sizes.computed;
    let zoom = Zoom::start(workspace, Scheme::Http, users, &[])?;
    let properties = zoom.properties()?;
    let compiled = Compiled::new(&workspace.component())?;
    let answers = Answers::new();
    // The first import learns the answers.
    let learned = Guest::open(&compiled, &properties, answers.clone()).await?.import().await?;

    let [mut in_guest, mut in_host, mut natively] = [Duration::MAX; 3];
    // By turns, so that whatever else the machine does falls on both.
    for _ in 0..workspace.sizes.rounds {
        let guest = Guest::open(&compiled, &properties, answers.clone()).await?.import().await?;
        let native = native::import(&properties, answers.clone())?;
        ensure!([learned.objects, guest.objects, native.objects] == [users; 3], "not all users came");
        in_guest = in_guest.min(guest.guest);
        in_host = in_host.min(guest.elapsed.saturating_sub(guest.guest));
        natively = natively.min(native.native);
    }
    let ratio = |time: Duration| time.as_secs_f64() / natively.as_secs_f64();
    let crossings = f64::from(learned.crossings) / count(users);
    let mut figures = table(["for 1,000 users", "ms", "to native"]);
    for (what, time) in
        [("native", natively), ("guest", in_guest), ("the host for the guest, the clock included", in_host)]
    {
        let milliseconds = time.as_secs_f64() * 1e3 / (count(users) / 1e3);
        figures.add_row([what.to_owned(), number(milliseconds), number(ratio(time))]);
    }
    Ok(Group {
        title: "Processor time of the guest",
        how: format!(
            "An import of {} users with everything, {} times by turns, of which the fastest counts: by the component, and \
             by the same connector built for this machine with the same optimisation (`opt-level = \"z\"`), both in one \
             thread of one process. Every answer is in memory, so nobody waits. Of the guest counts what passes between \
             entering its code and leaving it, which it does {} times for each user; natively everything but finding the \
             answer. What the ratio has in it besides the engine: natively there is no boundary, over which requests and \
             answers are copied, call by call; the standard library is optimised for speed natively and for size in the \
             component; and what recurs in the code is made one function in the component only.",
            number(count(users)),
            workspace.sizes.rounds,
            number(crossings)
        ),
        growth: "with the users.",
        figures,
        targets: vec![Target::at_most("guest to native", 1.3, ratio(in_guest), "times").only_an_aim()],
    })
}
