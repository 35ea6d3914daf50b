//! `demo`: the story of a connector, told against a local Zoom.
//!
//! Every step is made by the component in its sandbox, over a real socket, and checked against what Zoom
//! holds afterwards; the first check that fails ends the demo with exit code 1.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use host_harness::model::{Attribute, Change, Delta, Filter, Uid};
use host_harness::{Component, Connector, Grant, Options, Origin, Policy, Properties, SearchOptions};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;
use serde_json::{Value as Json, json};
use tokio::net::TcpListener;
use zoom_simulator::{Options as Account, Simulator};

use super::super::output::{self, Format, Output};
use super::super::session::SessionArguments;

const USER: &str = "ZoomUser";
const GROUP: &str = "ZoomGroup";
/// Enough for pages and a bar, and few enough to be over in a moment.
const USERS: usize = 1000;
const GROUPS: usize = 20;
const PHONES: usize = 400;
const ADDRESS: &str = "nina.newcomer@example.com";

/// One step, and what it took.
#[derive(Serialize)]
struct Step {
    what: String,
    outcome: String,
    calls: BTreeMap<String, u64>,
    connections: u64,
    milliseconds: f64,
}

struct Story<'a> {
    zoom: Simulator,
    component: Component,
    connector: Connector,
    steps: Vec<Step>,
    output: &'a Output,
}

/// Runs the demo.
pub(crate) async fn run(session: &SessionArguments, output: &Output) -> anyhow::Result<()> {
    let people = Account { users: USERS, inactive: 40, pending: 25, phone_users: PHONES, ..Account::default() };
    let account = Account { groups: GROUPS, ..people };
    let zoom = Simulator::start(account).await?;
    let loading = Instant::now();
    let component = session.component()?;
    let loaded = loading.elapsed();
    // Deleting is to delete, so that the story ends with the account as it began; and the local Zoom makes a
    // phone in less than the two seconds after which the connector usually looks again.
    let others = [("deactivateOnDelete", "false"), ("phoneProvisioningInterval", "10")];
    let connector = component.open(&properties(&zoom, &others), Policy::default()).await?;
    let mut story = Story { zoom, component, connector, steps: Vec::new(), output };
    story.say(&format!(
        "A local Zoom with {USERS} users, {PHONES} of them with Zoom Phone, and {GROUPS} groups listens on {}.\n\
         The connector is a component of {} bytes, loaded in {}.\n",
        story.zoom.base_url(),
        story.component.size(),
        shown(loaded),
    ))?;
    story.tell().await?;
    story.end()
}

fn properties(zoom: &Simulator, others: &[(&str, &str)]) -> Properties {
    let own = zoom.properties();
    let all = own.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(others.iter().copied());
    all.fold(Properties::new(), |properties, (name, value)| properties.with(name, value))
}

