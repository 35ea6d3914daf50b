//! `delete`: an object goes, in the way that the configuration says.

use clap::Args;
use host_harness::Connector;
use host_harness::model::Uid;
use serde_json::json;

use super::operation_options::OptionArguments;
use super::output::Output;
use super::typed;

#[derive(Args)]
pub(crate) struct DeleteArguments {
    /// The object class.
    #[arg(value_name = "CLASS")]
    class: String,

    /// The unique identifier.
    #[arg(value_name = "UID")]
    uid: String,

    #[command(flatten)]
    options: OptionArguments,
}

pub(crate) async fn run(connector: &Connector, arguments: DeleteArguments, output: &Output) -> anyhow::Result<()> {
    let schema = connector.schema().await?;
    let class = typed::object_class(&schema, &arguments.class)?;
    connector.delete(&class.name, &Uid::new(&arguments.uid), &arguments.options.options(&schema)?).await?;
    let document = json!({ "objectClass": class.name, "uid": arguments.uid, "deleted": true });
    output.result(&document, || "deleted".into())
}
