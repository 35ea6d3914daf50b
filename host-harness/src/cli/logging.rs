//! Logs on stderr: what the component writes, and what the host does.
//!
//! | | the component | the host |
//! |---|---|---|
//! | by default | warn | off: what matters is a warning or an error of the command |
//! | `-v` | info | info |
//! | `-vv` | debug | debug |
//! | `--log LEVEL` | LEVEL | LEVEL |
//!
//! Other crates are never logged: at their finest level they show what components send, secrets included.

use clap::{ArgAction, Args};
use host_harness::LOG_TARGET;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[derive(Args)]
pub(crate) struct LoggingArguments {
    /// More logs on stderr; twice: still more.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,

    /// Logs on stderr from this level on: off, error, warn, info, debug or trace.
    #[arg(long, global = true, value_name = "LEVEL", conflicts_with = "verbose")]
    log: Option<LevelFilter>,
}

impl LoggingArguments {
    /// Logs from here on.
    pub(crate) fn start(&self) {
        let (component, host) = match (self.log, self.verbose) {
            (Some(level), _) => (level, level),
            (None, 0) => (LevelFilter::WARN, LevelFilter::OFF),
            (None, 1) => (LevelFilter::INFO, LevelFilter::INFO),
            (None, _) => (LevelFilter::DEBUG, LevelFilter::DEBUG),
        };
        let shown = Targets::new().with_target(LOG_TARGET, component).with_target("host_harness", host);
        let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false).without_time();
        tracing_subscriber::registry().with(lines.with_filter(shown)).init();
    }
}
