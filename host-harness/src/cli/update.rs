//! `update`: values of an object replaced, added, removed, cleared.

use clap::Args;
use host_harness::Connector;
use host_harness::model::{Attribute, Change, Delta, ObjectClassInfo, Uid};
use serde_json::json;

use super::create::grouped;
use super::failure;
use super::operation_options::OptionArguments;
use super::output::Output;
use super::session::name_and_value;
use super::typed::{self, Typed};

#[derive(Args)]
pub(crate) struct UpdateArguments {
    /// The object class.
    #[arg(value_name = "CLASS")]
    class: String,

    /// The unique identifier.
    #[arg(value_name = "UID")]
    uid: String,

    #[command(flatten)]
    changes: Changes,

    #[command(flatten)]
    options: OptionArguments,
}

#[derive(Args)]
#[group(required = true, multiple = true)]
struct Changes {
    /// This value, and no other; several times for several values.
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    replace: Vec<(String, String)>,

    /// This value too.
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    add: Vec<(String, String)>,

    /// Not this value any more.
    #[arg(long, value_name = "NAME=VALUE", value_parser = name_and_value)]
    remove: Vec<(String, String)>,

    /// No value any more.
    #[arg(long, value_name = "NAME")]
    clear: Vec<String>,
}

pub(crate) async fn run(connector: &Connector, arguments: UpdateArguments, output: &Output) -> anyhow::Result<()> {
    let schema = connector.schema().await?;
    let class = typed::object_class(&schema, &arguments.class)?;
    let deltas = deltas(class, &arguments.changes)?;
    let options = arguments.options.options(&schema)?;
    let effects = connector.update_delta(&class.name, &Uid::new(&arguments.uid), &deltas, &options).await?;
    let changed: serde_json::Map<_, _> =
        effects.iter().map(|effect| (effect.name.clone(), json!(effect.values.as_slice()))).collect();
    let document = json!({ "objectClass": class.name, "uid": arguments.uid, "sideEffects": changed });
    output.result(&document, || {
        let also = |effect: &Attribute| {
            let values: Vec<_> = effect.values.as_slice().iter().map(ToString::to_string).collect();
            format!("{} is now {}", effect.name, values.join(", "))
        };
        ["updated".to_owned()].into_iter().chain(effects.iter().map(also)).collect::<Vec<_>>().join("\n")
    })
}

/// One change for each attribute.
///
/// Errors: of kind `invalid-argument` for an attribute that is both replaced and added to.
fn deltas(class: &ObjectClassInfo, changes: &Changes) -> anyhow::Result<Vec<Delta>> {
    let mut deltas: Vec<Delta> = Vec::new();
    for name in &changes.clear {
        push(&mut deltas, Typed::expect(class, name)?.name, Change::Replace(Vec::new()))?;
    }
    for (name, values) in grouped(class, &changes.replace)? {
        push(&mut deltas, &name, Change::Replace(values))?;
    }
    for (name, add) in grouped(class, &changes.add)? {
        push(&mut deltas, &name, Change::Adjust { add, remove: Vec::new() })?;
    }
    for (name, remove) in grouped(class, &changes.remove)? {
        push(&mut deltas, &name, Change::Adjust { add: Vec::new(), remove })?;
    }
    Ok(deltas)
}

/// Adds a change, to what is added and removed already where there is something.
fn push(deltas: &mut Vec<Delta>, name: &str, change: Change) -> anyhow::Result<()> {
    let Some(present) = deltas.iter_mut().find(|delta| delta.name == name) else {
        deltas.push(Delta { name: name.to_owned(), change });
        return Ok(());
    };
    match (&mut present.change, change) {
        (Change::Adjust { add, remove }, Change::Adjust { add: more, remove: less }) => {
            add.extend(more);
            remove.extend(less);
            Ok(())
        }
        _ => Err(failure::invalid_argument(
            format!("{name} is changed in two ways"),
            "--replace and --clear say what its values are, --add and --remove what is different: take one of the two",
        )),
    }
}
