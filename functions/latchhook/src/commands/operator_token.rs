//! `latchhook operator-token`: makes operator tokens, which give access to everything.

use std::path::PathBuf;

use clap::Subcommand;
use domain::{Revealed, Secret};
use embedded::SystemIds;
use serde::Serialize;
use standalone::token;

use crate::{backends, context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook operator-token rotate --data-dir /var/lib/latchhook
  latchhook operator-token rotate --aws
  export LATCHHOOK_OPERATOR_TOKEN=$(latchhook operator-token generate)   your own, for `serve`";

const ROTATE: &str = "\
Examples:
  latchhook operator-token rotate --data-dir /var/lib/latchhook
  latchhook operator-token rotate --aws

On AWS the old token ends in every function within a minute, and the new one begins. If the command
fails, repeat it: it makes another token.";

/// Arguments of `latchhook operator-token`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

/// Output of `--json`.
#[derive(Serialize)]
struct NewToken {
    token: Revealed,
}

#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(Subcommand)]
enum Action {
    /// Print a new token that counts from the next start, on AWS within a minute
    #[command(after_help = ROTATE)]
    Rotate {
        /// The data directory [env: LATCHHOOK_DATA_DIR] [default: latchhook-data]
        #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
        data_dir: Option<PathBuf>,
        /// The deployment on AWS that the environment names
        #[arg(long, conflicts_with = "data_dir")]
        aws: bool,
    },
    /// Print a new token, to be set as LATCHHOOK_OPERATOR_TOKEN
    #[command(
        after_help = "Example:\n  export LATCHHOOK_OPERATOR_TOKEN=$(latchhook operator-token \
                            generate)"
    )]
    Generate,
}

/// Prints a new token.
///
/// # Errors
/// [`Failure`], when there is no such data directory or it can't be written.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let token = match &args.action {
        Action::Generate => token::generate(&SystemIds::new()),
        Action::Rotate { aws: true, .. } => rotate_on_aws(context).await?,
        Action::Rotate { data_dir, .. } => {
            let directory = super::data_dir(data_dir.as_ref(), context);
            if !directory.is_dir() {
                let why = format!("{} is not a data directory", directory.display());
                return Err(Failure::Usage(why));
            }
            token::rotate(&directory, &SystemIds::new())?
        }
    };
    if args.json {
        return Ok(context.output.json(&NewToken { token: Revealed(token) })?);
    }
    Ok(context.output.line(token.expose())?)
}

#[cfg(feature = "aws")]
async fn rotate_on_aws(context: &Context) -> Result<Secret, Failure> {
    let deployment = backends::deployment(context).await?;
    let token = token::generate(&*deployment.ids);
    let rotated = deployment.rotate_operator_token(&token).await;
    rotated.map_err(|why| Failure::of("the operator token", why)).map(|()| token)
}

#[cfg(not(feature = "aws"))]
#[expect(clippy::unused_async, reason = "with AWS it awaits")]
async fn rotate_on_aws(_: &Context) -> Result<Secret, Failure> {
    Err(backends::without_aws())
}
