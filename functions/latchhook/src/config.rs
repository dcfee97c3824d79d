//! The server's configuration: which settings of [`settings::table`] it takes.

mod flags;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use domain::{Secret, delivery::Schedule, key::token::KeyPrefix};
use guard::AllowNetworks;
use http::HeaderName;
use resolver::NameServers;
use settings::{LogFormat, Problems, Reader, Subset, table};

pub(crate) use flags::Flags;

/// What the server runs with.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Where everything is kept.
    pub(crate) data_dir: PathBuf,
    /// Where the API listens.
    pub(crate) listen: SocketAddr,
    /// The operator's token; without one the server makes its own on its first start.
    pub(crate) operator_token: Option<Secret>,
    /// Networks that deliveries may reach although they are not public.
    pub(crate) allow_networks: AllowNetworks,
    /// Name servers that are asked instead of the system's, if there are any.
    pub(crate) name_servers: NameServers,
    /// When a failed delivery is tried again.
    pub(crate) retry_schedule: Schedule,
    /// The longest that an attempt may take in all.
    pub(crate) delivery_timeout: Duration,
    /// Certificates, PEM, that deliveries trust beside the system's.
    pub(crate) extra_ca: Option<Vec<u8>>,
    /// The header that carries the legacy signature.
    pub(crate) legacy_signature_header: Option<HeaderName>,
    /// What API keys start with.
    pub(crate) key_prefix: KeyPrefix,
    /// How long logs are kept.
    pub(crate) log_retention: Duration,
    /// Requests that each API key may make in a minute.
    pub(crate) rate_limit: u32,
    /// What the addresses of portal sessions start with, without a slash at the end; without it,
    /// the address listened on.
    pub(crate) public_url: Option<String>,
    /// Sites that may show the dashboard in a frame.
    pub(crate) frame_ancestors: Vec<String>,
    /// Which log lines are written.
    pub(crate) log: String,
    /// How log lines are written; without it, for people on a terminal and JSON elsewhere.
    pub(crate) log_format: Option<LogFormat>,
    /// Where SNS is reached instead of at its region's address.
    pub(crate) sns_endpoint: Option<url::Url>,
    /// First attempts that may run at once.
    pub(crate) concurrency: usize,
    /// Retries that may run at once.
    pub(crate) retry_concurrency: usize,
    /// Attempts that may run at once to one webhook.
    pub(crate) endpoint_concurrency: usize,
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// Every problem there is, each with the place of its value; never a secret's value.
    pub(crate) fn read(flags: &Flags, env: &BTreeMap<String, String>) -> Result<Self, Problems> {
        settings::read(&flags.0, env)
    }
}

impl Subset for Settings {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            data_dir: reader.required(&table::DATA_DIR),
            listen: reader.required_or(&table::LISTEN, SocketAddr::from(([127, 0, 0, 1], 8080))),
            operator_token: reader.optional(&table::OPERATOR_TOKEN),
            allow_networks: reader.optional(&table::ALLOW_NETWORKS).unwrap_or_default(),
            name_servers: reader.optional(&table::NAME_SERVERS).unwrap_or_default(),
            retry_schedule: reader.required(&table::RETRY_SCHEDULE),
            delivery_timeout: reader.required(&table::DELIVERY_TIMEOUT),
            extra_ca: reader.optional(&table::EXTRA_CA_FILE),
            legacy_signature_header: reader.optional(&table::LEGACY_SIGNATURE_HEADER),
            key_prefix: reader.required(&table::KEY_PREFIX),
            log_retention: reader.required(&table::LOG_RETENTION),
            rate_limit: reader.required(&table::RATE_LIMIT),
            public_url: reader.optional(&table::PUBLIC_URL),
            frame_ancestors: reader.optional(&table::FRAME_ANCESTORS).unwrap_or_default(),
            log: reader.required(&table::LOG),
            log_format: reader.optional(&table::LOG_FORMAT),
            sns_endpoint: reader.optional(&table::SNS_ENDPOINT),
            concurrency: reader.required(&table::CONCURRENCY),
            retry_concurrency: reader.required(&table::RETRY_CONCURRENCY),
            endpoint_concurrency: reader.required(&table::ENDPOINT_CONCURRENCY),
        }
    }
}

#[cfg(test)]
mod tests;
