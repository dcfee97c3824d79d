//! `latchhook logs report`: requests to the operator's own API, for an account's log.

use std::path::Path;

use http::Method;
use serde::Serialize;

use crate::{
    client::{Call, Client, Document},
    commands::input,
    context::Context,
    failure::Failure,
};

pub(super) const EXAMPLES: &str = "\
Examples:
  latchhook logs report requests.jsonl --account acct_01jgz…

A file holds one request, a list of them, or one after the other:
  {\"environment\":\"live\",\"method\":\"GET\",\"path\":\"/v1/reports\",\"status\":200,\"duration_ms\":12}";

/// Largest number of requests that the API takes at once.
const AT_ONCE: usize = 500;

/// Sends the requests in `file`, in as many calls as needed.
///
/// # Errors
/// [`Failure`], when the file has no requests, or the server can't be reached or refuses.
pub(super) async fn run(
    client: &Client,
    context: &Context,
    json: bool,
    file: &Path,
) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Body<'a> {
        request_logs: &'a [Document],
    }
    let wrong = |why| Failure::Usage(format!("{}: {why}", file.display()));
    let requests = input::objects(&input::json(file)?, "request_logs").map_err(wrong)?;
    for (number, some) in requests.chunks(AT_ONCE).enumerate() {
        let body = serde_json::to_string(&Body { request_logs: some });
        let call = Call::text(body.map_err(|why| Failure::of("the requests", why))?);
        let sent = client.ask(Method::POST, "/v1/request_logs", call).await;
        let taken = sent.map_err(|why| {
            let first = number * AT_ONCE + 1;
            Failure::from(why).during(&format!("requests from number {first} on were not taken"))
        })?;
        if json {
            context.output.json_text(taken.text())?;
        }
    }
    if !json {
        context.output.line(format_args!("{} requests are in the log", requests.len()))?;
    }
    Ok(())
}
