//! The components of `tests/guests`, loaded once.

use std::path::PathBuf;
use std::sync::OnceLock;

use host_harness::model::ConnectorObject;
use host_harness::{Cache, Component, Connector, Engine, Policy, Properties, SearchOptions};

/// The file of a guest.
pub(crate) fn file(name: &str) -> PathBuf {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/guests/wasm32-wasip2/release");
    let file = PathBuf::from(built).join(format!("{}.wasm", name.replace('-', "_")));
    assert!(file.exists(), "{} is missing: run `cargo xtask build`", file.display());
    file
}

pub(crate) fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(file(name)).unwrap()
}

/// A directory for compiled code that all tests share.
pub(crate) fn cache() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("compiled")
}

pub(crate) fn engine() -> &'static Engine {
    crate::logging::listen();
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::new(Cache::Directory(cache())).unwrap())
}

pub(crate) fn component(name: &str) -> Component {
    Component::from_file(engine(), file(name)).unwrap()
}

pub(crate) async fn open(name: &str, properties: Properties) -> Connector {
    open_with(name, properties, Policy::default()).await
}

pub(crate) async fn open_with(name: &str, properties: Properties, policy: Policy) -> Connector {
    component(name).open(&properties, policy).await.unwrap()
}

/// The guest `requests`, which may talk to this URL.
pub(crate) async fn requests(url: &str, policy: Policy) -> Connector {
    open_with("requests", Properties::new().with("serviceUrl", url), policy).await
}

/// Lets the guest `requests` do something: status and body, or the error's message.
pub(crate) async fn request(connector: &Connector, what: &str) -> Result<(String, String), String> {
    let page = connector.search(what, None, &SearchOptions::default()).await.map_err(|error| error.to_string())?;
    let object = page.objects.first().ok_or("no object")?;
    Ok((text(object, "status"), text(object, "body")))
}

pub(crate) fn text(object: &ConnectorObject, name: &str) -> String {
    object.attribute(name).and_then(|attribute| attribute.values.as_slice().first()).unwrap().to_string()
}
