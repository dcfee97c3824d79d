//! Configuration of the server: the settings that it takes of [`settings::table`].

mod flags;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use domain::{Secret, delivery::Schedule, key::token::KeyPrefix};
use guard::AllowNetworks;
use http::HeaderName;
use resolver::NameServers;
use settings::{LogFormat, Problems, Reader, Subset, table};

pub(crate) use flags::Flags;

/// Settings of the server.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// Data directory.
    pub(crate) data_dir: PathBuf,
    /// Address on which the API listens.
    pub(crate) listen: SocketAddr,
    /// Operator's token; without one the server makes its own on its first start.
    pub(crate) operator_token: Option<Secret>,
    /// Networks that deliveries may reach although they are not public.
    pub(crate) allow_networks: AllowNetworks,
    /// Name servers that are asked instead of the system's, if there are any.
    pub(crate) name_servers: NameServers,
    /// Schedule of retries.
    pub(crate) retry_schedule: Schedule,
    /// Time limit of an attempt.
    pub(crate) delivery_timeout: Duration,
    /// Certificates, PEM, that deliveries trust besides the system's.
    pub(crate) extra_ca: Option<Vec<u8>>,
    /// Header of the legacy signature.
    pub(crate) legacy_signature_header: Option<HeaderName>,
    /// Prefix of API keys.
    pub(crate) key_prefix: KeyPrefix,
    /// Retention time of logs.
    pub(crate) log_retention: Duration,
    /// Number of requests that each API key may make in a minute.
    pub(crate) rate_limit: u32,
    /// Base of the addresses of portal sessions, without a slash at the end; without it, the
    /// address listened on.
    pub(crate) public_url: Option<String>,
    /// Sites that may show the dashboard in a frame.
    pub(crate) frame_ancestors: Vec<String>,
    /// Filter of log lines.
    pub(crate) log: String,
    /// Format of log lines; by default text on a terminal and JSON elsewhere.
    pub(crate) log_format: Option<LogFormat>,
    /// Address of SNS that is used instead of its region's.
    pub(crate) sns_endpoint: Option<url::Url>,
    /// Number of first attempts that may run at once.
    pub(crate) concurrency: usize,
    /// Number of retries that may run at once.
    pub(crate) retry_concurrency: usize,
    /// Number of attempts that may run at once to one webhook.
    pub(crate) endpoint_concurrency: usize,
}

impl Settings {
    /// Reads the settings.
    ///
    /// # Errors
    /// All problems, each with the place of its value; never a secret's value.
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
