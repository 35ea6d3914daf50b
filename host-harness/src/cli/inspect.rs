//! `inspect`: what a component is and needs.

use host_harness::CONTRACT_VERSION;
use host_harness::model::{HostNeed, Manifest, PropertyInfo};
use serde_json::json;

use super::output::{self, Output};
use super::session::SessionArguments;

pub(crate) async fn run(session: &SessionArguments, output: &Output) -> anyhow::Result<()> {
    let file = session.component_file()?;
    let component = session.component()?;
    let manifest = component.describe().await?;
    let binary = component.binary();
    let document = json!({
        "file": file,
        "size": component.size(),
        "digest": format!("sha256:{}", component.digest()),
        "hostContract": CONTRACT_VERSION,
        "imports": binary.imports,
        "exports": binary.exports,
        "declaration": binary.declaration,
        "hosts": manifest.hosts,
        "manifest": manifest,
    });
    output.result(&document, || {
        let facts = [
            ("component", file.display().to_string()),
            ("size", format!("{} bytes", component.size())),
            ("digest", format!("sha256:{}", component.digest())),
            ("connector", format!("{} {} ({})", manifest.name, manifest.version, manifest.display_name)),
            ("contract", format!("{} (this host speaks {CONTRACT_VERSION})", manifest.contract_version)),
            ("operations", list(&manifest.operations)),
            ("hosts", manifest.hosts.iter().map(|need| host(need, manifest)).collect::<Vec<_>>().join("\n")),
            ("imports", binary.imports.join("\n")),
            ("exports", binary.exports.join("\n")),
        ];
        format!("{}\n\n{}", output::text(output::pairs(facts)), properties(manifest))
    })
}

fn list<T: ToString>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

fn host(need: &HostNeed, manifest: &Manifest) -> String {
    match need {
        HostNeed::Fixed(host) => format!("https://{host}"),
        HostNeed::FromProperty(name) => {
            match manifest.property(name).and_then(|property| property.default_values.first()) {
                Some(default) => format!("the one of property {name} (by default {default})"),
                None => format!("the one of property {name}"),
            }
        }
    }
}

fn properties(manifest: &Manifest) -> String {
    let mut table = output::table(["property", "type", "default", "aliases"]);
    for property in &manifest.properties {
        let cells =
            [property.name.clone(), kind(property), property.default_values.join(", "), property.aliases.join("\n")];
        output::row(&mut table, cells);
    }
    output::text(table)
}

fn kind(property: &PropertyInfo) -> String {
    let word = serde_json::to_value(property.property_type).ok().and_then(|word| word.as_str().map(str::to_owned));
    let flags =
        [(property.required, "required"), (property.confidential, "confidential"), (property.multi_valued, "several")];
    let flags = flags.into_iter().filter(|(holds, _)| *holds).map(|(_, flag)| flag.to_owned());
    word.into_iter().chain(flags).collect::<Vec<_>>().join(", ")
}
