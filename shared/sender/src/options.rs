//! The operator's choices about what leaves the house.

use std::time::Duration;

use guard::AllowNetworks;

/// The operator's choices about what leaves the house.
#[derive(Debug, Clone)]
pub struct Options {
    /// The longest that an attempt may take, from name resolution to the end of the excerpt.
    /// 15 seconds by default.
    pub timeout: Duration,
    /// Networks that deliveries may reach although they are not public. None by default.
    pub allow_networks: AllowNetworks,
    /// Certificates, PEM, of authorities that are trusted beside the system's.
    pub extra_ca_pem: Option<Vec<u8>>,
    /// Where SNS is reached, instead of at its region's public address. It is the operator's own
    /// choice, so the guard does not look at where it leads. Where a region's own address leads
    /// into a private network (an interface endpoint), name it here.
    pub sns_endpoint: Option<String>,
    /// How deliveries introduce themselves.
    pub user_agent: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(15),
            allow_networks: AllowNetworks::default(),
            extra_ca_pem: None,
            sns_endpoint: None,
            user_agent: concat!("Latchhook-Webhook/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Options that can't be worked with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOptions {
    /// The extra authorities are not PEM certificates, or one of them can't be an authority.
    #[error("the extra CA certificates can't be used: {0}")]
    ExtraCa(String),
    /// The user agent can't stand in a header.
    #[error("the user agent has characters that can't stand in a header")]
    UserAgent,
}
