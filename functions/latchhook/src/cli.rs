//! Command line.

mod groups;

use std::future::Future;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::{
    commands,
    context::Context,
    demo,
    failure::{EXIT_CODES, Failure},
};

const EXAMPLES: &str = "\
Examples:
  latchhook demo                     see it work, in one command
  latchhook serve --data-dir data    run the server
  latchhook listen                   print and verify what arrives on this machine

Each command has examples of its own: latchhook COMMAND --help";

/// API keys, webhooks and logs for your customers, on one machine.
#[derive(Parser)]
#[command(name = "latchhook", version)]
#[command(after_help = format!("{EXAMPLES}\n\n{}\n\n{EXIT_CODES}", crate::args::moment::TIMES))]
#[command(propagate_version = true, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Commands; one file each in `commands`.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show Latchhook at work: real events, failures, retries and signatures
    Demo(demo::Args),
    /// Run the server: the API, the dashboard and the deliveries
    Serve(commands::serve::Args),
    /// Print and verify the webhooks that arrive on this machine, or forward them
    Listen(commands::listen::Args),
    /// Open, change and close customers' accounts
    Accounts(commands::accounts::Args),
    /// Make links that sign a customer's people into the dashboard
    PortalSessions(commands::portal_sessions::Args),
    /// Create, import, change, replace, end and verify an account's API keys
    Keys(commands::keys::Args),
    /// Say which scopes keys can have
    KeyScopes(commands::key_scopes::Args),
    /// Register, change and test an account's webhooks
    Webhooks(commands::webhooks::Args),
    /// Send events, and see what became of them
    Events(commands::events::Args),
    /// Say which types of events there are
    EventTypes(commands::event_types::Args),
    /// List API requests and deliveries, as they happened or as they happen
    Logs(commands::logs::Args),
    /// Count deliveries, and see when failed ones are tried again
    Deliveries(commands::deliveries::Args),
    /// List who changed what in an account's settings
    Audit(commands::audit::Args),
    /// Send any request to the API
    Api(commands::api::Args),
    /// Serve tools for agents: find deliveries, and say why they failed
    Mcp(commands::mcp::Args),
    /// Make the operator's token
    OperatorToken(commands::operator_token::Args),
    /// Make, list and end tokens that may do a part of what the operator may
    OperatorTokens(commands::operator_tokens::Args),
    /// Let endpoints of yours be told what happens in the installation
    OperatorWebhooks(commands::operator_webhooks::Args),
    /// Replace the secrets that everything else is sealed and looked up under
    KeyRing(commands::key_ring::Args),
    /// Ask whether a server is up and its store answers
    Health(commands::health::Args),
    /// Copy a running server's data into one consistent file
    Backup(commands::backup::Args),
    /// Check that everything in a data directory is as it was written
    Check(commands::check::Args),
    /// Derive all views from the stored events again, and mend what differs
    Rebuild(commands::rebuild::Args),
    /// Write an installation into one file, to move it elsewhere
    Export(commands::export::Args),
    /// Bring an exported installation into a data directory or onto AWS
    Import(commands::import::Args),
    /// Give the messages in dead-letter queues on AWS back to be worked on
    Redrive(commands::redrive::Args),
    /// Compare the secrets of a deployment on AWS with what its tables name
    Reconcile(commands::reconcile::Args),
    /// Move the secrets of a deployment on AWS from one vault to the other
    Vault(commands::vault::Args),
    /// Print the words of the pages, as a file in which to change them
    Words(commands::words::Args),
    /// Print a completion script for a shell
    Completions(commands::completions::Args),
}

/// Returns the whole command line, its help in groups.
pub(crate) fn command() -> clap::Command {
    groups::grouped(with_negative_numbers(Cli::command()))
}

/// `command` whose flags take `-1` for a value that they refuse, not for a flag that is unknown.
fn with_negative_numbers(command: clap::Command) -> clap::Command {
    let takes = |flag: clap::Arg| {
        let takes_value = flag.get_action().takes_values();
        if takes_value { flag.allow_negative_numbers(true) } else { flag }
    };
    command.mut_args(takes).mut_subcommands(with_negative_numbers)
}

/// Parses the arguments of the process. Ends the process if they are wrong, or ask for help.
pub(crate) fn parse() -> Cli {
    let mut command = command();
    let matches = command.get_matches_mut();
    Cli::from_arg_matches(&matches).unwrap_or_else(|why| why.format(&mut command).exit())
}

impl Command {
    /// Runs the command.
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Demo(args) => on_every_core(demo::run(args, context)),
            Self::Serve(args) => on_every_core(commands::serve::run(args, context)),
            Self::Listen(args) => on_one_core(commands::listen::run(args, context)),
            Self::Accounts(args) => on_one_core(commands::accounts::run(args, context)),
            Self::PortalSessions(args) => {
                on_one_core(commands::portal_sessions::run(args, context))
            }
            Self::Keys(args) => on_one_core(commands::keys::run(args, context)),
            Self::KeyScopes(args) => on_one_core(commands::key_scopes::run(args, context)),
            Self::Webhooks(args) => on_one_core(commands::webhooks::run(args, context)),
            Self::Events(args) => on_one_core(commands::events::run(args, context)),
            Self::EventTypes(args) => on_one_core(commands::event_types::run(args, context)),
            Self::Logs(args) => on_one_core(commands::logs::run(args, context)),
            Self::Deliveries(args) => on_one_core(commands::deliveries::run(args, context)),
            Self::Audit(args) => on_one_core(commands::audit::run(args, context)),
            Self::Api(args) => on_one_core(commands::api::run(args, context)),
            Self::Mcp(args) => on_one_core(commands::mcp::run(args, context)),
            Self::OperatorToken(args) => on_one_core(commands::operator_token::run(args, context)),
            Self::OperatorTokens(args) => {
                on_one_core(commands::operator_tokens::run(args, context))
            }
            Self::OperatorWebhooks(args) => {
                on_one_core(commands::operator_webhooks::run(args, context))
            }
            Self::KeyRing(args) => on_one_core(commands::key_ring::run(args, context)),
            Self::Health(args) => on_one_core(commands::health::run(args, context)),
            Self::Backup(args) => commands::backup::run(&args, context),
            Self::Check(args) => on_one_core(commands::check::run(args, context)),
            Self::Rebuild(args) => on_one_core(commands::rebuild::run(args, context)),
            Self::Export(args) => on_one_core(commands::export::run(args, context)),
            Self::Import(args) => on_one_core(commands::import::run(args, context)),
            Self::Redrive(args) => on_one_core(commands::redrive::run(args, context)),
            Self::Reconcile(args) => on_one_core(commands::reconcile::run(args, context)),
            Self::Vault(args) => on_one_core(commands::vault::run(args, context)),
            Self::Words(args) => commands::words::run(&args, context),
            Self::Completions(args) => commands::completions::run(&args, command(), context),
        }
    }
}

fn on_one_core<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    drive(tokio::runtime::Builder::new_current_thread(), work)
}

fn on_every_core<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    drive(tokio::runtime::Builder::new_multi_thread(), work)
}

fn drive<T>(
    mut runtime: tokio::runtime::Builder,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let runtime = runtime.enable_all().build().map_err(|why| Failure::of("starting", why))?;
    runtime.block_on(work)
}

#[cfg(test)]
mod tests;
