//! `latchhook redrive`: sends dead letters again.

use crate::{backends, context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook redrive

The environment is that of the deployment's functions. A message becomes a dead letter when it could
not be worked on many times over, so mend the cause first. A data directory has no dead letters.";

/// Arguments of `latchhook redrive`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Output of `--json`.
#[cfg(feature = "aws")]
#[derive(serde::Serialize)]
struct Report {
    /// Number of messages sent again.
    returned: u64,
    /// Number of messages that can't be read, and stay.
    unreadable: u64,
}

/// Sends the dead letters again.
///
/// # Errors
/// [`Failure`], when the deployment can't be reached, or some of them can't be read.
#[cfg(feature = "aws")]
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let deployment = backends::deployment(context).await?;
    let done = deployment.queue.redrive().await.map_err(|why| Failure::because("redrive", &why))?;
    if args.json {
        context.output.json(&Report { returned: done.returned, unreadable: done.unreadable })?;
    } else {
        context.output.line(format_args!("{} dead letters were sent again", done.returned))?;
    }
    match done.unreadable {
        0 => Ok(()),
        left => {
            Err(Failure::Failed(format!("{left} can't be read and stay in the dead-letter queue")))
        }
    }
}

/// Fails, because this program was built without AWS.
///
/// # Errors
/// [`Failure`].
#[cfg(not(feature = "aws"))]
#[expect(clippy::unused_async, reason = "with AWS it awaits")]
pub(crate) async fn run(Args { json: _ }: Args, _: &Context) -> Result<(), Failure> {
    Err(backends::without_aws())
}
