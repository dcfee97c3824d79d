//! `latchhook completions`: completion scripts for shells.

use clap_complete::Shell;

use crate::{context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook completions bash > /etc/bash_completion.d/latchhook
  latchhook completions zsh > \"${fpath[1]}/_latchhook\"
  latchhook completions fish > ~/.config/fish/completions/latchhook.fish";

/// Arguments of `latchhook completions`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The shell
    shell: Shell,
}

/// Prints the script for `command`.
///
/// # Errors
/// [`Failure`], when it can't be written.
pub(crate) fn run(
    args: &Args,
    mut command: clap::Command,
    context: &Context,
) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "latchhook", &mut script);
    Ok(context.output.line(String::from_utf8_lossy(&script).trim_end())?)
}
