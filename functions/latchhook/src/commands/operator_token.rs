//! `latchhook operator-token`: makes operator tokens, which give access to everything.

use std::path::PathBuf;

use clap::Subcommand;
use domain::Revealed;
use embedded::SystemIds;
use serde::Serialize;
use standalone::token;

use crate::{context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook operator-token rotate --data-dir /var/lib/latchhook
  export LATCHHOOK_OPERATOR_TOKEN=$(latchhook operator-token generate)   your own, for `serve`";

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
    /// Print a new token that takes effect when the server starts next
    #[command(
        after_help = "Example:\n  latchhook operator-token rotate --data-dir /var/lib/latchhook"
    )]
    Rotate {
        /// The data directory [env: LATCHHOOK_DATA_DIR] [default: latchhook-data]
        #[arg(long, value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
        data_dir: Option<PathBuf>,
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
pub(crate) fn run(args: &Args, context: &Context) -> Result<(), Failure> {
    let token = match &args.action {
        Action::Generate => token::generate(&SystemIds::new()),
        Action::Rotate { data_dir } => {
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
