//! The simulator as its users hold it.

use std::{fs::OpenOptions, io, net::Ipv4Addr, sync::Arc, time::Duration};

use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    observe::{LogEntry, Observer, Stats},
    options::{Credentials, Options, OptionsError, Plan},
    seed,
    serve::Server,
    server,
    sim::ActivateError,
    switches::SwitchError,
    tls::{self, TlsError},
};

/// A running Zoom. It stops when it is dropped.
pub struct Simulator {
    base_url: String,
    credentials: Credentials,
    ca_pem: Option<String>,
    plan: Plan,
    server: Arc<Server>,
    task: JoinHandle<()>,
}

/// A simulator that cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The options describe no possible account.
    #[error(transparent)]
    Options(#[from] OptionsError),
    /// The port cannot be listened on.
    #[error("cannot listen on port {port} of 127.0.0.1")]
    Listen {
        /// The port asked for.
        port: u16,
        /// Why not.
        source: io::Error,
    },
    /// The log file cannot be written.
    #[error("cannot open the log file {path}")]
    LogFile {
        /// The file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// There is no certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

impl Simulator {
    /// Starts a Zoom in the background of the current tokio runtime. When this returns, it answers.
    ///
    /// # Errors
    ///
    /// If the options make no sense, the port is taken, or the log file cannot be opened.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        options.check()?;
        let file = options.log_file.as_ref().map(|path| {
            let file = OpenOptions::new().create(true).append(true).open(path);
            file.map_err(|source| StartError::LogFile { path: path.display().to_string(), source })
        });
        let listen = |source| StartError::Listen { port: options.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let (tls, ca_pem) = if options.tls {
            tls::acceptor(options.http2).map(|(tls, pem)| (Some(tls), Some(pem)))?
        } else {
            (None, None)
        };
        let base_url = format!("{}://{address}", if options.tls { "https" } else { "http" });

        let zoom = seed::zoom(&options, &base_url);
        let credentials = zoom.credentials.clone();
        let server = Arc::new(Server::new(zoom, Observer::new(file.transpose()?)));
        let task = tokio::spawn(server::accept(listener, tls, server::router(server.clone()), server.clone()));
        Ok(Self { base_url, credentials, ca_pem, plan: options.plan, server, task })
    }

    /// Where it listens, such as `http://127.0.0.1:40123`. The API is below `/v2`, tokens are at `/oauth/token`.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// What lets an app in.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The certificate authority to trust, as PEM; none without TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// What a connector is configured with, under the names of property files.
    pub fn properties(&self) -> Vec<(String, String)> {
        let oauth = |name| format!("security.authenticator.oauth2ClientCredentials.{name}");
        vec![
            ("service.serviceUrl".to_owned(), format!("{}/v2", self.base_url)),
            (oauth("tokenUrl"), format!("{}/oauth/token", self.base_url)),
            ("custom.accountId".to_owned(), self.credentials.account_id.clone()),
            (oauth("clientId"), self.credentials.client_id.clone()),
            (oauth("clientSecret"), self.credentials.client_secret.clone()),
            ("ratePlan".to_owned(), self.plan.to_string()),
        ]
    }

    /// What has been counted since the start or the last reset.
    pub fn stats(&self) -> Stats {
        self.server.observer.stats()
    }

    /// Every call since the start or the last reset, in the order of the answers.
    pub fn log(&self) -> Vec<LogEntry> {
        self.server.observer.log()
    }

    /// Zeroes the counters and empties the log. The account stays as it is.
    pub fn reset(&self) {
        self.server.observer.reset();
    }

    /// Everything in the account.
    pub fn state(&self) -> Value {
        self.server.zoom().json()
    }

    /// All switches as they are set.
    pub fn switches(&self) -> Value {
        self.server.zoom().switches.json()
    }

    /// Sets switches: a JSON object of names and values. `null` puts one back.
    ///
    /// # Errors
    ///
    /// If a name is unknown or a value is not of its switch's kind; then no switch is changed.
    pub fn set_switches(&self, json: Value) -> Result<(), SwitchError> {
        self.server.set_switches(json)
    }

    /// Accepts the invitation of a pending user, named by id or e-mail address.
    ///
    /// # Errors
    ///
    /// If there is no such user or the user is not pending.
    pub fn activate(&self, user: &str) -> Result<(), ActivateError> {
        self.server.activate(user)
    }

    /// Makes every phone that is still being provisioned ready.
    pub fn finish_provisioning(&self) {
        self.server.zoom().phone.finish_provisioning();
    }

    /// Renames a site, as an administrator does in Zoom's web portal. Says whether there is one with that id.
    pub fn rename_site(&self, id: &str, name: &str) -> bool {
        let mut zoom = self.server.zoom();
        let site = zoom.phone.sites.iter_mut().find(|site| site.id.as_str() == id);
        site.map(|site| name.clone_into(&mut site.name)).is_some()
    }

    /// Makes every access token that was given out expire now.
    pub fn expire_tokens(&self) {
        self.server.expire_tokens();
    }

    /// Makes every page token that was given out invalid.
    pub fn expire_pages(&self) {
        self.server.zoom().pages.expire_all();
    }

    /// Stops the clock, so that only `advance_clock` moves it.
    pub fn freeze_clock(&self) {
        self.server.zoom().clock.freeze();
    }

    /// Moves the clock forward.
    pub fn advance_clock(&self, by: Duration) {
        self.server.zoom().clock.advance(by);
    }

    /// Stops listening and closes every connection.
    pub async fn stop(mut self) {
        self.task.abort();
        // Its end is awaited, so that the port is free afterwards; that it was aborted is no news.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}
