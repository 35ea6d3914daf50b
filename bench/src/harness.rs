//! The host as a child: what it answers, how long it takes, and how much memory.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use wait4::Wait4 as _;

use crate::workspace::Workspace;
use crate::zoom::Zoom;

/// The object class of users.
pub(crate) const USER: &str = "ZoomUser";

/// A run of the command line that succeeded.
pub(crate) struct Run {
    /// From the start of the process to its end.
    pub(crate) elapsed: Duration,
    /// The most memory that it had, in bytes. Not less than this process has had itself: until it becomes another
    /// program, a child is a copy of its parent.
    pub(crate) peak: u64,
    /// How many lines it wrote: of a search, one for each object.
    pub(crate) lines: usize,
    /// The first of them.
    pub(crate) first: String,
    /// What it wrote to standard error.
    pub(crate) log: String,
}

/// Runs `harness --output json ARGUMENTS` against a Zoom. Compiled code is kept among what is of no use afterwards, so
/// that the first run of all compiles and the others do not.
pub(crate) fn run(workspace: &Workspace, zoom: &Zoom, arguments: &[&str]) -> Result<Run> {
    let log = workspace.scratch.join("harness.log");
    let mut command = Command::new(workspace.harness());
    command.arg("--component").arg(workspace.component()).args(["--output", "json"]).args(zoom.arguments());
    command.args(arguments).env("XDG_CACHE_HOME", &workspace.scratch);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(&log)?);

    let began = Instant::now();
    let mut child = command.spawn().context("the harness does not run")?;
    let stdout = child.stdout.take().context("the harness has no standard output")?;
    let (mut lines, mut first, mut line) = (0, String::new(), String::new());
    let mut stdout = BufReader::new(stdout);
    while stdout.read_line(&mut line)? > 0 {
        if lines == 0 {
            first.clone_from(&line);
        }
        lines += 1;
        line.clear();
    }
    let ended = child.wait4()?;
    let elapsed = began.elapsed();
    let log = fs::read_to_string(&log)?;
    ensure!(ended.status.success(), "harness {arguments:?} ended with {}: {log}", ended.status);
    Ok(Run { elapsed, peak: ended.rusage.maxrss, lines, first, log })
}

/// Imports all users, and holds the result to being all of them.
pub(crate) fn import(workspace: &Workspace, zoom: &Zoom, options: &[&str]) -> Result<Run> {
    let run = run(workspace, zoom, &[&["search", USER], options].concat())?;
    ensure!(run.lines == zoom.users, "{} users of {} came", run.lines, zoom.users);
    Ok(run)
}
