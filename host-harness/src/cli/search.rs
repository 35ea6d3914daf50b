//! `search`: all objects, page after page, or one page.
//!
//! With `--page-size`, `--offset` or `--cookie` it takes one page, and the last line of stderr says how to
//! go on: `{"next":COOKIE|null,"remaining":N|null,"complete":BOOL}`. Otherwise it walks to the end. Objects
//! are written as they come.

use std::io::IsTerminal;
use std::num::NonZeroU32;

use clap::Args;
use host_harness::Connector;
use host_harness::model::{AttributesToGet, Filter, ObjectClassInfo, Plan, SearchOptions, SearchResult, Start};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::objects::{self, Rows};
use super::operation_options::{OptionArguments, list};
use super::output::{self, Format, Output, warn};
use super::typed::{self, Typed};
use super::{Trailer, filter};

#[derive(Args)]
pub(crate) struct SearchArguments {
    /// The object class.
    #[arg(value_name = "CLASS")]
    class: String,

    /// Which objects, as in 'EMAIL = "a@b.c"' or 'STATUS = "inactive" and not FIRST_NAME ^= "A"'.
    #[arg(long, value_name = "EXPR")]
    filter: Option<String>,

    /// Which attributes, separated by commas; by default those that the schema says.
    #[arg(long, value_name = "A,B")]
    attributes: Option<String>,

    /// One page with so many objects.
    #[arg(long, value_name = "N")]
    page_size: Option<NonZeroU32>,

    /// One page from the Nth object on, counted from 1.
    #[arg(long, value_name = "N", conflicts_with = "cookie")]
    offset: Option<NonZeroU32>,

    /// One page from where the page ended that came with this cookie.
    #[arg(long, value_name = "C")]
    cookie: Option<String>,

    /// So many objects at most.
    #[arg(long, value_name = "N")]
    limit: Option<NonZeroU32>,

    /// Shows the calls that it would take, without making them.
    #[arg(long)]
    explain: bool,

    #[command(flatten)]
    options: OptionArguments,
}

pub(crate) async fn run(
    connector: &Connector,
    arguments: SearchArguments,
    output: &Output,
) -> anyhow::Result<Option<Trailer>> {
    let schema = connector.schema().await?;
    let class = typed::object_class(&schema, &arguments.class)?;
    let filter = arguments.filter.as_deref().map(|text| filter::parse(class, text)).transpose()?;
    let attributes = attributes(class, arguments.attributes.as_deref().unwrap_or_default())?;
    let mut options = options(&arguments, arguments.options.search_options(&schema)?, &attributes);
    let one_page = options.page_size.is_some() || options.start != Start::Beginning;
    if one_page && let Some(limit) = arguments.limit {
        // A smaller page and not a part of one: its cookie goes on where it ends.
        options.page_size = Some(options.page_size.map_or(limit, |size| size.min(limit)));
    }

    if arguments.explain {
        let plan = connector.explain(&class.name, filter.as_ref(), &options).await?;
        output.result(&plan, || explained(&plan))?;
        return Ok(None);
    }
    let mut shown = Shown::new(class, output, &attributes, arguments.limit);
    if one_page {
        let page = connector.search(&class.name, filter.as_ref(), &options).await?;
        shown.page(&page)?;
        let end = PageEnd { next: page.next.as_deref(), remaining: page.remaining, complete: page.complete };
        return Ok(Some(serde_json::to_string(&end)?));
    }
    walk(connector, class, filter, options, &mut shown).await?;
    Ok(None)
}

/// How a page ended.
#[derive(Serialize)]
struct PageEnd<'a> {
    next: Option<&'a str>,
    remaining: Option<u32>,
    complete: bool,
}

async fn walk(
    connector: &Connector,
    class: &ObjectClassInfo,
    filter: Option<Filter>,
    options: SearchOptions,
    shown: &mut Shown<'_>,
) -> anyhow::Result<()> {
    let progress = progress();
    let mut pages = connector.search_all(&class.name, filter, options);
    while !shown.is_full() {
        let Some(page) = pages.next().await? else { break };
        shown.page(&page)?;
        progress.set_position(u64::try_from(shown.count).unwrap_or(u64::MAX));
        if let Some(remaining) = page.remaining {
            progress.set_length(progress.position() + u64::from(remaining));
        }
        if !page.complete {
            warn("the result is incomplete: objects are missing from a page");
        }
    }
    progress.finish_and_clear();
    Ok(())
}

/// The attributes that were asked for, as the schema writes them.
fn attributes(class: &ObjectClassInfo, names: &str) -> anyhow::Result<Vec<String>> {
    list(names).iter().map(|name| Ok(Typed::expect(class, name)?.name.to_owned())).collect()
}

/// The options of `--option`, and those that have words of their own.
fn options(arguments: &SearchArguments, mut options: SearchOptions, attributes: &[String]) -> SearchOptions {
    if !attributes.is_empty() {
        options.attributes_to_get = AttributesToGet::Only(attributes.to_vec());
    }
    options.page_size = arguments.page_size.or(options.page_size);
    match (&arguments.cookie, arguments.offset) {
        (Some(cookie), _) => options.start = Start::Cookie(cookie.clone()),
        (None, Some(offset)) => options.start = Start::Offset(offset),
        (None, None) => {}
    }
    options
}

/// A bar on stderr, where a person looks at it and nothing else is shown there.
fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() || std::io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos} of {len} objects, {elapsed} so far, {eta} to go");
    let bar = ProgressBar::no_length();
    if let Ok(style) = style { bar.with_style(style) } else { bar }
}

/// What has been written of a search.
struct Shown<'a> {
    class: &'a ObjectClassInfo,
    output: &'a Output,
    rows: Rows,
    limit: usize,
    count: usize,
}

impl<'a> Shown<'a> {
    fn new(class: &'a ObjectClassInfo, output: &'a Output, attributes: &[String], limit: Option<NonZeroU32>) -> Self {
        Self {
            class,
            output,
            rows: Rows::new(attributes),
            limit: limit.map_or(usize::MAX, |limit| usize::try_from(limit.get()).unwrap_or(usize::MAX)),
            count: 0,
        }
    }

    fn is_full(&self) -> bool {
        self.count == self.limit
    }

    fn page(&mut self, page: &SearchResult) -> anyhow::Result<()> {
        let room = (self.limit - self.count).min(page.objects.len());
        let objects = page.objects.get(..room).unwrap_or_default();
        self.count += objects.len();
        match self.output.format {
            Format::Json => {
                objects.iter().try_for_each(|object| self.output.document(&objects::Document::of(self.class, object)))
            }
            Format::Table if objects.is_empty() => Ok(()),
            Format::Table => output::line(&self.rows.page(objects)),
        }
    }
}

fn explained(plan: &Plan) -> String {
    let mut table = output::table(["method", "path", "count", "rate limit", "for"]);
    for call in &plan.calls {
        let count = call.count.map_or_else(|| "?".to_owned(), |count| count.to_string());
        let label = call.rate_label.clone().unwrap_or_default();
        output::row(&mut table, [call.method.clone(), call.path.clone(), count, label, call.purpose.clone()]);
    }
    let floor = plan.floor.map(|floor| format!("the rate limits allow it in {floor:?} at best"));
    let lines = [output::text(table)].into_iter().chain(floor).chain(plan.notes.iter().cloned());
    lines.collect::<Vec<_>>().join("\n")
}
