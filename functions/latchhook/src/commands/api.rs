//! `latchhook api`: any request to the API, for routes without a command of their own.

use http::Method;

use super::input;
use crate::{
    client::{ApiArgs, ApiError, Call, Document},
    context::Context,
    failure::Failure,
    output::harmless_bytes,
};

const EXAMPLES: &str = "\
Examples:
  latchhook api '/v1/logs?kind=api_request&per_page=100'
  latchhook api /v1/webhooks/wh_01jgz… --method PATCH --data '{\"description\":\"billing\"}'
  latchhook api /v1/events --data @event.json
  latchhook api /readyz

The body is sent as it is written, and the answer is printed as it came.";

/// Arguments of `latchhook api`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The path, such as /v1/webhooks, and its query
    #[arg(value_parser = path)]
    path: String,
    /// The method; without it, GET, or POST where there is data
    #[arg(long, short = 'X', ignore_case = true, value_parser = ["GET", "POST", "PUT", "PATCH", "DELETE"])]
    method: Option<String>,
    /// The body: JSON, @FILE for what is in a file, or @- for standard input
    #[arg(long, short, value_name = "JSON|@FILE")]
    data: Option<String>,
    /// Make a repeated POST do nothing twice
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    #[command(flatten)]
    api: ApiArgs,
}

fn path(text: &str) -> Result<String, String> {
    let is_path = text.starts_with('/') && text.parse::<http::uri::PathAndQuery>().is_ok();
    is_path.then(|| text.to_owned()).ok_or_else(|| "must be a path such as /v1/webhooks".to_owned())
}

/// Sends the request.
///
/// # Errors
/// [`Failure`], when the data can't be read, or the server can't be reached or refuses.
pub(crate) async fn run(args: Args, context: &Context) -> Result<(), Failure> {
    let client = args.api.client(context)?;
    let body = match args.data.as_deref().map(|data| (data, data.strip_prefix('@'))) {
        None => None,
        Some((_, Some(file))) => Some(input::text(file.as_ref())?),
        Some((data, None)) => Some(data.to_owned()),
    };
    let usual = if body.is_some() { Method::POST } else { Method::GET };
    let method = args.method.map(|method| method.to_uppercase().parse());
    let method = method.transpose().map_err(|_| Failure::Usage("--method".to_owned()))?;
    let call = body.map(Call::text).unwrap_or_default();
    let call = match &args.idempotency_key {
        Some(key) => call.once(key),
        None => call,
    };
    let answer = client.exchange(method.unwrap_or(usual), &args.path, call).await?;
    if !answer.status.is_success() {
        return Err(ApiError::of(&answer).into());
    }
    match Document::parse(&answer.body) {
        Some(document) => Ok(context.output.json_text(document.text())?),
        None if answer.body.is_empty() => Ok(()),
        None => Ok(context.output.line(harmless_bytes(&answer.body).trim_end_matches('\n'))?),
    }
}
