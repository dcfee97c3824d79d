//! What a function is deployed with: its environment, checked whole.
//!
//! Every setting has to be there: `infra/template.yaml` is where defaults are.

use std::{collections::BTreeMap, time::Duration};

use domain::{delivery::Schedule, key::token::KeyPrefix};
use guard::AllowNetworks;
use http::HeaderName;
use settings::{Found, Problems, Reader, Source, parse};
use tracing_subscriber::filter::Targets;

/// What SQS lets a message wait at most; a hop is no longer.
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>
const LONGEST_HOP: Duration = Duration::from_mins(15);

/// What a function is deployed with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The table of event streams.
    pub events_table: String,
    /// The table of documents.
    pub views_table: String,
    /// The queue of first attempts, its URL.
    pub deliveries_queue: String,
    /// The queue of retries within a hop, its URL.
    pub retry_minutes_queue: String,
    /// The queue of retries beyond a hop, its URL.
    pub retry_hours_queue: String,
    /// The longest that one message waits in a queue.
    pub hop_limit: Duration,
    /// Where secrets are kept.
    pub vault: VaultKind,
    /// The stack that the function is part of.
    pub stack: String,
    /// What the names of all secrets start with.
    pub secrets_prefix: String,
    /// Networks that deliveries may reach although they are not public.
    pub allow_networks: AllowNetworks,
    /// When a failed delivery is tried again.
    pub retry_schedule: Schedule,
    /// The longest that an attempt may take in all.
    pub delivery_timeout: Duration,
    /// The header that carries the legacy signature.
    pub legacy_signature_header: Option<HeaderName>,
    /// What API keys start with.
    pub key_prefix: KeyPrefix,
    /// How long logs are kept.
    pub log_retention: Duration,
    /// Requests that each API key may make in a minute.
    pub rate_limit: u32,
    /// What the addresses of portal sessions start with.
    pub public_url: String,
    /// Sites that may show the dashboard in a frame.
    pub frame_ancestors: Vec<String>,
    /// Which log lines are written.
    pub log: Targets,
    /// Where SNS is reached instead of at its region's address.
    pub sns_endpoint: Option<url::Url>,
}

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VaultKind {
    /// Each is a secret of Secrets Manager.
    #[default]
    SecretsManager,
    /// Sealed, in the table of documents.
    Sealed,
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// Every problem there is, each with its variable.
    pub fn read(env: &BTreeMap<String, String>) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let source = Environment(env);
        let settings = Self::check(Reader { source: &source, problems: &mut problems });
        problems.none().map(|()| settings)
    }

    /// The settings as far as they can be understood; for what can't be, any value and a problem.
    fn check(mut read: Reader<'_, Environment<'_>>) -> Self {
        let mut text = |name| read.required(name, text).unwrap_or_default();
        Self {
            events_table: text("LATCHHOOK_EVENTS_TABLE"),
            views_table: text("LATCHHOOK_VIEWS_TABLE"),
            deliveries_queue: text("LATCHHOOK_DELIVERIES_QUEUE"),
            retry_minutes_queue: text("LATCHHOOK_RETRY_MINUTES_QUEUE"),
            retry_hours_queue: text("LATCHHOOK_RETRY_HOURS_QUEUE"),
            stack: text("LATCHHOOK_STACK"),
            secrets_prefix: text("LATCHHOOK_SECRETS_PREFIX"),
            hop_limit: read.required("LATCHHOOK_HOP_LIMIT", hop_limit).unwrap_or_default(),
            vault: read.required("LATCHHOOK_VAULT", vault).unwrap_or_default(),
            allow_networks: read
                .optional("LATCHHOOK_ALLOW_NETWORKS", parse::networks)
                .unwrap_or_default(),
            retry_schedule: read
                .required("LATCHHOOK_RETRY_SCHEDULE", parse::schedule)
                .unwrap_or_default(),
            delivery_timeout: read
                .required("LATCHHOOK_DELIVERY_TIMEOUT", parse::attempt_timeout)
                .unwrap_or_default(),
            legacy_signature_header: read
                .optional("LATCHHOOK_LEGACY_SIGNATURE_HEADER", parse::header),
            key_prefix: read
                .required("LATCHHOOK_KEY_PREFIX", parse::key_prefix)
                .unwrap_or_default(),
            log_retention: read
                .required("LATCHHOOK_LOG_RETENTION", parse::retention)
                .unwrap_or_default(),
            rate_limit: read.required("LATCHHOOK_RATE_LIMIT", parse::positive).unwrap_or_default(),
            public_url: read
                .required("LATCHHOOK_PUBLIC_URL", parse::http_url)
                .map(|url| url.as_str().trim_end_matches('/').to_owned())
                .unwrap_or_default(),
            frame_ancestors: read
                .optional("LATCHHOOK_FRAME_ANCESTORS", parse::sites)
                .unwrap_or_default(),
            log: read.required("LATCHHOOK_LOG", log_targets).unwrap_or_default(),
            sns_endpoint: read.optional("AWS_ENDPOINT_URL_SNS", parse::http_url),
        }
    }
}

/// A setting is called what its variable is.
struct Environment<'a>(&'a BTreeMap<String, String>);

impl Source for Environment<'_> {
    fn find(&self, name: &str) -> Option<Found<'_>> {
        let value = self.0.get(name).filter(|value| !value.is_empty())?;
        Some(Found { value, place: name.to_owned() })
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it is one of several that can fail")]
fn text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

fn hop_limit(text: &str) -> Result<Duration, String> {
    parse::duration(text, Duration::from_secs(1), LONGEST_HOP, "from 1s to 15m")
}

fn vault(text: &str) -> Result<VaultKind, String> {
    match text {
        "secrets-manager" => Ok(VaultKind::SecretsManager),
        "sealed" => Ok(VaultKind::Sealed),
        _ => Err(format!("{text:?} is neither secrets-manager nor sealed")),
    }
}

fn log_targets(text: &str) -> Result<Targets, String> {
    text.parse().map_err(|why| format!("{text:?} is not a log filter: {why}"))
}

#[cfg(test)]
mod tests;
