//! Settings of a function: those that it takes of [`settings::table`].
//!
//! Every one has to be in its environment; the defaults are in `infra/template.yaml`.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use domain::{
    Compatibility, Envelope, Jurisdictions, Limits,
    delivery::{Failing, Schedule},
    key::token::KeyPrefix,
};
use guard::AllowNetworks;
use http::HeaderName;
use resolver::NameServers;
use settings::{Problems, Reader, Subset, VaultKind, table};
use tracing_subscriber::filter::Targets;

/// Settings that a function is deployed with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Table of event streams.
    pub events_table: String,
    /// Table of documents.
    pub views_table: String,
    /// URL of the queue of first attempts.
    pub deliveries_queue: String,
    /// URL of the queue of retries within a hop.
    pub retry_minutes_queue: String,
    /// URL of the queue of retries beyond a hop.
    pub retry_hours_queue: String,
    /// Longest time that one message waits in a queue.
    pub hop_limit: Duration,
    /// Place where secrets are kept.
    pub vault: VaultKind,
    /// Stack that the function is part of, which the names of all its secrets begin with.
    pub stack: String,
    /// KMS key that secrets are encrypted under, instead of Secrets Manager's own.
    pub kms_key: Option<String>,
    /// True if the stack's own operator token opens anything.
    pub root_token: bool,
    /// Networks that deliveries may reach although they are not public.
    pub allow_networks: AllowNetworks,
    /// Name servers that are asked instead of the system's, if there are any.
    pub name_servers: NameServers,
    /// Schedule of retries.
    pub retry_schedule: Schedule,
    /// Time limit of an attempt.
    pub delivery_timeout: Duration,
    /// Envelope of deliveries.
    pub envelope: Envelope,
    /// `User-Agent` of deliveries, if it is another than the usual one.
    pub user_agent: Option<String>,
    /// Header of the legacy signature.
    pub legacy_signature_header: Option<HeaderName>,
    /// Service whose clients the API answers as they expect.
    pub compatibility: Compatibility,
    /// Jurisdictions that are distinguished.
    pub jurisdictions: Jurisdictions,
    /// Prefix of API keys.
    pub key_prefix: KeyPrefix,
    /// Retention time of logs.
    pub log_retention: Duration,
    /// Extent of failing of which the operator is told.
    pub failing: Failing,
    /// Limits of accounts.
    pub limits: Limits,
    /// Base of the addresses of portal sessions; by default the address of the API, see [`crate::http`].
    pub public_url: Option<String>,
    /// Sites that may show the dashboard in a frame.
    pub frame_ancestors: Vec<String>,
    /// Filter of log lines.
    pub log: Targets,
    /// Address of X-Ray's daemon, if there is one.
    pub xray_daemon: Option<SocketAddr>,
    /// Address of SNS that is used instead of its region's.
    pub sns_endpoint: Option<url::Url>,
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// All problems, each with its variable.
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
            kms_key: reader.optional(&table::KMS_KEY),
            root_token: reader.required(&table::ROOT_TOKEN),
            allow_networks: reader.optional(&table::ALLOW_NETWORKS).unwrap_or_default(),
            name_servers: reader.optional(&table::NAME_SERVERS).unwrap_or_default(),
            retry_schedule: reader.required(&table::RETRY_SCHEDULE),
            delivery_timeout: reader.required(&table::DELIVERY_TIMEOUT),
            envelope: Envelope::read(reader),
            user_agent: reader.optional(&table::USER_AGENT),
            legacy_signature_header: reader.optional(&table::LEGACY_SIGNATURE_HEADER),
            compatibility: reader.required(&table::COMPATIBILITY),
            jurisdictions: reader.optional(&table::JURISDICTIONS).unwrap_or_default(),
            key_prefix: reader.required(&table::KEY_PREFIX),
            log_retention: reader.required(&table::LOG_RETENTION),
            failing: Failing::read(reader),
            limits: Limits::read(reader),
            public_url: reader.optional(&table::PUBLIC_URL),
            frame_ancestors: reader.optional(&table::FRAME_ANCESTORS).unwrap_or_default(),
            log: reader.required(&table::LOG_TARGETS),
            xray_daemon: reader.optional(&table::XRAY_DAEMON).flatten(),
            sns_endpoint: reader.optional(&table::SNS_ENDPOINT),
        }
    }
}

#[cfg(test)]
mod tests;
