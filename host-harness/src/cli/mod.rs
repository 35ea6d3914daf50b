//! The command line `harness`: a user of the library like any other.
//!
//! Its words are an interface that others script against: words may be added, never changed.
//!
//! | where | what |
//! |---|---|
//! | stdout | the result: a table for a person, or JSON; nothing else |
//! | stderr | warnings, progress, logs, and at the end the trailer of a page or the error |
//! | exit code | `Kind::exit_code` of the error; 2 for words that are none; 1 for anything else |

mod create;
mod delete;
mod failure;
mod filter;
mod get;
mod inspect;
mod logging;
mod objects;
mod operation_options;
mod output;
mod property_file;
mod schema;
mod search;
mod secret_source;
mod session;
mod test;
mod typed;
mod update;
mod validate;
mod zoom;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use output::Output;
use session::{Session, SessionArguments};

/// Loads an identity connector into a sandbox and calls it.
#[derive(Parser)]
#[command(name = "harness", version)]
pub(crate) struct Arguments {
    #[command(flatten)]
    session: SessionArguments,

    /// How results are written to stdout.
    #[arg(long, global = true, value_enum, default_value_t = output::Format::Table)]
    output: output::Format,

    #[command(flatten)]
    logging: logging::LoggingArguments,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Shows what a component is and needs; runs nothing of it but `describe`.
    Inspect,
    /// Checks the configuration, without any request.
    Validate,
    /// Checks that the resource answers and takes the credentials.
    Test,
    /// Shows the object classes and their attributes.
    Schema,
    /// Finds objects: all of them, or one page with --page-size, --offset or --cookie.
    Search(search::SearchArguments),
    /// Reads one object.
    Get(get::GetArguments),
    /// Creates an object and shows its uid.
    Create(create::CreateArguments),
    /// Changes an object.
    Update(update::UpdateArguments),
    /// Deletes an object.
    Delete(delete::DeleteArguments),
    Simulate(zoom::SimulateArguments),
    /// Tells the story of a connector against a local Zoom: every step is made and checked.
    Demo,
}

/// The words of a command line, with a uid that begins with a hyphen behind `--`: uids are the provider's,
/// and one in 64 of Zoom's does. Unmended, `-h...` would be the help, and the command that was meant would
/// silently not be run. The only cluster of flags that there is, is `-vv`.
pub(crate) fn words(words: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut words: Vec<OsString> = words.collect();
    let takes_a_uid = words.iter().any(|word| word == "get" || word == "update" || word == "delete");
    let is_uid = |word: &OsString| {
        let flags = word.to_str().and_then(|word| word.strip_prefix('-')).unwrap_or_default();
        flags.len() > 1 && !flags.starts_with('-') && flags.bytes().any(|flag| flag != b'v')
    };
    if takes_a_uid
        && !words.iter().any(|word| word == "--")
        && let Some(place) = words.iter().position(is_uid)
    {
        let uid = words.remove(place);
        words.extend(["--".into(), uid]);
    }
    words
}

/// Does what the arguments say.
pub(crate) async fn run(arguments: Arguments) -> ExitCode {
    arguments.logging.start();
    let output = Output::new(arguments.output);
    match dispatch(arguments.command, &arguments.session, &output).await {
        Ok(trailer) => {
            if let Some(trailer) = trailer {
                eprintln!("{trailer}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => failure::report(&error, &output),
    }
}

/// What is to be the last line of stderr.
type Trailer = String;

async fn dispatch(command: Command, session: &SessionArguments, output: &Output) -> anyhow::Result<Option<Trailer>> {
    match command {
        Command::Inspect => inspect::run(session, output).await.map(|()| None),
        Command::Simulate(arguments) => zoom::simulate(arguments).await.map(|()| None),
        Command::Demo => zoom::demo::run(session, output).await.map(|()| None),
        command => {
            let session = Session::open(session).await?;
            let outcome = operate(command, &session, output).await;
            session.warn_of_denials();
            outcome
        }
    }
}

/// The commands that need an open connector.
async fn operate(command: Command, session: &Session, output: &Output) -> anyhow::Result<Option<Trailer>> {
    let connector = &session.connector;
    match command {
        Command::Search(arguments) => return search::run(connector, arguments, output).await,
        Command::Validate => validate::run(connector, output),
        Command::Test => test::run(connector, output).await,
        Command::Schema => schema::run(connector, output).await,
        Command::Get(arguments) => get::run(connector, arguments, output).await,
        Command::Create(arguments) => create::run(connector, arguments, output).await,
        Command::Update(arguments) => update::run(connector, arguments, output).await,
        Command::Delete(arguments) => delete::run(connector, arguments, output).await,
        Command::Inspect | Command::Simulate(_) | Command::Demo => Ok(()),
    }?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(line: &str) -> String {
        let words = words(line.split(' ').map(OsString::from));
        words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_uid_may_begin_with_a_hyphen() {
        assert_eq!(mended("harness delete User -hAB --output json"), "harness delete User --output json -- -hAB");
        assert_eq!(mended("harness update User -o5f --replace A=b"), "harness update User --replace A=b -- -o5f");
        for whole in
            ["harness -vv get User u1 -h", "harness get User -- -hAB", "harness search -x", "harness get --help"]
        {
            assert_eq!(mended(whole), whole);
        }
    }
}
