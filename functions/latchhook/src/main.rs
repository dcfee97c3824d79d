//! Latchhook on one machine: the server and its command line.
//!
//! `main` reads the process (arguments, environment, terminal), hands it to one of the
//! [`commands`], and turns what came of it into an exit code. [`serve`] wires the product together
//! from its parts; [`client`] is how the other commands talk to a running server. What the product
//! does is in `app`, what is true in `domain`; nothing here decides either.

mod args;
mod cli;
mod client;
mod commands;
mod config;
mod context;
mod demo;
mod failure;
mod house;
mod output;
mod receiver;
mod serve;
mod system;

use std::{io::Write as _, process::ExitCode};

use context::Context;

/// A fifth of the server's time was the system's allocator; this one takes a third of that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::parse().command.run(&Context::of_process(settings::environment())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !matches!(failure, failure::Failure::OutputClosed) {
                // Where nobody can be told, the exit code still says it.
                let _ = writeln!(std::io::stderr(), "latchhook: {failure}");
            }
            failure.exit_code()
        }
    }
}
