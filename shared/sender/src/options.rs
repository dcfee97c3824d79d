//! Options of the sender.

use std::{error::Error, time::Duration};

use guard::AllowNetworks;

/// Options of the sender, which the operator sets.
#[derive(Debug, Clone)]
pub struct Options {
    /// Time limit of an attempt, from name resolution to the end of the excerpt. 15 seconds by
    /// default.
    pub timeout: Duration,
    /// Networks that deliveries may reach although they are not public. None by default.
    pub allow_networks: AllowNetworks,
    /// Certificates, PEM, of authorities that are trusted besides the system's.
    pub extra_ca_pem: Option<Vec<u8>>,
    /// Address of SNS that is used instead of its region's public one. The operator chooses it, so
    /// the guard does not check its addresses. If a region's own address leads into a private
    /// network (an interface endpoint), set it here.
    pub sns_endpoint: Option<String>,
    /// Value of the `user-agent` header.
    pub user_agent: String,
    /// Number of connections, of all accounts, that may wait for the next delivery. Each holds a
    /// descriptor.
    pub max_idle: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(15),
            allow_networks: AllowNetworks::default(),
            extra_ca_pem: None,
            sns_endpoint: None,
            user_agent: concat!("Latchhook-Webhook/", env!("CARGO_PKG_VERSION")).to_owned(),
            max_idle: 1024,
        }
    }
}

/// Error for options that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidOptions {
    /// The extra authorities are not PEM certificates, or one of them can't be an authority.
    #[error("the extra CA certificates can't be used")]
    ExtraCa(#[source] Box<dyn Error + Send + Sync>),
    /// The user agent is not a valid header value.
    #[error("the user agent has characters that can't stand in a header")]
    UserAgent,
}
