//! What was measured, as text: the same for the terminal and for the document.

use std::fmt;

use anyhow::{Context as _, Result};
use comfy_table::{Table, presets};

/// Measurements that belong together.
pub(crate) struct Group {
    pub(crate) title: &'static str,
    /// What was done, and what is counted.
    pub(crate) how: String,
    /// How it grows with the number of users.
    pub(crate) growth: &'static str,
    pub(crate) figures: Table,
    pub(crate) targets: Vec<Target>,
}

/// A figure, and what it is held to.
pub(crate) struct Target {
    what: String,
    bound: Bound,
    force: Force,
    figure: f64,
    unit: &'static str,
}

#[derive(Clone, Copy)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Force {
    MustHold,
    Aim,
}

impl Target {
    /// A figure that must not be below a bound.
    pub(crate) fn at_least(what: impl Into<String>, bound: f64, figure: f64, unit: &'static str) -> Self {
        Self { what: what.into(), bound: Bound::AtLeast(bound), force: Force::MustHold, figure, unit }
    }

    /// A figure that must not be above a bound.
    pub(crate) fn at_most(what: impl Into<String>, bound: f64, figure: f64, unit: &'static str) -> Self {
        Self { what: what.into(), bound: Bound::AtMost(bound), force: Force::MustHold, figure, unit }
    }

    /// The same as an aim: missing it is told, and is no failure.
    pub(crate) fn only_an_aim(self) -> Self {
        Self { force: Force::Aim, ..self }
    }

    fn holds(&self) -> bool {
        match self.bound {
            Bound::AtLeast(bound) => self.figure >= bound,
            Bound::AtMost(bound) => self.figure <= bound,
        }
    }

    /// Whether it holds, or need not.
    pub(crate) fn is_no_failure(&self) -> bool {
        self.holds() || self.force == Force::Aim
    }

    fn row(&self) -> [String; 4] {
        let amount = |figure| format!("{} {}", number(figure), self.unit).trim_end().to_owned();
        let bound = match self.bound {
            Bound::AtLeast(bound) => format!("at least {}", amount(bound)),
            Bound::AtMost(bound) => format!("at most {}", amount(bound)),
        };
        let verdict = match (self.force, self.holds()) {
            (Force::MustHold, true) => "held",
            (Force::MustHold, false) => "**not held**",
            (Force::Aim, true) => "aim reached",
            (Force::Aim, false) => "aim missed",
        };
        [self.what.clone(), bound, amount(self.figure), verdict.to_owned()]
    }
}

impl fmt::Display for Group {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { title, how, growth, figures, targets: _ } = self;
        let [how, growth] = [how, &format!("Growth: {growth}")].map(|text| wrapped(text));
        writeln!(formatter, "## {title}\n\n{how}\n\n{growth}\n\n{figures}")
    }
}

/// A table of Markdown.
pub(crate) fn table<'a>(heading: impl IntoIterator<Item = &'a str>) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_header(heading);
    table
}

/// All targets.
pub(crate) fn summary(groups: &[Group]) -> String {
    let mut table = table(["", "target", "figure", "verdict"]);
    for target in groups.iter().flat_map(|group| &group.targets) {
        table.add_row(target.row());
    }
    format!("## Targets\n\n{table}\n")
}

/// The document.
pub(crate) fn document(groups: &[Group]) -> Result<String> {
    let processors = std::thread::available_parallelism().context("the number of processors is not known")?;
    let paragraphs = [
        "`cargo xtask bench` measures all of this in one run and writes this file; with `--quick` it measures less and \
         writes nothing. It ends with an error if a target does not hold. Aims are only told."
            .to_owned(),
        format!(
            "These figures are from {processors} processors ({}, {}). The local Zoom is a process of its own beside the \
             host, and calls, connections and refusals are what it has counted. The real one is farther away: there the \
             rate limits decide, and how many calls it takes.",
            std::env::consts::OS,
            std::env::consts::ARCH
        ),
    ];
    let head = format!("# Performance\n\n{}\n", paragraphs.map(|text| wrapped(&text)).join("\n\n"));
    let parts = [head, summary(groups)].into_iter().chain(groups.iter().map(ToString::to_string));
    Ok(parts.collect::<Vec<_>>().join("\n").trim_end().to_owned() + "\n")
}

/// A text in lines of at most 120 characters.
fn wrapped(text: &str) -> String {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > 120 {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines.join("\n")
}

/// A number as people write it: thousands apart, and three digits that count.
pub(crate) fn number(value: f64) -> String {
    let decimals = match value.abs() {
        whole if whole.fract() == 0.0 || whole >= 100.0 => 0,
        tens if tens >= 10.0 => 1,
        _ => 2,
    };
    let text = format!("{value:.decimals$}");
    let (whole, fraction) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        let left = whole.len() - place;
        if place > 0 && left % 3 == 0 && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + fraction
}

/// A count as a number.
#[allow(clippy::cast_precision_loss, reason = "counts and bytes are far below 2^52")]
pub(crate) fn count(count: impl TryInto<u64>) -> f64 {
    count.try_into().unwrap_or(u64::MAX) as f64
}

/// Bytes in megabytes.
pub(crate) fn megabytes(bytes: impl TryInto<u64>) -> f64 {
    count(bytes) / 1e6
}

/// The middle one of these values.
pub(crate) fn median(mut values: Vec<f64>) -> Result<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().context("nothing was measured")
}
