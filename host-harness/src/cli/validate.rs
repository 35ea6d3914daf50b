//! `validate`: the configuration is checked when the connector is opened; this shows what it is.

use host_harness::{Connector, Entry};
use serde_json::json;

use super::output::{self, Output};

pub(crate) fn run(connector: &Connector, output: &Output) -> anyhow::Result<()> {
    let entries = connector.configuration().entries();
    let origins = connector.allowed_origins();
    let property =
        |entry: &Entry| json!({ "name": entry.name(), "value": entry.shown(), "source": entry.source().to_string() });
    let document = json!({
        "valid": true,
        "properties": entries.iter().map(property).collect::<Vec<_>>(),
        "allowedOrigins": origins,
    });
    output.result(&document, || {
        let mut table = output::table(["property", "value", "from"]);
        for entry in entries {
            output::row(&mut table, [entry.name().to_owned(), entry.shown(), entry.source().to_string()]);
        }
        let origins: Vec<_> = origins.iter().map(ToString::to_string).collect();
        let reach = if origins.is_empty() { "nothing".into() } else { origins.join(", ") };
        format!("{}\n\nvalid; it may reach {reach}", output::text(table))
    })
}
