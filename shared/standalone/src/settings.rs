//! Settings of the server: those that it takes of [`settings::table`].

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use dashboard::Branding;
use domain::{
    Compatibility, Envelope, Jurisdictions, Limits, Secret,
    delivery::{Failing, Schedule},
    key::token::KeyPrefix,
};
use guard::AllowNetworks;
use http::HeaderName;
use resolver::NameServers;
use settings::{LogFormat, Reader, SignIn, Subset, TraceLevel, table};

/// Settings of the server.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Data directory.
    pub data_dir: PathBuf,
    /// Address on which the API listens.
    pub listen: SocketAddr,
    /// Operator's token; without one the server makes its own on its first start.
    pub operator_token: Option<Secret>,
    /// True if that token opens anything.
    pub root_token: bool,
    /// Ways of signing in to the operator's pages.
    pub sign_in: SignIn,
    /// Networks that deliveries may reach although they are not public.
    pub allow_networks: AllowNetworks,
    /// Name servers that are asked instead of the system's, if there are any.
    pub name_servers: NameServers,
    /// Schedule of retries.
    pub retry_schedule: Schedule,
    /// Time limit of an attempt.
    pub delivery_timeout: Duration,
    /// Certificates, PEM, that deliveries trust besides the system's.
    pub extra_ca: Option<Vec<u8>>,
    /// Envelope of deliveries.
    pub envelope: Envelope,
    /// `User-Agent` of deliveries, if it is another than the usual one.
    pub user_agent: Option<String>,
    /// Header of the legacy signature.
    pub legacy_signature_header: Option<HeaderName>,
    /// Service whose clients the API answers as they expect.
    pub compatibility: Compatibility,
    /// True if deliveries carry the trace that they belong to.
    pub send_traceparent: bool,
    /// Level of the spans that are exported.
    pub trace_level: TraceLevel,
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
    /// Base of the addresses of portal sessions, without a slash at the end; without it, the
    /// address listened on.
    pub public_url: Option<String>,
    /// Sites that may show the dashboard in a frame.
    pub frame_ancestors: Vec<String>,
    /// Look of the customers' pages, and their words.
    pub branding: Branding,
    /// Filter of log lines.
    pub log: String,
    /// Format of log lines; by default text on a terminal and JSON elsewhere.
    pub log_format: Option<LogFormat>,
    /// Address of SNS that is used instead of its region's.
    pub sns_endpoint: Option<url::Url>,
    /// Number of free bytes on the disk below which log rows are dropped.
    pub min_free_space: u64,
    /// Number of first attempts that may run at once.
    pub concurrency: usize,
    /// Number of retries that may run at once.
    pub retry_concurrency: usize,
    /// Number of attempts that may run at once to one webhook.
    pub endpoint_concurrency: usize,
    /// Longest time until the first byte of a connection, and from then on for a request's head.
    pub head_timeout: Duration,
    /// Longest time for a request's whole body.
    pub body_timeout: Duration,
    /// Longest time in which a client takes a whole answer.
    pub answer_timeout: Duration,
    /// Longest time for which a connection without a request is kept.
    pub idle_timeout: Duration,
    /// Number of connections that clients may have open at once.
    pub max_connections: usize,
    /// Memory for the bodies of requests under way, in MiB.
    pub body_memory: usize,
}

impl Subset for Settings {
    fn read(reader: &mut Reader<'_>) -> Self {
        Self {
            data_dir: reader.required(&table::DATA_DIR),
            listen: reader.required_or(&table::LISTEN, SocketAddr::from(([127, 0, 0, 1], 8080))),
            operator_token: reader.optional(&table::OPERATOR_TOKEN),
            root_token: reader.required(&table::ROOT_TOKEN),
            sign_in: SignIn::read(reader),
            allow_networks: reader.optional(&table::ALLOW_NETWORKS).unwrap_or_default(),
            name_servers: reader.optional(&table::NAME_SERVERS).unwrap_or_default(),
            retry_schedule: reader.required(&table::RETRY_SCHEDULE),
            delivery_timeout: reader.required(&table::DELIVERY_TIMEOUT),
            extra_ca: reader.optional(&table::EXTRA_CA_FILE),
            envelope: Envelope::read(reader),
            user_agent: reader.optional(&table::USER_AGENT),
            legacy_signature_header: reader.optional(&table::LEGACY_SIGNATURE_HEADER),
            compatibility: reader.required(&table::COMPATIBILITY),
            send_traceparent: reader.required(&table::SEND_TRACEPARENT),
            trace_level: reader.required(&table::TRACE_LEVEL),
            jurisdictions: reader.optional(&table::JURISDICTIONS).unwrap_or_default(),
            key_prefix: reader.required(&table::KEY_PREFIX),
            log_retention: reader.required(&table::LOG_RETENTION),
            failing: Failing::read(reader),
            limits: Limits::read(reader),
            public_url: reader.optional(&table::PUBLIC_URL),
            frame_ancestors: reader.optional(&table::FRAME_ANCESTORS).unwrap_or_default(),
            branding: Branding::read(reader),
            log: reader.required(&table::LOG),
            log_format: reader.optional(&table::LOG_FORMAT),
            sns_endpoint: reader.optional(&table::SNS_ENDPOINT),
            min_free_space: reader.required(&table::MIN_FREE_SPACE),
            concurrency: reader.required(&table::CONCURRENCY),
            retry_concurrency: reader.required(&table::RETRY_CONCURRENCY),
            endpoint_concurrency: reader.required(&table::ENDPOINT_CONCURRENCY),
            head_timeout: reader.required(&table::HEAD_TIMEOUT),
            body_timeout: reader.required(&table::BODY_TIMEOUT),
            answer_timeout: reader.required(&table::ANSWER_TIMEOUT),
            idle_timeout: reader.required(&table::IDLE_TIMEOUT),
            max_connections: reader.required(&table::MAX_CONNECTIONS),
            body_memory: reader.required(&table::BODY_MEMORY),
        }
    }
}

#[cfg(test)]
mod tests;
