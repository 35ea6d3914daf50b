//! The local Zoom, and what it has counted.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
use connector_base::connector::Connector as _;
use http::{Method, Request};
use http_body_util::{BodyExt as _, Empty};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use java_properties::PropertiesIter;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use serde::Deserialize;

use crate::workspace::Workspace;

/// How it is spoken to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// A Zoom in a process of its own, which ends when this is dropped.
pub(crate) struct Zoom {
    process: Child,
    url: String,
    config: PathBuf,
    authority: Option<PathBuf>,
    observer: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    /// How many users it has.
    pub(crate) users: usize,
}

/// What it has counted since the start or the last reset.
#[derive(Deserialize)]
pub(crate) struct Stats {
    pub(crate) requests: usize,
    pub(crate) connections: usize,
    pub(crate) by_route: BTreeMap<String, usize>,
    pub(crate) status: BTreeMap<u16, usize>,
}

/// A call that it has answered.
#[derive(Deserialize)]
pub(crate) struct Call {
    /// To the second, in a form whose order is that of time.
    pub(crate) time: String,
    pub(crate) status: u16,
}

impl Zoom {
    /// A Zoom with so many users, active all of them, of whom half have a phone. More arguments are those of
    /// `harness simulate`.
    pub(crate) fn start(workspace: &Workspace, scheme: Scheme, users: usize, arguments: &[&str]) -> Result<Self> {
        let config = workspace.scratch.join("zoom.properties");
        let authority = (scheme == Scheme::Https).then(|| workspace.scratch.join("authority.pem"));
        let mut command = Command::new(workspace.harness());
        command.args([
            "simulate",
            "--strict",
            "--users",
            &users.to_string(),
            "--phone-users",
            &(users / 2).to_string(),
        ]);
        command.args(arguments).arg("--write-config").arg(&config);
        if let Some(file) = &authority {
            command.args(["--tls", "--write-ca"]).arg(file);
        }
        let mut process = command.stdout(Stdio::piped()).spawn().context("the local Zoom does not run")?;
        let stdout = process.stdout.take().context("the local Zoom has no standard output")?;
        let mut url = String::new();
        // By the time that it says where it is, it has written its files.
        BufReader::new(stdout).read_line(&mut url)?;
        ensure!(!url.is_empty(), "the local Zoom did not start: {}", process.wait()?);
        let observer = observer(authority.as_ref())?;
        Ok(Self { process, url: url.trim_end().to_owned(), config, authority, observer, users })
    }

    /// What leads the harness here.
    pub(crate) fn arguments(&self) -> Vec<PathBuf> {
        let mut arguments = vec![PathBuf::from("--config"), self.config.clone()];
        if let Some(file) = &self.authority {
            arguments.extend([PathBuf::from("--ca"), file.clone()]);
        }
        arguments
    }

    /// The properties of a connector to it, by the names that the manifest gives them.
    pub(crate) fn properties(&self) -> Result<Vec<(String, String)>> {
        let manifest = zoom_connector::Zoom::manifest();
        let mut properties = Vec::new();
        PropertiesIter::new(fs::File::open(&self.config)?).read_into(|name, value| {
            let means = |property: &&connector_base::contract::PropertyInfo| property.aliases.contains(&name);
            let property = manifest.properties.iter().find(means).map_or(&name, |property| &property.name);
            properties.push((property.clone(), value));
        })?;
        Ok(properties)
    }

    /// What it has counted.
    pub(crate) async fn stats(&self) -> Result<Stats> {
        Ok(serde_json::from_slice(&self.observe(Method::GET, "stats").await?)?)
    }

    /// The calls that it has answered, in the order of the answers.
    pub(crate) async fn calls(&self) -> Result<Vec<Call>> {
        let log = self.observe(Method::GET, "log").await?;
        serde_json::Deserializer::from_slice(&log).into_iter().map(|call| Ok(call?)).collect()
    }

    /// Begins to count anew.
    pub(crate) async fn reset(&self) -> Result<()> {
        self.observe(Method::POST, "reset").await.map(drop)
    }

    async fn observe(&self, method: Method, what: &str) -> Result<Bytes> {
        let uri = format!("{}/__sim/{what}", self.url);
        let request = Request::builder().method(method).uri(&uri).body(Empty::new())?;
        let response = self.observer.request(request).await.with_context(|| format!("asking {uri}"))?;
        ensure!(response.status().is_success(), "{uri} answers {}", response.status());
        Ok(response.into_body().collect().await?.to_bytes())
    }
}

impl Drop for Zoom {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn observer(authority: Option<&PathBuf>) -> Result<Client<HttpsConnector<HttpConnector>, Empty<Bytes>>> {
    let mut roots = RootCertStore::empty();
    if let Some(file) = authority {
        roots.add(CertificateDer::from_pem_file(file)?)?;
    }
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
    // A connection for each question: one that is kept would be closed by the time of the next.
    Ok(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
}
