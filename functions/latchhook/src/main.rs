//! Latchhook on one machine: the server and its command line.
//!
//! `main` reads the process's arguments, environment and terminal, runs one of the [`commands`],
//! and turns the result into an exit code. [`commands::serve`] runs the server of `standalone`; most
//! other commands use [`client`] to talk to a running one. The product's behaviour is in `app`,
//! its rules in `domain`; nothing here decides either.

mod args;
mod backends;
mod cli;
mod client;
mod commands;
mod context;
mod demo;
mod failure;
mod flags;
mod output;
mod receiver;
mod system;

use std::{io::Write as _, process::ExitCode};

use context::Context;

/// The system's allocator took a fifth of the server's time; this one takes a third of that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::parse().command.run(&Context::of_process(settings::environment())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !matches!(failure, failure::Failure::OutputClosed) {
                let shown = domain::Redacted::new(&failure.to_string());
                // If standard error is closed, the exit code still tells of the failure.
                let _ = writeln!(std::io::stderr(), "latchhook: {shown}");
            }
            failure.exit_code()
        }
    }
}
