//! `schema`: the object classes, their attributes, the options of the operations.

use host_harness::Connector;
use host_harness::model::{AttributeInfo, ObjectClassInfo, Schema};

use super::output::{self, Output};

pub(crate) async fn run(connector: &Connector, output: &Output) -> anyhow::Result<()> {
    let schema = connector.schema().await?;
    output.result(&schema, || {
        let classes = schema.object_classes.iter().map(class);
        classes.chain([options(&schema)]).collect::<Vec<_>>().join("\n\n")
    })
}

fn class(class: &ObjectClassInfo) -> String {
    let native = class.uid_native_name.as_ref().map(|name| format!(" (uid: {name})")).unwrap_or_default();
    let mut table = output::table(["attribute", "type", "", "native name"]);
    for attribute in &class.attributes {
        let native = attribute.native_name.clone().unwrap_or_default();
        output::row(&mut table, [attribute.name.clone(), attribute.value_type.to_string(), flags(attribute), native]);
    }
    format!("{}{native}\n{}", class.name, output::text(table))
}

fn flags(attribute: &AttributeInfo) -> String {
    let flags = [
        (attribute.required, "required"),
        (attribute.multi_valued, "several"),
        (!attribute.creatable, "not creatable"),
        (!attribute.updateable, "not updateable"),
        (!attribute.readable, "not readable"),
        (!attribute.returned_by_default, "on request"),
    ];
    flags.into_iter().filter_map(|(holds, flag)| holds.then_some(flag)).collect::<Vec<_>>().join(", ")
}

fn options(schema: &Schema) -> String {
    let mut table = output::table(["operation", "classes", "options"]);
    for support in &schema.operations {
        let cells = [support.operation.to_string(), support.object_classes.join(", "), support.options.join(", ")];
        output::row(&mut table, cells);
    }
    output::text(table)
}
