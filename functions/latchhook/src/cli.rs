//! The command line.

use std::future::Future;

use clap::{Parser, Subcommand};

use crate::{
    commands,
    context::Context,
    demo,
    failure::{EXIT_CODES, Failure},
    serve,
};

const EXAMPLES: &str = "\
Examples:
  latchhook demo                     see it work, in one command
  latchhook serve --data-dir data    run the server
  latchhook listen                   print and verify what arrives on this machine

Each command has examples of its own: latchhook COMMAND --help";

/// API keys, webhooks and logs for your customers, on one machine.
#[derive(Parser)]
#[command(name = "latchhook", version, after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
#[command(propagate_version = true, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be asked for; one file each in `commands`.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show Latchhook at work: real events, a receiver that fails at times, retries, signatures
    Demo(demo::Args),
    /// Run the server: the API, and the deliveries
    Serve(serve::Args),
    /// Receive webhooks on this machine: print and verify what arrives, forward it on demand
    Listen(commands::listen::Args),
    /// Customers' accounts
    Accounts(commands::accounts::Args),
    /// An account's API keys
    Keys(commands::keys::Args),
    /// An account's webhooks
    Webhooks(commands::webhooks::Args),
    /// Send events, see what became of them
    Events(commands::events::Args),
    /// API requests and webhook deliveries, as they happen or as they happened
    Logs(commands::logs::Args),
    /// The operator's token
    OperatorToken(commands::operator_token::Args),
    /// Copy a running server's data into one consistent file
    Backup(commands::backup::Args),
    /// Derive all views anew from the event store, compare them with the live ones, swap them in
    Rebuild(commands::rebuild::Args),
    /// Write an installation into one file, to move it to another home
    Export(commands::export::Args),
    /// Make a home of an exported file, on this machine or on AWS
    Import(commands::import::Args),
    /// Give the dead letters of a deployment on AWS back, to be worked on again
    Redrive(commands::redrive::Args),
    /// Print a completion script for a shell
    Completions(commands::completions::Args),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Demo(args) => on_every_core(demo::run(args, context)),
            Self::Serve(args) => on_every_core(serve::run(args, context)),
            Self::Listen(args) => on_one_core(commands::listen::run(args, context)),
            Self::Accounts(args) => on_one_core(commands::accounts::run(args, context)),
            Self::Keys(args) => on_one_core(commands::keys::run(args, context)),
            Self::Webhooks(args) => on_one_core(commands::webhooks::run(args, context)),
            Self::Events(args) => on_one_core(commands::events::run(args, context)),
            Self::Logs(args) => on_one_core(commands::logs::run(args, context)),
            Self::OperatorToken(args) => commands::operator_token::run(&args, context),
            Self::Backup(args) => commands::backup::run(&args, context),
            Self::Rebuild(args) => on_one_core(commands::rebuild::run(args, context)),
            Self::Export(args) => on_one_core(commands::export::run(args, context)),
            Self::Import(args) => on_one_core(commands::import::run(args, context)),
            Self::Redrive(args) => on_one_core(commands::redrive::run(args, context)),
            Self::Completions(args) => commands::completions::run(&args, context),
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
