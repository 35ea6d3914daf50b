//! How many calls and connections it takes.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::concurrency;
use crate::harness::{self, USER};
use crate::report::{Group, Target, count, number, table};
use crate::workspace::Workspace;
use crate::zoom::{Scheme, Zoom};

/// The attributes that no list of Zoom's has. A call for each user is what they cost.
const NOT_IN_LISTS: [&str; 4] = ["LANGUAGE", "PHONE_NUMBER", "PHONE_COUNTRY", "ZOOM_ONE_FEATURE_TYPE"];

pub(crate) async fn measure(workspace: &Workspace) -> Result<Group> {
    let users = workspace.sizes.counted;
    let zoom = Zoom::start(workspace, Scheme::Http, users, &[])?;
    let mut figures = table(["", "over", "requests", "connections", "which requests"]);
    let mut row = |what: &str, scheme: Scheme, stats: &crate::zoom::Stats| {
        let over = if scheme == Scheme::Https { "TLS" } else { "TCP" };
        let routes: Vec<_> = stats.by_route.iter().map(|(route, count)| format!("{count} {route}")).collect();
        let [requests, connections] = [stats.requests, stats.connections].map(|figure| number(count(figure)));
        figures.add_row([what.to_owned(), over.to_owned(), requests, connections, routes.join(", ")]);
    };
    let off = ["--set", "ratePlan=off"];

    let attributes = attributes_in_lists(workspace, &zoom)?;
    zoom.reset().await?;
    harness::import(workspace, &zoom, &[&off[..], &["--attributes", &attributes]].concat())?;
    let lists = zoom.stats().await?;
    row(&format!("import of {}, what lists have", number(count(users))), Scheme::Http, &lists);

    zoom.reset().await?;
    harness::import(workspace, &zoom, &off)?;
    let everything = zoom.stats().await?;
    row(&format!("import of {}, everything", number(count(users))), Scheme::Http, &everything);

    let user = phone_user(workspace, &zoom)?;
    zoom.reset().await?;
    harness::run(workspace, &zoom, &["get", USER, &user])?;
    let get = zoom.stats().await?;
    row("`get` of one, everything", Scheme::Http, &get);

    let timed = workspace.sizes.timed;
    let mut connections = Vec::new();
    for scheme in [Scheme::Http, Scheme::Https] {
        let zoom = Zoom::start(workspace, scheme, timed, &[])?;
        harness::import(workspace, &zoom, &off)?;
        let stats = zoom.stats().await?;
        row(&format!("import of {}, everything", number(count(timed))), scheme, &stats);
        connections.push(count(stats.connections));
    }
    let [plain, tls] = connections[..] else { anyhow::bail!("two schemes are two figures") };
    let concurrency: f64 = concurrency::by_default(workspace, &zoom)?.parse()?;

    // 300 users a page and 100 phones, a look at the inactive and the pending, the sites, the token, and two to spare.
    let [users, phones] = [users, users / 2].map(count);
    let pages = (users / 300.0).ceil() + (phones / 100.0).ceil() + 6.0;
    Ok(Group {
        title: "Calls and connections",
        how: format!(
            "Half of the users have a phone, none is pending, there is no rate limit. What lists have is all that is \
             returned by default but {}; a look-up reads everything in any case.",
            NOT_IN_LISTS.map(|name| format!("`{name}`")).join(", ")
        ),
        growth: "what lists have takes a call for each 300 users and for each 100 phones; everything takes one for each \
                 user besides. Connections do not grow.",
        figures,
        targets: vec![
            Target::at_most("import of what lists have", pages, count(lists.requests), "requests"),
            Target::at_most("import of everything", users + 100.0, count(everything.requests), "requests"),
            Target::at_most("`get` of one phone user", 4.0, count(get.requests), "requests"),
            Target::at_most("import over HTTP/1.1", concurrency, plain, "connections"),
            Target::at_most("import over HTTP/2", 1.0, tls, "connections"),
        ],
    })
}

/// What is returned by default and in lists, as `--attributes` takes it.
fn attributes_in_lists(workspace: &Workspace, zoom: &Zoom) -> Result<String> {
    let schema: Value = serde_json::from_str(&harness::run(workspace, zoom, &["schema"])?.first)?;
    let classes = schema.pointer("/objectClasses").and_then(Value::as_array).context("a schema has classes")?;
    let class = classes.iter().find(|class| class.get("name") == Some(&USER.into())).context("there are users")?;
    let attributes = class.get("attributes").and_then(Value::as_array).context("users have attributes")?;
    let returned = attributes.iter().filter(|attribute| attribute.get("returnedByDefault") == Some(&true.into()));
    let names: Vec<_> = returned.filter_map(|attribute| attribute.get("name")?.as_str()).collect();
    ensure!(NOT_IN_LISTS.iter().all(|name| names.contains(name)), "the schema has other attributes: {names:?}");
    Ok(names.into_iter().filter(|name| !NOT_IN_LISTS.contains(name)).collect::<Vec<_>>().join(","))
}

/// The uid of a user who has a phone.
fn phone_user(workspace: &Workspace, zoom: &Zoom) -> Result<String> {
    let search = ["search", USER, "--filter", "ZOOM_PHONE_FEATURE = true", "--attributes", "STATUS", "--limit", "1"];
    let user: Value = serde_json::from_str(&harness::run(workspace, zoom, &search)?.first)?;
    Ok(user.get("uid").and_then(Value::as_str).context("an object has a uid")?.to_owned())
}
