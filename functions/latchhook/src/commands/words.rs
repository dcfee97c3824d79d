//! `latchhook words`: the sentences of the pages, to be replaced.

use dashboard::Words;

use crate::{context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook words > words.toml
  latchhook serve --words-file words.toml

Leave out of the file what you do not change.";

/// Arguments of `latchhook words`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {}

/// Prints the English words as a file.
///
/// # Errors
/// [`Failure`], when it can't be written.
pub(crate) fn run(_: &Args, context: &Context) -> Result<(), Failure> {
    Ok(context.output.line(Words::catalogue().trim_end())?)
}
