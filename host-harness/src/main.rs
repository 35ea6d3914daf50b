//! The command line of the harness: it reads the arguments, and `cli` does the rest.

mod cli;

use std::process::ExitCode;

use clap::Parser;

#[tokio::main]
async fn main() -> ExitCode {
    cli::run(cli::Arguments::parse_from(cli::words(std::env::args_os()))).await
}
