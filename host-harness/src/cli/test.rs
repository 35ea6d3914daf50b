//! `test`: whether the resource answers and takes the credentials.

use host_harness::Connector;
use serde_json::json;

use super::output::Output;

pub(crate) async fn run(connector: &Connector, output: &Output) -> anyhow::Result<()> {
    connector.test().await?;
    output.result(&json!({ "ok": true }), || "ok".into())
}