fn shown(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

fn text(object: &host_harness::model::ConnectorObject, name: &str) -> String {
    let values = object.attribute(name).map_or(&[][..], |attribute| attribute.values.as_slice());
    values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Story<'_> {
    async fn tell(&mut self) -> anyhow::Result<()> {
        self.inspect().await?;
        self.test().await?;
        self.schema().await?;
        self.import().await?;
        let uid = self.create().await?;
        self.find_pending(&uid).await?;
        self.activate(&uid).await?;
        self.update(&uid).await?;
        self.join(&uid).await?;
        self.phone(&uid).await?;
        self.disable(&uid).await?;
        self.delete(&uid).await?;
        self.denied().await
    }

    // ------------------------------------------------------------------------------------ the steps

    async fn inspect(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        let manifest = self.component.describe().await?;
        let (operations, hosts) = (manifest.operations.len(), manifest.hosts.len());
        let imports = &self.component.binary().imports;
        let foreign: Vec<_> = imports.iter().filter(|it| !it.starts_with("wasi:") && !it.starts_with("iam:")).collect();
        ensure!(foreign.is_empty(), "the component imports more than WASI: {foreign:?}");
        ensure!(
            !imports.iter().any(|it| it.contains("sockets") || it.contains("filesystem")),
            "it wants files or sockets"
        );
        self.record(
            "inspect it",
            began,
            format!("{operations} operations; it reaches {hosts} hosts, and has neither files nor sockets"),
        )
    }

    async fn test(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        self.connector.test().await?;
        self.record("test the connection", began, "Zoom takes the credentials".into())
    }

    async fn schema(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        let schema = self.connector.schema().await?;
        let classes: Vec<_> = schema
            .object_classes
            .iter()
            .map(|class| format!("{} with {} attributes", class.name, class.attributes.len()))
            .collect();
        ensure!(schema.object_class(USER).is_some() && schema.object_class(GROUP).is_some(), "a class is missing");
        self.record("read the schema", began, classes.join(", "))
    }

    async fn import(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        let bar = self.bar();
        let mut uids = HashSet::new();
        let mut pages = self.connector.search_all(USER, None, SearchOptions::default());
        while let Some(page) = pages.next().await? {
            uids.extend(page.objects.into_iter().map(|object| object.uid.value));
            bar.set_position(u64::try_from(uids.len())?);
        }
        bar.finish_and_clear();
        ensure!(uids.len() == USERS, "{} of {USERS} users were imported", uids.len());
        self.record("import all users, each with its own record and phone", began, format!("{USERS} users"))
    }

    async fn create(&mut self) -> anyhow::Result<Uid> {
        let began = Instant::now();
        let attributes = [
            Attribute::new("EMAIL", [ADDRESS]),
            Attribute::new("FIRST_NAME", ["Nina"]),
            Attribute::new("LAST_NAME", ["Newcomer"]),
            Attribute::new("TYPE", [2]),
        ];
        let uid = self.connector.create(USER, &attributes, &Options::default()).await?;
        self.user(&uid)?;
        self.record("create a user", began, format!("{ADDRESS} is invited, with the uid {}", uid.value))?;
        Ok(uid)
    }

    async fn find_pending(&mut self, uid: &Uid) -> anyhow::Result<()> {
        let began = Instant::now();
        let filter = Filter::equals("EMAIL", ADDRESS);
        let page = self.connector.search(USER, Some(&filter), &SearchOptions::default()).await?;
        let found = page.objects.first().context("the new user was not found")?;
        ensure!(found.uid.value == uid.value && text(found, "STATUS") == "pending", "another user was found");
        self.record("find the user by address", began, "pending, since the invitation is not accepted".into())
    }

    async fn activate(&mut self, uid: &Uid) -> anyhow::Result<()> {
        let began = Instant::now();
        self.zoom.activate(&uid.value)?;
        let user = self.connector.get(USER, &uid.value, SearchOptions::default()).await?;
        ensure!(text(&user, "STATUS") == "active", "the user is {}", text(&user, "STATUS"));
        self.record("accept the invitation (as the user would)", began, "active".into())
    }

    async fn update(&mut self, uid: &Uid) -> anyhow::Result<()> {
        let began = Instant::now();
        let deltas = [Delta::replace("DEPT", ["Research"]), Delta::replace("JOB_TITLE", ["Botanist"])];
        self.connector.update_delta(USER, uid, &deltas, &Options::default()).await?;
        let user = self.user(uid)?;
        let holds = |field: &str, value: &str| user.get(field).is_some_and(|held| *held == value);
        ensure!(holds("dept", "Research") && holds("job_title", "Botanist"), "Zoom holds other values");
        self.record("change department and job title", began, "Research, Botanist".into())
    }

    async fn join(&mut self, uid: &Uid) -> anyhow::Result<()> {
        let began = Instant::now();
        let groups = self.connector.search(GROUP, None, &SearchOptions::default()).await?;
        let group = groups.objects.first().context("there is no group")?;
        let add = Change::Adjust { add: vec![group.uid.value.as_str().into()], remove: Vec::new() };
        let deltas = [Delta { name: "GROUP_IDS".into(), change: add }];
        self.connector.update_delta(USER, uid, &deltas, &Options::default()).await?;
        let groups = self.user(uid)?.get("group_ids").cloned();
        ensure!(groups == Some(json!([group.uid.value])), "Zoom has the user in other groups");
        self.record("list the groups, and add the user to one", began, format!("a member of {}", group.name))
    }

    async fn phone(&mut self, uid: &Uid) -> anyhow::Result<()> {
        let began = Instant::now();
        let state = self.zoom.state();
        let site = state.pointer("/phone/sites/1/name").and_then(Json::as_str).context("there is no second site")?;
        let free = |number: &&Json| number.get("assignee").is_some_and(Json::is_null);
        let numbers = state.pointer("/phone/numbers").and_then(Json::as_array);
        let number = numbers.and_then(|numbers| numbers.iter().find(free)).context("no number is free")?;
        let number = number.pointer("/number/number").and_then(Json::as_str).context("a number without digits")?;
        let deltas = [
            Delta::replace("ZOOM_PHONE_FEATURE", [true]),
            Delta::replace("SITE_NAME", [site]),
            Delta::replace("ZOOM_PHONE_CALLING_PLANS", [200]),
            Delta::replace("ZOOM_PHONE_NUMBERS", [number]),
        ];
        self.connector.update_delta(USER, uid, &deltas, &Options::default()).await?;
        let user = self.connector.get(USER, &uid.value, SearchOptions::default()).await?;
        let held =
            (text(&user, "SITE_NAME"), text(&user, "ZOOM_PHONE_CALLING_PLANS"), text(&user, "ZOOM_PHONE_NUMBERS"));
        ensure!(held == (site.to_owned(), "200".to_owned(), number.to_owned()), "the phone is another one: {held:?}");
        self.record("switch Zoom Phone on, with site, plan and number", began, format!("{number} at {site}"))
    }

    async fn disable(&mut self, uid: &Uid) -> anyhow::Result<()> {
        let began = Instant::now();
        let deltas = [Delta::replace("__ENABLE__", [false])];
        self.connector.update_delta(USER, uid, &deltas, &Options::default()).await?;
        ensure!(self.user(uid)?.get("status") == Some(&json!("inactive")), "Zoom has the user active");
        self.record("disable the user", began, "inactive".into())
    }

    async fn delete(&mut self, uid: &Uid) -> anyhow::Result<()> {
        let began = Instant::now();
        self.connector.delete(USER, uid, &Options::default()).await?;
        ensure!(self.user(uid).is_err(), "Zoom still has the user");
        self.record("delete the user", began, "gone".into())
    }

    /// The service URL of a configuration that somebody tampered with: the operator grants the one host
    /// that Zoom is at, and the other one sees no connection.
    async fn denied(&mut self) -> anyhow::Result<()> {
        let began = Instant::now();
        let elsewhere = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}/v2", elsewhere.local_addr()?);
        let mut policy = Policy::default();
        policy.grant = Grant::Only(vec![self.zoom.base_url().parse::<Origin>()?]);
        let own: Vec<_> = self.zoom.properties().into_iter().filter(|(name, _)| name != "service.serviceUrl").collect();
        let tampered = own.iter().fold(Properties::new().with("serviceUrl", url.as_str()), |all, (name, value)| {
            all.with(name.as_str(), value.as_str())
        });
        let connector = self.component.open(&tampered, policy).await?;
        let error = connector.test().await.err().context("the request went out")?;
        ensure!(error.kind().to_string() == "permission-denied", "it failed for another reason: {error}");
        let denied = connector.denied_origins();
        ensure!(denied.len() == 1, "{} hosts were denied", denied.len());
        let silence = tokio::time::timeout(Duration::ZERO, elsewhere.accept()).await;
        ensure!(silence.is_err(), "somebody connected to the host that is not granted");
        self.record(
            "let it call a host that is not granted",
            began,
            format!("{} was refused, and saw no connection", url.trim_end_matches("/v2")),
        )
    }

    // ---------------------------------------------------------------------------------- the telling

    /// What Zoom holds of a user.
    fn user(&self, uid: &Uid) -> anyhow::Result<Json> {
        let state = self.zoom.state();
        let users = state.get("users").and_then(Json::as_array).into_iter().flatten();
        let mut users = users.filter(|user| user.get("id").is_some_and(|id| *id == uid.value.as_str()));
        users.next().cloned().context("Zoom has no such user")
    }

    fn record(&mut self, what: &str, began: Instant, outcome: String) -> anyhow::Result<()> {
        let time = began.elapsed();
        let stats = self.zoom.stats();
        self.zoom.reset();
        let calls: Vec<_> = stats.by_route.iter().map(|(route, count)| format!("{count} x {route}")).collect();
        let made = if calls.is_empty() { "no call".to_owned() } else { calls.join(", ") };
        self.say(&format!("{:>2}. {what}: {outcome}\n    {made}; {}", self.steps.len() + 1, shown(time)))?;
        self.steps.push(Step {
            what: what.to_owned(),
            outcome,
            calls: stats.by_route,
            connections: stats.connections,
            milliseconds: time.as_secs_f64() * 1000.0,
        });
        Ok(())
    }

    fn say(&self, text: &str) -> anyhow::Result<()> {
        match self.output.format {
            Format::Table => output::line(text),
            Format::Json => Ok(()),
        }
    }

    fn bar(&self) -> ProgressBar {
        if self.output.format == Format::Json {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(u64::try_from(USERS).unwrap_or(u64::MAX));
        let style = ProgressStyle::with_template("    {bar:40} {pos} of {len} users");
        if let Ok(style) = style { bar.with_style(style) } else { bar }
    }

    fn end(&self) -> anyhow::Result<()> {
        let requests = |step: &Step| step.calls.values().sum::<u64>();
        let mut table = output::table(["step", "requests", "new connections", "ms"]);
        for step in &self.steps {
            let cells = [
                step.what.clone(),
                requests(step).to_string(),
                step.connections.to_string(),
                format!("{:.1}", step.milliseconds),
            ];
            output::row(&mut table, cells);
        }
        let sum = |of: fn(&Step) -> u64| self.steps.iter().map(of).sum::<u64>().to_string();
        let time: f64 = self.steps.iter().map(|step| step.milliseconds).sum();
        let total = [
            "all of it".to_owned(),
            sum(|step| step.calls.values().sum()),
            sum(|step| step.connections),
            format!("{time:.1}"),
        ];
        output::row(&mut table, total);
        let document = json!({ "steps": self.steps });
        self.output.result(&document, || format!("\n{}\n\nEvery step was checked.", output::text(table)))
    }
}
