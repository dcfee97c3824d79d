//! Keys in a CSV file.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use crate::{
    args,
    commands::input::{Field, Found, rows},
};

/// Column of a pair of metadata.
const METADATA: &str = "metadata.";

/// Reads the keys of a file with a header.
///
/// # Errors
/// The line and what is wrong with it; never what stands there, which can be a key.
pub(super) fn keys(text: &str) -> Result<Vec<Found>, String> {
    rows(text, is_known, key)
}

fn is_known(column: &str) -> bool {
    let known = [
        "key",
        "sha256",
        "type",
        "environment",
        "name",
        "expires_at",
        "scopes",
        "allowed_networks",
        "rate_limit",
    ];
    known.contains(&column) || column.strip_prefix(METADATA).is_some_and(|name| !name.is_empty())
}

fn key(fields: &[Field<'_>]) -> Result<Value, String> {
    let mut key = json!({});
    for &(column, value) in fields {
        match column {
            "sha256" => key["hash"] = json!({ "algorithm": "sha256", "value": hash(value)? }),
            "scopes" | "allowed_networks" => {
                key[column] = value.split_whitespace().collect();
            }
            "rate_limit" => {
                key[column] = args::rate(value).map_err(|why| format!("rate_limit {why}"))?;
            }
            _ => match column.strip_prefix(METADATA) {
                Some(name) => key["metadata"][name] = value.into(),
                None => key[column] = value.into(),
            },
        }
    }
    if key.get("key").is_some() == key.get("hash").is_some() {
        return Err("either key or sha256 is needed".to_owned());
    }
    Ok(key)
}

/// Returns the digits of a hash in hexadecimal digits or base64.
fn hash(text: &str) -> Result<String, String> {
    if domain::key::foreign::read_hash(text).is_some() {
        return Ok(text.to_owned());
    }
    let hash = BASE64.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
    let hash = hash.ok_or("sha256 must be 64 hexadecimal digits, or the same in base64")?;
    Ok(domain::key::foreign::kept(&hash).expose().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 of `hello`, in both ways.
    const HEX: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    const IN_BASE64: &str = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

    #[test]
    fn every_column_is_read() {
        let text = "key,type,environment,name,expires_at,scopes,allowed_networks,rate_limit,metadata.plan\n\
                    sk_live_1,secret,live,\"Ada, Inc.\",2099-01-31T00:00:00Z,a b,10.0.0.0/8,5/60,free\n\
                    sk_live_2,,,,,,,,\n";
        let keys = keys(text).unwrap();
        assert_eq!(keys[0].place, "line 2");
        assert_eq!(
            keys[0].body,
            json!({
                "key": "sk_live_1", "type": "secret", "environment": "live", "name": "Ada, Inc.",
                "expires_at": "2099-01-31T00:00:00Z", "scopes": ["a", "b"],
                "allowed_networks": ["10.0.0.0/8"],
                "rate_limit": { "limit": 5, "period_seconds": 60 }, "metadata": { "plan": "free" },
            })
        );
        assert_eq!(keys[1].body, json!({ "key": "sk_live_2" }));
    }

    #[test]
    fn a_hash_is_read_in_both_ways() {
        for text in [HEX, IN_BASE64] {
            let keys = keys(&format!("sha256\n{text}\n")).unwrap();
            let hash = json!({ "algorithm": "sha256", "value": HEX });
            assert_eq!(keys[0].body, json!({ "hash": hash }));
        }
    }

    #[test]
    fn what_is_wrong_is_told_without_what_stands_there() {
        for (text, why) in [
            ("key,secret\na,b\n", "column 2 of the header is not one of those in --help"),
            ("key,metadata.\na,b\n", "column 2 of the header is not one of those in --help"),
            ("key,name\nsk_live_1\n", "line 2 has not as many fields as the header"),
            ("key,name\n,CI\n", "line 2: either key or sha256 is needed"),
            (
                "sha256\nsk_live_1\n",
                "line 2: sha256 must be 64 hexadecimal digits, or the same in base64",
            ),
        ] {
            assert_eq!(keys(text).unwrap_err(), why);
        }
    }
}
