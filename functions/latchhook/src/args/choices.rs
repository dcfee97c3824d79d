//! Closed sets of values. A value that is not in its set is refused with the choices, and
//! completion offers them.

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use domain::{
    Capability, Environment, Jurisdiction, KeyType, OperatorScope, StoredEvent as _,
    account::AccountEvent, delivery::Status, key::KeyEvent, signing::Signing,
    webhook::WebhookEvent,
};

/// Returns the parser of `test` or `live`.
pub(crate) fn environment() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new(Environment::Test.as_str()).help("For trying things out"),
        PossibleValue::new(Environment::Live.as_str()).help("For production"),
    ])
}

/// Parses the code of a jurisdiction; which there are is the server's to say.
pub(crate) fn jurisdiction(text: &str) -> Result<String, String> {
    let code: Result<Jurisdiction, _> = text.parse();
    code.map(|code| code.to_string()).map_err(|why| why.to_string())
}

/// Returns the parser of `secret` or `publishable`.
pub(crate) fn key_type() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new(KeyType::Secret.as_str()).help("For servers; confidential"),
        PossibleValue::new(KeyType::Publishable.as_str()).help("For browsers and apps"),
    ])
}

/// Returns the parser of a setting of a key that can be taken away.
pub(crate) fn clearable() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new("name").help("No name"),
        PossibleValue::new("scopes").help("Everything"),
        PossibleValue::new("allowed_networks").help("From everywhere"),
        PossibleValue::new("metadata").help("No pairs"),
        PossibleValue::new("rate_limit").help("That of the installation"),
    ])
}

/// Returns the parser of a setting of a webhook that can be taken away.
pub(crate) fn clearable_of_webhook() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new("description").help("No description"),
        PossibleValue::new("filter").help("Everything that it subscribes to"),
        PossibleValue::new("headers").help("None of its own"),
        PossibleValue::new("rate_limit").help("As fast as it answers"),
    ])
}

/// Returns the parser of a kind of signatures.
pub(crate) fn signing() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new(Signing::Hmac.as_str()).help("By a secret that both sides know"),
        PossibleValue::new(Signing::Ed25519.as_str())
            .help("By a private key, verified by a public one"),
    ])
}

/// Returns the parser of the format of a file of keys.
pub(crate) fn key_file() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new("csv").help("A header and a line for each key"),
        PossibleValue::new("unkey").help("Answers of Unkey's POST /v2/apis.listKeys"),
    ])
}

/// Returns the parser of the format of a file of webhooks.
pub(crate) fn webhook_file() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new("csv").help("A header and a line for each webhook"),
        PossibleValue::new("svix").help("Answers of Svix's GET /api/v1/app/{app_id}/endpoint"),
    ])
}

/// Returns the parser of `enabled` or `disabled`.
pub(crate) fn webhook_status() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new("enabled").help("Events are delivered"),
        PossibleValue::new("disabled").help("What is pending is cancelled"),
    ])
}

/// Returns the parser of a status of which a recovery can take deliveries up.
pub(crate) fn recoverable() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new(Status::Exhausted.as_str()).help("Given up"),
        PossibleValue::new(Status::Cancelled.as_str()).help("The webhook was disabled"),
        PossibleValue::new(Status::Retrying.as_str()).help("Waits for another attempt"),
    ])
}

/// Returns the parser of a delivery's status.
pub(crate) fn delivery_status() -> PossibleValuesParser {
    PossibleValuesParser::new(Status::ALL.iter().map(|one| one.as_str()))
}

/// Returns the parser of a portal session's capability, such as `keys:read`.
pub(crate) fn capability() -> PossibleValuesParser {
    PossibleValuesParser::new(Capability::ALL.iter().map(|one| one.as_str()))
}

/// Returns the parser of an operator token's scope, such as `keys:verify`.
pub(crate) fn operator_scope() -> PossibleValuesParser {
    PossibleValuesParser::new(OperatorScope::ALL.iter().map(|one| one.as_str()))
}

/// Returns the parser of `desc` or `asc`.
pub(crate) fn order() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new("desc").help("Newest first"),
        PossibleValue::new("asc").help("Oldest first"),
    ])
}

/// Returns the parser of `webhook_delivery` or `api_request`.
pub(crate) fn log_kind() -> PossibleValuesParser {
    PossibleValuesParser::new([
        PossibleValue::new("webhook_delivery").help("Attempts to deliver events"),
        PossibleValue::new("api_request").help("Requests made with API keys"),
    ])
}

/// Returns the parser of audit event types, such as `webhook.created`.
pub(crate) fn audit_type() -> PossibleValuesParser {
    let stored = [AccountEvent::STORED, KeyEvent::STORED, WebhookEvent::STORED].concat();
    // Each name once, however many versions it has.
    let names: std::collections::BTreeSet<&str> = stored.iter().map(|(name, _)| *name).collect();
    PossibleValuesParser::new(names)
}

/// Parser of a log row's outcome: `succeeded`, `failed`, an HTTP status, or a class of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogStatus;

impl LogStatus {
    const WORDS: [&str; 7] = ["succeeded", "failed", "1xx", "2xx", "3xx", "4xx", "5xx"];
}

impl TypedValueParser for LogStatus {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        flag: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        let text = StringValueParser::new().parse_ref(command, flag, value)?;
        let is_status = text.parse::<u16>().is_ok_and(|status| (100..600).contains(&status));
        if is_status || Self::WORDS.contains(&text.as_str()) {
            return Ok(text);
        }
        let flag = flag.map(ToString::to_string).unwrap_or_default();
        let why = format!(
            "invalid value '{text}' for '{flag}': must be succeeded, failed, an HTTP status from \
             100 to 599, or a class of them such as 4xx\n"
        );
        Err(clap::Error::raw(clap::error::ErrorKind::InvalidValue, why).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Self::WORDS.into_iter().map(PossibleValue::new)))
    }
}

/// Parser that offers texts for completion and accepts any: settings of `serve` are read from
/// flags, the environment and a file, and checked together elsewhere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Offered(pub(crate) &'static [&'static str]);

impl TypedValueParser for Offered {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        flag: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, flag, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(|text| PossibleValue::new(*text))))
    }
}
