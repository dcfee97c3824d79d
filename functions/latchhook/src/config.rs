//! The server's configuration: flags over environment over file over defaults, checked whole.
//!
//! Everything is read from what is passed in, so that a test needs no process environment; every
//! problem is named at once.

mod file;
mod flags;
mod parse;
mod source;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use domain::{Secret, delivery::Schedule, key::token::KeyPrefix};
use guard::AllowNetworks;
use http::HeaderName;
use settings::{Problems, Reader, parse as common};

pub(crate) use flags::Flags;
pub(crate) use parse::LogFormat;
use source::Sources;

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
    /// What the addresses of portal sessions start with; without it, the address listened on.
    pub(crate) public_url: Option<url::Url>,
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
        let mut problems = Problems::default();
        let sources = Sources::gather(flags, env, &mut problems);
        let settings = Self::check(&sources, &mut problems);
        problems.none().map(|()| settings)
    }

    /// The settings as far as they can be understood; for what can't be, any value and a problem.
    fn check(sources: &Sources, problems: &mut Problems) -> Self {
        let mut read = Reader { source: sources, problems };
        Self {
            data_dir: read.required("data_dir", parse::path).unwrap_or_default(),
            listen: read
                .required("listen", parse::address)
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080))),
            operator_token: read.optional("operator_token", common::operator_token),
            allow_networks: read.optional("allow_networks", common::networks).unwrap_or_default(),
            retry_schedule: read.required("retry_schedule", common::schedule).unwrap_or_default(),
            delivery_timeout: read
                .required("delivery_timeout", common::attempt_timeout)
                .unwrap_or_default(),
            extra_ca: read.optional("extra_ca_file", parse::certificates),
            legacy_signature_header: read.optional("legacy_signature_header", common::header),
            key_prefix: read.required("key_prefix", common::key_prefix).unwrap_or_default(),
            log_retention: read.required("log_retention", common::retention).unwrap_or_default(),
            rate_limit: read.required("rate_limit", common::positive).unwrap_or_default(),
            public_url: read.optional("public_url", common::http_url),
            frame_ancestors: read.optional("frame_ancestors", common::sites).unwrap_or_default(),
            log: read.required("log", parse::log_filter).unwrap_or_default(),
            log_format: read.optional("log_format", parse::log_format),
            sns_endpoint: read.optional("sns_endpoint", common::http_url),
            concurrency: read.required("concurrency", parse::workers).unwrap_or_default(),
            retry_concurrency: read
                .required("retry_concurrency", parse::workers)
                .unwrap_or_default(),
            endpoint_concurrency: read
                .required("endpoint_concurrency", parse::workers)
                .unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests;
