//! Import of webhooks from files.

mod rows;
mod svix;

use std::{
    io::{self, Write as _},
    path::Path,
};

use http::Method;

use super::super::input;
use crate::{
    client::{ApiError, Call, Client, Document},
    failure::Failure,
};

/// Help about the files.
pub(super) const HELP: &str = "\
Examples:
  latchhook webhooks import webhooks.csv --environment live
  latchhook webhooks import --format svix --environment live endpoints.json

A CSV file begins with a header. Its columns, in any order: url, and of each webhook, if you like,
environment, jurisdiction, event_types (parted by spaces), description, signing_secret (whsec_…, which
its receiver verifies by already; without it, a new one), rate_limit (100/60: 100 attempts in 60
seconds), and header.NAME for a header that is sent with its deliveries.

For Svix, the file has the endpoints of one application: answers of GET /api/v1/app/{app_id}/endpoint,
one or several, each endpoint with a member more, \"secret\", which is the answer of
GET /api/v1/app/{app_id}/endpoint/{endpoint_id}/secret; and, if it has headers of its own, \"headers\",
which is the answer of …/headers. Taken over are the URL, the secret, event types, description, rate and
headers. Channels and metadata are not, and neither are endpoints that are disabled. Receivers go on
verifying by Svix's library if the server is started with --signature-headers webhook,svix.

The webhooks belong to the account that is named. Each is made by itself. One with a URL that is
registered already is left as it is, so that an import that broke off can be run again.";

/// Imports the webhooks in `file`, and returns those that were made.
///
/// # Errors
/// [`Failure`], when the file is not of this format, or the server refuses one of them.
pub(super) async fn import(
    client: &Client,
    file: &Path,
    format: &str,
    environment: &str,
) -> Result<Vec<Document>, Failure> {
    let text = input::json(file)?;
    let wrong = |why: String| Failure::Usage(format!("{}: {why}", file.display()));
    let found = match format {
        "svix" => {
            let svix::Endpoints { found, notes } = svix::endpoints(&text).map_err(wrong)?;
            for note in notes {
                writeln!(io::stderr(), "{note}")?;
            }
            found
        }
        _ => rows::webhooks(&text).map_err(wrong)?,
    };
    if found.is_empty() {
        return Err(wrong("there is no webhook in it".to_owned()));
    }
    let mut made = Vec::with_capacity(found.len());
    for mut one in found {
        if one.body.get("environment").is_none() {
            one.body["environment"] = environment.into();
        }
        let call = Call::with(&one.body);
        match client.ask(Method::POST, "/v1/webhooks", call).await {
            Ok(webhook) => made.push(webhook),
            Err(why) if is_taken(&why) => {
                writeln!(io::stderr(), "{} is left out: its URL is registered already", one.place)?;
            }
            Err(why) => {
                let place = format!("{} ({} imported before it)", one.place, made.len());
                return Err(Failure::from(why).during(&place));
            }
        }
    }
    Ok(made)
}

/// Returns whether the account has a webhook with this URL already.
fn is_taken(why: &ApiError) -> bool {
    matches!(why, ApiError::Refused { code, .. } if code == "url_taken")
}
