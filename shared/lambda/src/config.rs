//! What a function is deployed with: which settings of [`settings::table`] it takes.
//!
//! Every one has to be in its environment: `infra/template.yaml` is where defaults are.

use std::{collections::BTreeMap, time::Duration};

use domain::{delivery::Schedule, key::token::KeyPrefix};
use guard::AllowNetworks;
use http::HeaderName;
use resolver::NameServers;
use settings::{Problems, Reader, Subset, VaultKind, table};
use tracing_subscriber::filter::Targets;

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
    /// Name servers that are asked instead of the system's, if there are any.
    pub name_servers: NameServers,
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

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// Every problem there is, each with its variable.
    pub fn read(env: &BTreeMap<String, String>) -> Result<Self, Problems> {
        settings::read_deployed(env)
    }
}

impl Subset for Settings {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            events_table: reader.required(&table::EVENTS_TABLE),
            views_table: reader.required(&table::VIEWS_TABLE),
            deliveries_queue: reader.required(&table::DELIVERIES_QUEUE),
            retry_minutes_queue: reader.required(&table::RETRY_MINUTES_QUEUE),
            retry_hours_queue: reader.required(&table::RETRY_HOURS_QUEUE),
            hop_limit: reader.required(&table::HOP_LIMIT),
            vault: reader.required(&table::VAULT),
            stack: reader.required(&table::STACK),
            secrets_prefix: reader.required(&table::SECRETS_PREFIX),
            allow_networks: reader.optional(&table::ALLOW_NETWORKS).unwrap_or_default(),
            name_servers: reader.optional(&table::NAME_SERVERS).unwrap_or_default(),
            retry_schedule: reader.required(&table::RETRY_SCHEDULE),
            delivery_timeout: reader.required(&table::DELIVERY_TIMEOUT),
            legacy_signature_header: reader.optional(&table::LEGACY_SIGNATURE_HEADER),
            key_prefix: reader.required(&table::KEY_PREFIX),
            log_retention: reader.required(&table::LOG_RETENTION),
            rate_limit: reader.required(&table::RATE_LIMIT),
            public_url: reader.required(&table::PUBLIC_URL),
            frame_ancestors: reader.optional(&table::FRAME_ANCESTORS).unwrap_or_default(),
            log: reader.required(&table::LOG_TARGETS),
            sns_endpoint: reader.optional(&table::SNS_ENDPOINT),
        }
    }
}

#[cfg(test)]
mod tests;
