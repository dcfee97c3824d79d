//! Webhooks in a CSV file.

use serde_json::{Value, json};

use crate::{
    args,
    commands::input::{Field, Found, rows},
};

/// Column of a header that is sent with deliveries.
const HEADER: &str = "header.";

/// Reads the webhooks of a file with a header.
///
/// # Errors
/// The line and what is wrong with it; never what stands there, which can be a secret.
pub(super) fn webhooks(text: &str) -> Result<Vec<Found>, String> {
    rows(text, is_known, webhook)
}

fn is_known(column: &str) -> bool {
    let known = [
        "url",
        "environment",
        "jurisdiction",
        "event_types",
        "description",
        "signing_secret",
        "rate_limit",
    ];
    known.contains(&column) || column.strip_prefix(HEADER).is_some_and(|name| !name.is_empty())
}

fn webhook(fields: &[Field<'_>]) -> Result<Value, String> {
    let mut webhook = json!({});
    for &(column, value) in fields {
        match column {
            "url" => webhook["webhook_url"] = value.into(),
            "event_types" => webhook[column] = value.split_whitespace().collect(),
            "rate_limit" => {
                webhook[column] = args::rate(value).map_err(|why| format!("rate_limit {why}"))?;
            }
            _ => match column.strip_prefix(HEADER) {
                Some(name) => webhook["headers"][name] = value.into(),
                None => webhook[column] = value.into(),
            },
        }
    }
    if webhook.get("webhook_url").is_none() {
        return Err("url is needed".to_owned());
    }
    Ok(webhook)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_read() {
        let text = "url,environment,jurisdiction,event_types,description,signing_secret,rate_limit,header.X-Tenant\n\
                    https://a.example/,live,CA,a.b c.*,\"Ada, Inc.\",whsec_x,5/60,acme\n\
                    https://b.example/,,,,,,,\n";
        let webhooks = webhooks(text).unwrap();
        assert_eq!(
            webhooks[0].body,
            json!({
                "webhook_url": "https://a.example/", "environment": "live", "jurisdiction": "CA",
                "event_types": ["a.b", "c.*"], "description": "Ada, Inc.",
                "signing_secret": "whsec_x", "rate_limit": { "limit": 5, "period_seconds": 60 },
                "headers": { "X-Tenant": "acme" },
            })
        );
        let place = "line 3".to_owned();
        assert_eq!(
            webhooks[1],
            Found { place, body: json!({ "webhook_url": "https://b.example/" }) }
        );
    }

    #[test]
    fn what_is_wrong_is_told_without_what_stands_there() {
        for (text, why) in [
            ("url,secret\na,b\n", "column 2 of the header is not one of those in --help"),
            ("url,header.\na,b\n", "column 2 of the header is not one of those in --help"),
            ("url,description\n,x\n", "line 2: url is needed"),
            ("url,rate_limit\na,x\n", "line 2: rate_limit must be"),
        ] {
            let told = webhooks(text).unwrap_err();
            assert!(told.starts_with(why), "{told}");
        }
    }
}
