//! Import of keys from files.

mod rows;
mod unkey;

use std::{
    io::{self, Write as _},
    path::Path,
};

use serde_json::{Value, json};

use super::super::{
    input::{self, Found},
    post,
};
use crate::{
    client::{Client, Document},
    failure::Failure,
};

/// Most keys in one request: all of them are imported, or none.
const AT_ONCE: usize = 100;

/// Help about the files.
pub(super) const HELP: &str = "\
Examples:
  latchhook keys import keys.csv --environment live
  latchhook keys import --format unkey --environment live unkey.json

A CSV file begins with a header. Its columns, in any order: key, or sha256 (64 hexadecimal digits, or
the same in base64), and of each key, if you like, type, environment, name, expires_at (RFC 3339),
scopes and allowed_networks (parted by spaces), rate_limit (100/60: 100 in 60 seconds), and
metadata.NAME for a pair of metadata.

For Unkey, the file has the answers of POST /v2/apis.listKeys, one or several, asked for with
\"decrypt\": true. Taken over are plaintext, name, expires, permissions as scopes, meta and the
identity's externalId as metadata, and the first rate limit that is applied by itself. Roles and
credits are not, and neither are keys that are disabled or have expired. A key without plaintext was
not made to be recoverable: import it by its hash, from a CSV file.

Keys are sent a hundred at a time. Of each hundred all are imported, or none; those that are known
already are refused.";

/// Environment and type of keys of which the file says neither.
pub(super) struct Defaults {
    pub(super) environment: String,
    pub(super) kind: String,
}

/// Imports the keys in `file`, and returns them.
pub(super) async fn import(
    client: &Client,
    file: &Path,
    format: &str,
    defaults: &Defaults,
) -> Result<Vec<Document>, Failure> {
    let text = input::json(file)?;
    let wrong = |why: String| Failure::Usage(format!("{}: {why}", file.display()));
    let found = match format {
        "unkey" => {
            let unkey::Keys { found, left_out } =
                unkey::keys(&text, crate::system::now()).map_err(wrong)?;
            for note in left_out {
                writeln!(io::stderr(), "{note}")?;
            }
            found
        }
        _ => rows::keys(&text).map_err(wrong)?,
    };
    if found.is_empty() {
        return Err(wrong("there is no key in it".to_owned()));
    }
    let mut imported = Vec::with_capacity(found.len());
    for some in found.chunks(AT_ONCE) {
        let keys: Vec<Value> = some.iter().map(|one| with(&one.body, defaults)).collect();
        let body = json!({ "api_keys": keys });
        let answer = post(client, "/v1/api_keys/import", &body).await;
        let answer = answer.map_err(|why| about(why.into(), some, imported.len()))?;
        let data = answer.fields().into_iter().find(|(name, _)| name == "data");
        let keys: Option<Vec<Document>> =
            data.and_then(|(_, data)| serde_json::from_str(data.get()).ok());
        imported.extend(keys.unwrap_or_default());
    }
    Ok(imported)
}

/// Returns the key with what the file does not say.
fn with(key: &Value, defaults: &Defaults) -> Value {
    let mut key = key.clone();
    for (name, value) in [("environment", &defaults.environment), ("type", &defaults.kind)] {
        if key.get(name).is_none() {
            key[name] = value.as_str().into();
        }
    }
    key
}

/// Adds which keys were sent, and how many were imported before.
fn about(why: Failure, sent: &[Found], before: usize) -> Failure {
    let (Some(first), Some(last)) = (sent.first(), sent.last()) else { return why };
    why.during(&format!(
        "{before} keys were imported; none of those from {} (api_keys[0]) to {} (api_keys[{}])",
        first.place,
        last.place,
        sent.len() - 1,
    ))
}
