//! A component that implements the contract, loaded and ready to be opened.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::binary::{Binary, CONTRACT_VERSION};
use crate::bindings::ConnectorPre;
use crate::connector::Connector;
use crate::egress::Egress;
use crate::engine::Engine;
use crate::error::{Error, LoadError};
use crate::http_client::{HttpClient, Outgoing};
use crate::instance::{Bounds, Instance};
use crate::model::{HostNeed, Manifest};
use crate::policy::Policy;
use crate::properties::Properties;
use crate::sandbox::State;
use crate::secrets::Redactor;

/// A connector component, compiled and linked. Clones are the same component.
#[derive(Clone)]
pub struct Component(Arc<Loaded>);

struct Loaded {
    engine: Engine,
    linked: ConnectorPre<State>,
    binary: Binary,
    digest: String,
    size: usize,
    manifest: OnceCell<Manifest>,
}

impl Component {
    /// Loads a component from a file. Blocks while it compiles, for up to a second, unless the engine's
    /// cache has it.
    ///
    /// Errors: `Load`.
    pub fn from_file(engine: &Engine, path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| LoadError::Read { path: path.into(), source })?;
        Self::from_bytes(engine, &bytes)
    }

    /// Loads a component that is in memory. Blocks as [`Component::from_file`] does.
    ///
    /// Errors: `Load`.
    pub fn from_bytes(engine: &Engine, bytes: &[u8]) -> Result<Self, Error> {
        let binary = Binary::read(bytes)?;
        let digest = hexadecimal(&Sha256::digest(bytes));
        let link = |error: wasmtime::Error| LoadError::Link(format!("{error:#}"));
        let component = engine.cache.load(&engine.wasmtime, bytes, &digest).map_err(link)?;
        let linked = engine.linker.instantiate_pre(&component).and_then(ConnectorPre::new).map_err(link)?;
        let loaded =
            Loaded { engine: engine.clone(), linked, binary, digest, size: bytes.len(), manifest: OnceCell::new() };
        Ok(Self(Arc::new(loaded)))
    }

    /// What the binary says about itself without being run.
    pub fn binary(&self) -> &Binary {
        &self.0.binary
    }

    /// The SHA-256 digest of the binary, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.0.digest
    }

    /// The size of the binary in bytes.
    pub fn size(&self) -> usize {
        self.0.size
    }

    /// What the connector is and needs. Runs nothing of the component but `describe`, without a
    /// configuration and without any host that it could reach, and only the first time.
    ///
    /// Errors: `Load` where the manifest says something else than the binary; `Trap`; `Limit`.
    pub async fn describe(&self) -> Result<&Manifest, Error> {
        self.0.manifest.get_or_try_init(|| self.ask()).await
    }

    async fn ask(&self) -> Result<Manifest, Error> {
        let policy = Policy::default();
        let bounds = |operation| Bounds { operation, redactor: Redactor::default(), policy: &policy };
        let client = HttpClient::new(&policy.trusted_roots, policy.timeouts, policy.limits.response_body)?;
        let outgoing = Outgoing { egress: Arc::new(Egress::closed()), client };
        let mut instance = Instance::start(self, outgoing, bounds("instantiate")).await?;
        let manifest =
            instance.run(bounds("describe"), async |guest, store| guest.call_describe(store).await).await?.into();
        self.check(&manifest)?;
        Ok(manifest)
    }

    /// Opens a connector with a configuration. The component checks it, without I/O.
    ///
    /// Errors: `Connector` of kind `configuration` with the property's name in the message; those of
    /// [`Component::describe`].
    pub async fn open(&self, properties: &Properties, policy: Policy) -> Result<Connector, Error> {
        let manifest = self.describe().await?;
        Connector::open(self.clone(), properties.resolve(manifest), manifest, policy).await
    }

    /// Manifest and custom section say the same, so that a host can rely on the section alone.
    fn check(&self, manifest: &Manifest) -> Result<(), LoadError> {
        let Some(declaration) = &self.0.binary.declaration else { return Ok(()) };
        let sorted = |hosts: &[HostNeed]| {
            let mut hosts: Vec<_> = hosts.iter().map(|host| format!("{host:?}")).collect();
            hosts.sort();
            hosts
        };
        let (section, manifest_says) = (sorted(&declaration.hosts), sorted(&manifest.hosts));
        if section != manifest_says {
            let contradiction = format!("its section names the hosts {section:?}, its manifest {manifest_says:?}");
            return Err(LoadError::Contradiction(contradiction));
        }
        if declaration.contract != manifest.contract_version {
            return Err(LoadError::Contradiction(format!(
                "its section names version {} of the contract, its manifest {} (this host speaks {CONTRACT_VERSION})",
                declaration.contract, manifest.contract_version
            )));
        }
        Ok(())
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn linked(&self) -> &ConnectorPre<State> {
        &self.0.linked
    }
}

impl std::fmt::Debug for Component {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Component").field("digest", &self.0.digest).field("size", &self.0.size).finish_non_exhaustive()
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
