//! `get`: one object by its uid.

use clap::Args;
use host_harness::Connector;

use super::operation_options::OptionArguments;
use super::output::Output;
use super::{objects, typed};

#[derive(Args)]
pub(crate) struct GetArguments {
    /// The object class.
    #[arg(value_name = "CLASS")]
    class: String,

    /// The unique identifier.
    #[arg(value_name = "UID")]
    uid: String,

    #[command(flatten)]
    options: OptionArguments,
}

pub(crate) async fn run(connector: &Connector, arguments: GetArguments, output: &Output) -> anyhow::Result<()> {
    let schema = connector.schema().await?;
    let class = typed::object_class(&schema, &arguments.class)?;
    let object = connector.get(&class.name, &arguments.uid, arguments.options.search_options(&schema)?).await?;
    output.result(&objects::Document::of(class, &object), || objects::card(&object))
}
