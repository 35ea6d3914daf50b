//! `create`: a new object from `NAME=VALUE`. An attribute with several values is given several times.

use clap::Args;
use host_harness::Connector;
use host_harness::model::{Attribute, ObjectClassInfo, Value, Values};
use serde_json::json;

use super::operation_options::OptionArguments;
use super::output::Output;
use super::session::name_and_value;
use super::typed::{self, Typed};

#[derive(Args)]
pub(crate) struct CreateArguments {
    /// The object class.
    #[arg(value_name = "CLASS")]
    class: String,

    /// An attribute; a secret as NAME=@FILE or NAME=@env:VARIABLE.
    #[arg(value_name = "NAME=VALUE", value_parser = name_and_value)]
    attributes: Vec<(String, String)>,

    #[command(flatten)]
    options: OptionArguments,
}

pub(crate) async fn run(connector: &Connector, arguments: CreateArguments, output: &Output) -> anyhow::Result<()> {
    let schema = connector.schema().await?;
    let class = typed::object_class(&schema, &arguments.class)?;
    let attributes: Vec<_> = grouped(class, &arguments.attributes)?
        .into_iter()
        .map(|(name, values)| Attribute { name, values: Values::Complete(values) })
        .collect();
    let uid = connector.create(&class.name, &attributes, &arguments.options.options(&schema)?).await?;
    let document = json!({ "objectClass": class.name, "uid": uid.value, "revision": uid.revision });
    output.result(&document, || uid.value.clone())
}

/// The values of each attribute, by the schema's names and of its types.
pub(crate) fn grouped(
    class: &ObjectClassInfo,
    given: &[(String, String)],
) -> anyhow::Result<Vec<(String, Vec<Value>)>> {
    let mut grouped: Vec<(String, Vec<Value>)> = Vec::new();
    for (name, written) in given {
        let attribute = Typed::expect(class, name)?;
        let value = attribute.argument(written)?;
        match grouped.iter_mut().find(|(known, _)| known == attribute.name) {
            Some((_, values)) => values.push(value),
            None => grouped.push((attribute.name.to_owned(), vec![value])),
        }
    }
    Ok(grouped)
}
