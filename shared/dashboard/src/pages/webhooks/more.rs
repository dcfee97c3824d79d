//! Fields of a webhook's form that few need: filter, headers, rate, signatures.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Map, Value, json};

use crate::{
    client::{Refusal, resources::Webhook},
    session::Fields,
    words::FormWords,
};

/// Filter that the form shows as an example.
pub(crate) const EXAMPLE: &str = r#"{"data":{"object":{"status":[{"anything-but":"clear"}]}}}"#;

/// Contents of the fields.
pub(super) struct More {
    pub(super) filter: String,
    /// A line for each header: `Name: value`.
    pub(super) headers: String,
    pub(super) limit: String,
    pub(super) period: String,
}

impl More {
    /// Returns the webhook's own.
    pub(super) fn of(webhook: &Webhook) -> Self {
        let lines = webhook.headers.iter().map(|(name, value)| format!("{name}: {value}\n"));
        let (limit, period) = webhook.rate_limit.map_or_else(Default::default, |rate| {
            (rate.limit.to_string(), rate.period_seconds.to_string())
        });
        Self { filter: pretty(&webhook.filter), headers: lines.collect(), limit, period }
    }

    /// Returns what was entered into a form.
    pub(super) fn sent(fields: &Fields) -> Self {
        let text = |name| fields.get(name).to_owned();
        Self {
            filter: text("filter"),
            headers: text("headers"),
            limit: text("rate_limit"),
            period: text("rate_period"),
        }
    }

    /// Returns whether any of them is there, so that the fold is open.
    pub(super) fn any(&self) -> bool {
        [&self.filter, &self.headers, &self.limit].iter().any(|text| !text.trim().is_empty())
    }
}

/// Adds those fields of the form to `body` that differ from what the webhook has, or from nothing.
///
/// # Errors
/// A refusal for each field that can't be read.
pub(super) fn add(
    body: &mut Map<String, Value>,
    fields: &Fields,
    webhook: Option<&Webhook>,
    say: &FormWords,
) -> Result<(), Refusal> {
    let mut wrong = vec![];
    for (name, entered, present) in [
        ("filter", filter(fields, say), webhook.map(|webhook| webhook.filter.clone())),
        ("headers", headers(fields, say), webhook.map(|webhook| json!(webhook.headers))),
        ("rate_limit", rate(fields, say), webhook.map(|webhook| json!(webhook.rate_limit))),
    ] {
        match entered {
            Ok(entered) if entered == present.unwrap_or_else(|| nothing(name)) => {}
            Ok(entered) => {
                body.insert(name.to_owned(), entered);
            }
            Err(sentence) => wrong.push(Refusal::of(name, &sentence)),
        }
    }
    Refusal::all(wrong)
}

fn nothing(name: &str) -> Value {
    if name == "headers" { json!({}) } else { Value::Null }
}

fn filter<'a>(fields: &Fields, say: &'a FormWords) -> Result<Value, Cow<'a, str>> {
    let text = fields.get("filter").trim();
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text).map_err(|_| say.filter_json(EXAMPLE))
}

fn headers<'a>(fields: &Fields, say: &'a FormWords) -> Result<Value, Cow<'a, str>> {
    let lines = fields.get("headers").lines().map(str::trim).filter(|line| !line.is_empty());
    let mut headers = BTreeMap::new();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or_else(|| say.header_line())?;
        if headers.insert(name.trim(), value.trim()).is_some() {
            return Err(say.header_twice());
        }
    }
    Ok(json!(headers))
}

fn rate<'a>(fields: &Fields, say: &'a FormWords) -> Result<Value, Cow<'a, str>> {
    let (limit, period) = (fields.get("rate_limit").trim(), fields.get("rate_period").trim());
    if limit.is_empty() && period.is_empty() {
        return Ok(Value::Null);
    }
    match (limit.parse::<u64>(), period.parse::<u64>()) {
        (Ok(limit), Ok(period_seconds)) => {
            Ok(json!({ "limit": limit, "period_seconds": period_seconds }))
        }
        _ => Err(say.rate_numbers()),
    }
}

/// Returns a filter as it is shown.
pub(crate) fn pretty(filter: &Value) -> String {
    if filter.is_null() { String::new() } else { format!("{filter:#}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        Fields::parse(form.finish().as_bytes())
    }

    #[test]
    fn what_is_entered_is_sent_as_the_api_has_it() {
        let entered = fields(&[
            ("filter", r#"{"type":["x"]}"#),
            ("headers", "X-Tenant: acme\r\n\r\n X-B : a: b "),
            ("rate_limit", "5"),
            ("rate_period", "60"),
        ]);
        let mut body = Map::new();
        add(&mut body, &entered, None, &FormWords::ENGLISH).unwrap();
        let expected = json!({
            "filter": { "type": ["x"] },
            "headers": { "X-Tenant": "acme", "X-B": "a: b" },
            "rate_limit": { "limit": 5, "period_seconds": 60 },
        });
        assert_eq!(Value::Object(body), expected);
    }

    #[test]
    fn empty_fields_send_nothing() {
        let mut body = Map::new();
        add(
            &mut body,
            &fields(&[("filter", " "), ("headers", ""), ("rate_limit", "")]),
            None,
            &FormWords::ENGLISH,
        )
        .unwrap();
        assert!(body.is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_refused_by_its_field() {
        for (name, text) in [("filter", "{"), ("headers", "no colon"), ("rate_limit", "many")] {
            let refused = add(&mut Map::new(), &fields(&[(name, text)]), None, &FormWords::ENGLISH)
                .unwrap_err();
            assert_eq!(refused.param.as_deref(), Some(name));
        }
    }
}
