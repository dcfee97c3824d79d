//! `latchhook health`: whether a server is ready.

use super::{get, show};
use crate::{client::ApiArgs, context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook health
  latchhook health --url https://hooks.example.com

For health checks where there is no curl, as in the container image. The exit code is 0 if the server is
up and its store answers.";

/// Arguments of `latchhook health`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    api: ApiArgs,
}

/// Asks a server whether it is ready.
///
/// # Errors
/// [`Failure`], when the server can't be reached or is not ready.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let health = get(&args.api.anonymous(context)?, "/readyz").await?;
    show::object(context, args.api.json, &health, &["status"])
}
