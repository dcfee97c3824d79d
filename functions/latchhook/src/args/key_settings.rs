//! Settings of a key, as flags.

use domain::{
    key::{Network, Scope},
    limits::OwnRate,
};
use serde_json::{Map, Value, json};

/// Settings of a key.
#[derive(clap::Args)]
pub(crate) struct KeySettings {
    /// Scope of the key, as often as there are some; without it, everything
    #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
    scopes: Vec<String>,
    /// Network from which it may be used, such as 203.0.113.0/24, as often as there are some; without
    /// it, all
    #[arg(long = "allow-network", value_name = "CIDR", value_parser = network)]
    networks: Vec<String>,
    /// Pair of your own, as often as there are some; for the operator alone
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    metadata: Vec<(String, String)>,
    /// Rate limit of its own, such as 100/60 for 100 in 60 seconds; for the operator alone
    #[arg(long, value_name = "LIMIT/SECONDS", value_parser = rate)]
    rate_limit: Option<Value>,
}

impl KeySettings {
    /// Adds the settings that were given to the body of a request.
    pub(crate) fn add_to(self, body: &mut Value) {
        let list = |all: Vec<String>| (!all.is_empty()).then_some(json!(all));
        let metadata: Map<String, Value> =
            self.metadata.into_iter().map(|(name, value)| (name, value.into())).collect();
        let fields = [
            ("scopes", list(self.scopes)),
            ("allowed_networks", list(self.networks)),
            ("metadata", (!metadata.is_empty()).then_some(Value::Object(metadata))),
            ("rate_limit", self.rate_limit),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                body[name] = value;
            }
        }
    }
}

/// Parses a scope.
pub(crate) fn scope(text: &str) -> Result<String, String> {
    text.parse::<Scope>().map(|_| text.to_owned()).map_err(|why| why.to_string())
}

fn network(text: &str) -> Result<String, String> {
    text.parse::<Network>().map(|_| text.to_owned()).map_err(|why| why.to_string())
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("must be NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Parses a rate limit, such as `100/60`.
pub(crate) fn rate(text: &str) -> Result<Value, String> {
    let must = "must be a number, a slash and a number of seconds, such as 100/60";
    let numbers = text.split_once('/').and_then(|(limit, period)| {
        Some((limit.trim().parse::<u64>().ok()?, period.trim().parse::<u32>().ok()?))
    });
    let (limit, period) = numbers.ok_or(must)?;
    let rate = OwnRate::new(limit, period).map_err(|why| why.to_string())?;
    Ok(json!(rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_limit_is_two_numbers() {
        assert_eq!(rate("100/60"), Ok(json!({ "limit": 100, "period_seconds": 60 })));
        for text in ["", "100", "100/", "/60", "100/m", "0/60", "100/0"] {
            assert!(rate(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_pair_ends_its_name_at_the_first_sign() {
        assert_eq!(pair("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert!(pair("a").is_err());
    }
}
