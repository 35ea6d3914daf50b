//! The one place where the harness knows that there is Zoom: the component that it loads by default, and
//! the simulator to try it on.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use host_harness::{Error, LoadError};
use java_properties::PropertiesWriter;
use tokio::signal::unix::{SignalKind, signal};
use zoom_simulator::{Fault, Options, Plan, Simulator};

use super::{failure, output};

pub(crate) mod demo;

/// The component that `cargo xtask build` makes.
const COMPONENT: &str = "components/zoom_connector.wasm";

/// The component to load if none is named: beside the directory of this program (`target/release`), or
/// in `target` of the working directory.
pub(crate) fn default_component() -> anyhow::Result<PathBuf> {
    let program = std::env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent).and_then(Path::parent).map(|target| target.join(COMPONENT));
    let here = Path::new("target").join(COMPONENT);
    match beside.into_iter().chain([here.clone()]).find(|file| file.exists()) {
        Some(file) => Ok(file),
        None => {
            let missing = "there is none yet: run `cargo xtask build`, or name one with --component";
            let source = std::io::Error::new(std::io::ErrorKind::NotFound, missing);
            Err(Error::from(LoadError::Read { path: here, source }).into())
        }
    }
}

/// Runs a local Zoom to try things on, until it is interrupted.
#[derive(Args)]
pub(crate) struct SimulateArguments {
    /// The port of 127.0.0.1 to listen on; 0: any.
    #[arg(long, value_name = "P", default_value_t = 0)]
    port: u16,

    /// How many users there are in all.
    #[arg(long, value_name = "N", default_value_t = Options::default().users)]
    users: usize,

    /// How many of them are deactivated.
    #[arg(long, value_name = "N", default_value_t = 0)]
    inactive: usize,

    /// How many of them have not accepted their invitation.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pending: usize,

    /// How many of them have a phone.
    #[arg(long, value_name = "N", default_value_t = 0)]
    phone_users: usize,

    /// How many groups there are.
    #[arg(long, value_name = "N", default_value_t = Options::default().groups)]
    groups: usize,

    /// How many phone sites there are.
    #[arg(long, value_name = "N", default_value_t = Options::default().sites)]
    sites: usize,

    /// What the made-up data follow from.
    #[arg(long, value_name = "S", default_value_t = Options::default().seed)]
    seed: u64,

    /// How long every answer waits.
    #[arg(long, value_name = "N", default_value_t = 0)]
    latency_ms: u64,

    /// Whose rate limits hold: free, pro, business or off.
    #[arg(long, value_name = "PLAN", default_value_t = Plan::Off)]
    plan: Plan,

    /// Speak TLS, with a certificate of its own authority.
    #[arg(long)]
    tls: bool,

    /// What goes wrong, and how often, as in 502:0.1. An unknown kind is refused with those that there are.
    #[arg(long, value_name = "KIND:PROBABILITY")]
    fault: Vec<Fault>,

    /// Answer what Zoom does not have with status 500.
    #[arg(long)]
    strict: bool,

    /// Write a property file for --config.
    #[arg(long, value_name = "FILE")]
    write_config: Option<PathBuf>,

    /// Write the authority's certificate for --ca; by default beside the property file, as FILE.ca.pem.
    #[arg(long, value_name = "FILE", requires = "tls")]
    write_ca: Option<PathBuf>,
}

impl SimulateArguments {
    fn options(&self) -> Options {
        Options {
            port: self.port,
            users: self.users,
            inactive: self.inactive,
            pending: self.pending,
            phone_users: self.phone_users,
            groups: self.groups,
            sites: self.sites,
            seed: self.seed,
            latency: Duration::from_millis(self.latency_ms),
            plan: self.plan,
            tls: self.tls,
            faults: self.fault.clone(),
            strict: self.strict,
            ..Options::default()
        }
    }

    fn ca_file(&self) -> Option<PathBuf> {
        let beside = self.write_config.as_ref().map(|config| {
            let mut name = config.clone().into_os_string();
            name.push(".ca.pem");
            PathBuf::from(name)
        });
        self.write_ca.clone().or(beside)
    }
}

/// Runs a simulator until it is interrupted or asked to end. Its URL is the first line of stdout, and by
/// then the files are written.
pub(crate) async fn simulate(arguments: SimulateArguments) -> anyhow::Result<()> {
    let simulator =
        Simulator::start(arguments.options()).await.map_err(|error| failure::configuration(error.to_string()))?;
    if let Some(file) = &arguments.write_config {
        write_private(file, &config(&simulator)?)?;
    }
    let ca_file = arguments.ca_file();
    if let (Some(file), Some(pem)) = (&ca_file, simulator.ca_pem()) {
        fs::write(file, pem).map_err(|error| unwritable(file, &error))?;
    }
    // Who reads the URL may send a signal at once.
    let (mut interrupted, mut terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    output::line(simulator.base_url())?;
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    simulator.stop().await;
    Ok(())
}

fn config(simulator: &Simulator) -> anyhow::Result<Vec<u8>> {
    let mut file = Vec::new();
    let mut writer = PropertiesWriter::new(&mut file);
    for (name, value) in simulator.properties() {
        writer.write(&name, &value)?;
    }
    writer.finish()?;
    drop(writer);
    Ok(file)
}

/// Writes a file that only this user can read: there is a secret in it.
fn write_private(file: &Path, content: &[u8]) -> anyhow::Result<()> {
    // A file that is there already would keep its mode.
    let _ = fs::remove_file(file);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .and_then(|mut target| target.write_all(content))
        .map_err(|error| unwritable(file, &error))
}

fn unwritable(file: &Path, error: &std::io::Error) -> anyhow::Error {
    failure::configuration(format!("{} cannot be written: {error}", file.display()))
}
