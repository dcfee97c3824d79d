//! Settings of a webhook, as flags.

use domain::{
    Secret,
    signing::SigningSecret,
    webhook::{Filter, HeaderName, HeaderValue},
};
use serde_json::{Map, Value, value::RawValue};

use crate::args::{self, choices, rate};

/// Settings that can be set at creation and changed later.
#[expect(clippy::doc_markdown, reason = "shown as help on a terminal, not as Markdown")]
#[derive(clap::Args)]
pub(crate) struct Changes {
    /// Send the whole related object with deliveries (--include-object=false to turn off)
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    include_object: Option<bool>,
    /// An event type, a prefix such as 'report.*', or '*'; may be given several times
    #[arg(long = "event-type", value_name = "TYPE", value_parser = args::subscription)]
    event_types: Option<Vec<String>>,
    /// Description
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Event pattern, in the language of Amazon EventBridge: only events that match are delivered
    #[arg(long, value_name = "JSON", value_parser = filter)]
    filter: Option<Value>,
    /// Header sent with every delivery, as often as there are some; **** keeps the value that is there
    #[arg(long = "header", value_name = "NAME=VALUE", value_parser = header)]
    headers: Vec<(String, String)>,
    /// Rate of attempts, such as 100/60 for 100 in 60 seconds; what is more waits
    #[arg(long, value_name = "LIMIT/SECONDS", value_parser = rate)]
    rate_limit: Option<Value>,
}

impl Changes {
    /// Adds the settings that were given to the body of a request.
    pub(crate) fn add_to(self, body: &mut Value) {
        let headers: Map<String, Value> =
            self.headers.into_iter().map(|(name, value)| (name, value.into())).collect();
        let fields = [
            ("include_object", self.include_object.map(Value::from)),
            ("event_types", self.event_types.map(Value::from)),
            ("description", self.description.map(Value::from)),
            ("filter", self.filter),
            ("headers", (!headers.is_empty()).then_some(Value::Object(headers))),
            ("rate_limit", self.rate_limit),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                body[name] = value;
            }
        }
    }
}

/// Settings that are fixed at creation.
#[derive(clap::Args)]
pub(crate) struct Fixed {
    /// Kind of its signatures
    #[arg(long, value_parser = choices::signing())]
    signing: Option<String>,
    /// Signing secret that the receiver has already, whsec_…; without it, a new one
    #[arg(long, value_name = "SECRET", value_parser = signing_secret)]
    signing_secret: Option<String>,
}

impl Fixed {
    /// Adds the settings that were given to the body of a request.
    pub(crate) fn add_to(self, body: &mut Value) {
        for (name, value) in [("signing", self.signing), ("signing_secret", self.signing_secret)] {
            if let Some(value) = value {
                body[name] = value.into();
            }
        }
    }
}

fn filter(text: &str) -> Result<Value, String> {
    let json: Box<RawValue> =
        serde_json::from_str(text).map_err(|why| format!("must be JSON: {why}"))?;
    Filter::parse(&json).map_err(|why| why.to_string())?;
    serde_json::from_str(text).map_err(|why| format!("must be JSON: {why}"))
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("must be NAME=VALUE")?;
    name.parse::<HeaderName>().map_err(|why| why.to_string())?;
    HeaderValue::parse(Secret::new(value)).map_err(|why| why.to_string())?;
    Ok((name.to_owned(), value.to_owned()))
}

fn signing_secret(text: &str) -> Result<String, String> {
    SigningSecret::parse(text).map(|_| text.to_owned()).map_err(|why| why.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_filter_is_checked_before_it_is_sent() {
        let pattern = r#"{"data":{"object":{"status":["clear"]}}}"#;
        assert_eq!(filter(pattern), Ok(json!({ "data": { "object": { "status": ["clear"] } } })));
        assert_eq!(
            filter(r#"{"type":"x"}"#),
            Err("filter.type must be a list of values, or an object".to_owned())
        );
        assert!(filter("{").is_err());
    }

    #[test]
    fn a_header_is_a_name_and_a_value() {
        let pair = ("X-Tenant".to_owned(), "a=b".to_owned());
        assert_eq!(header("X-Tenant=a=b"), Ok(pair));
        for text in ["X-Tenant", "=b", "Host=a", "X-Tenant="] {
            assert!(header(text).is_err(), "{text}");
        }
    }
}
