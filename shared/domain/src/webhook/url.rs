//! URL of a webhook: the address of its deliveries.
//!
//! A URL is parsed once, when it is set, and stored in one canonical spelling. Two texts that mean
//! the same endpoint become equal values, and uniqueness is decided by that. Allowed networks are
//! not checked here: that takes a resolver and is the sender's work.

mod http;
mod percent;
mod sns;
#[cfg(test)]
mod tests;

use std::fmt;

pub use http::{Credentials, HttpUrl};
pub use sns::SnsTopic;

use crate::{kinds::Environment, redaction::MASK, secret::Secret};

/// Maximum length of a URL in bytes, both as written and in its canonical spelling.
const MAX_URL_BYTES: usize = 2048;

/// Webhook URL that is parsed and passed the rules that need no network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookUrl {
    /// HTTP endpoint: `https://` or `http://`.
    Http(HttpUrl),
    /// Amazon SNS topic: `sns://`.
    Sns(SnsTopic),
}

/// Reason for rejecting a URL. The sentences are for people and quote nothing of the URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlRejection {
    /// The text is not a URL, or has no place for a delivery.
    #[error("{0}")]
    Invalid(&'static str),
    /// The scheme is not supported, or not in this environment.
    #[error("{0}")]
    Scheme(&'static str),
    /// The URL starts with `sns://` but is not of the form
    /// `sns://<key_id>:<access_key>@<region>/<topic_owner>/<topic_name>`.
    #[error("{0}")]
    Sns(&'static str),
}

impl WebhookUrl {
    /// Parses `text` as the URL of a webhook in `environment`. Also accepts a URL as it is shown,
    /// which [has a mask](Self::has_mask).
    ///
    /// # Errors
    /// [`UrlRejection`] names the rule that was broken.
    pub fn parse(text: &str, environment: Environment) -> Result<Self, UrlRejection> {
        let url = Self::read(text)?;
        match &url {
            Self::Http(http) if !http.tls && environment != Environment::Test => {
                Err(UrlRejection::Scheme("http:// is for the test environment; use https://"))
            }
            _ => Ok(url),
        }
    }

    /// Parses the output of [`canonical`](Self::canonical), of either environment: a URL that was
    /// accepted before.
    ///
    /// # Errors
    /// [`UrlRejection`] when `text` is not such an output.
    pub fn from_canonical(text: &str) -> Result<Self, UrlRejection> {
        Self::read(text)
    }

    fn read(text: &str) -> Result<Self, UrlRejection> {
        if text.len() > MAX_URL_BYTES {
            return Err(UrlRejection::Invalid("the URL is longer than 2048 bytes"));
        }
        let (scheme, rest) = text
            .split_once("://")
            .filter(|(scheme, _)| is_scheme(scheme))
            .ok_or_else(|| not_absolute(text))?;
        let url = if scheme.eq_ignore_ascii_case("sns") {
            Self::Sns(sns::parse(rest)?)
        } else if scheme.eq_ignore_ascii_case("https") {
            Self::Http(http::parse(text, rest, true)?)
        } else if scheme.eq_ignore_ascii_case("http") {
            Self::Http(http::parse(text, rest, false)?)
        } else {
            return Err(UrlRejection::Scheme("the scheme is not https:// or sns://"));
        };
        // The stored URL must be readable again, and escaping makes it longer than the text given.
        if url.canonical().expose().len() > MAX_URL_BYTES {
            return Err(UrlRejection::Invalid("the URL is longer than 2048 bytes when escaped"));
        }
        Ok(url)
    }

    /// Returns the URL with its credentials, in the one spelling in which it is stored and
    /// compared: texts with the same meaning have the same one. Without credentials it equals the
    /// shown form.
    #[must_use]
    pub fn canonical(&self) -> Secret {
        Secret::new(match self {
            Self::Http(http) => http.canonical(),
            Self::Sns(topic) => topic.canonical(),
        })
    }

    /// Returns whether the URL carries credentials.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        match self {
            Self::Http(http) => http.credentials.is_some(),
            Self::Sns(_) => true,
        }
    }

    /// Returns whether a mask is anywhere in the URL: it was copied from where a URL is shown, and
    /// perhaps changed.
    #[must_use]
    pub fn has_mask(&self) -> bool {
        match self {
            Self::Http(http) => http.has_mask(),
            Self::Sns(topic) => topic.access_key.expose().contains(MASK),
        }
    }

    /// Returns whether the URL means the same as `shown`, a URL as people see it, masks included,
    /// which may be escaped.
    #[must_use]
    pub fn is_shown_as(&self, shown: &str) -> bool {
        Self::read(shown)
            .is_ok_and(|shown| shown.with_plain_masks() == self.clone().with_plain_masks())
    }

    fn with_plain_masks(mut self) -> Self {
        if let Self::Http(http) = &mut self {
            http.path_and_query = http.path_and_query.replace("%2A", "*");
        }
        self
    }
}

/// Shows the URL with its credentials masked (`https://user:****@…`, `sns://AKIA…:****@…`).
impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(http) => http.fmt(f),
            Self::Sns(topic) => topic.fmt(f),
        }
    }
}

fn not_absolute(text: &str) -> UrlRejection {
    let scheme = text.split(':').next().unwrap_or_default();
    if scheme.len() < text.len() && scheme.eq_ignore_ascii_case("sns") {
        return sns::SHAPE;
    }
    UrlRejection::Invalid("not an absolute URL; it starts with https:// or sns://")
}

/// Returns whether `text` is a scheme as defined by RFC 3986, section 3.1.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

fn has_blank(text: &str) -> bool {
    text.contains(|c: char| c.is_whitespace() || c.is_control())
}
