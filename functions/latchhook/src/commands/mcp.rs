//! `latchhook mcp`: tools for agents, by the Model Context Protocol over standard input and output.
//!
//! A client such as an editor or a chat starts the command and calls its tools; each is a few requests to a
//! running server. Nothing is asked of that before a tool is called. `tools::Tool` is a tool, `api::Api` all
//! that tools may do, `untrusted::Untrusted` how a model is shown what somebody outside wrote, and
//! `refusal::Refusal` how it is told what to do about a failure.

#[cfg(feature = "mcp")]
mod api;
#[cfg(feature = "mcp")]
mod refusal;
#[cfg(feature = "mcp")]
mod server;
#[cfg(feature = "mcp")]
mod tools;
#[cfg(feature = "mcp")]
mod untrusted;

use crate::{client::ApiArgs, context::Context, failure::Failure};

const EXAMPLES: &str = "\
Examples:
  latchhook operator-tokens create agent --scope accounts:read --scope events:read \\
    --scope webhooks:read --scope logs:read
  LATCHHOOK_OPERATOR_TOKEN=lhop_… latchhook mcp
  latchhook mcp --url https://hooks.example.com --account acct_01jgz…
  latchhook mcp --allow-resend

It speaks the Model Context Protocol over standard input and output; a client starts it. docs/agents.md
has the configuration of some, and what to think of before an agent gets a token.";

/// Arguments of `latchhook mcp`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, mut_arg("json", |json| json.hide(true)))]
pub(crate) struct Args {
    /// Let the agent send deliveries again; for that the token needs webhooks:write
    #[arg(long)]
    allow_resend: bool,
    #[command(flatten)]
    api: ApiArgs,
}

/// Serves the tools until the client closes standard input.
///
/// # Errors
/// [`Failure`], when there is no token, or the client doesn't speak the protocol.
#[cfg(feature = "mcp")]
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let api = api::Api::new(args.api.client(context)?);
    server::serve(api, args.allow_resend).await
}

/// Fails, because this program was built without the protocol.
///
/// # Errors
/// [`Failure`].
#[cfg(not(feature = "mcp"))]
#[expect(clippy::unused_async, reason = "with the protocol it awaits")]
pub(crate) async fn run(
    Args { allow_resend: _, api: _ }: Args,
    _: &Context,
) -> Result<(), Failure> {
    let why =
        "this latchhook was built without the Model Context Protocol: build it with --features mcp";
    Err(Failure::Usage(why.to_owned()))
}
