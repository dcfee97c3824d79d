//! Headers of a webhook's own, which are sent with every attempt.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// Largest number of headers of a webhook's own.
pub const MOST_HEADERS: usize = 20;
/// Largest length of a name, in bytes.
const LONGEST_NAME: usize = 128;
/// Largest length of a value, in bytes.
const LONGEST_VALUE: usize = 1024;

/// Names that are ours, or belong to HTTP's framing.
const RESERVED: &[&str] = &[
    "accept",
    "connection",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];
/// Beginnings of names that are ours, or belong to HTTP's framing.
const RESERVED_UNDER: &[&str] = &["content-", "webhook-", "svix-"];

/// Headers of a webhook's own: their names, and the number under which the vault has their values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headers {
    /// Names as they were written, each once.
    pub names: Vec<String>,
    /// Number of the values in the vault.
    pub secret: u32,
}

impl Headers {
    /// Returns whether one of them is `Authorization`.
    #[must_use]
    pub fn have_authorization(&self) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case("authorization"))
    }
}

/// Name of a header that a webhook may have of its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeaderName(String);

/// Error: the text can't be the name of a header of a webhook's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAHeaderName {
    /// The text is no token (RFC 9110, section 5.6.2), or too long.
    #[error("must have names of 1 to {LONGEST_NAME} letters, digits and any of !#$%&'*+-.^_`|~")]
    Token,
    /// The header is one of ours, or of HTTP's framing.
    #[error("must not have a header that deliveries have already, or that belongs to HTTP itself")]
    Reserved,
}

impl HeaderName {
    /// Returns the name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether it is the header `name`, in whatever case.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }
}

impl FromStr for HeaderName {
    type Err = NotAHeaderName;

    fn from_str(text: &str) -> Result<Self, NotAHeaderName> {
        let is_token =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if !(1..=LONGEST_NAME).contains(&text.len()) || !text.bytes().all(is_token) {
            return Err(NotAHeaderName::Token);
        }
        let lower = text.to_ascii_lowercase();
        let is_reserved = RESERVED.contains(&lower.as_str())
            || RESERVED_UNDER.iter().any(|beginning| lower.starts_with(beginning));
        if is_reserved { Err(NotAHeaderName::Reserved) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Value of a header of a webhook's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderValue(Secret);

/// Error: the text can't be the value of a header of a webhook's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must have values of 1 to {LONGEST_VALUE} visible ASCII characters, with blanks only between them"
)]
pub struct NotAHeaderValue;

impl HeaderValue {
    /// Checks a value.
    ///
    /// # Errors
    /// [`NotAHeaderValue`].
    pub fn parse(text: Secret) -> Result<Self, NotAHeaderValue> {
        let bytes = text.expose().as_bytes();
        let is_value = (1..=LONGEST_VALUE).contains(&bytes.len())
            && bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ')
            && !bytes.starts_with(b" ")
            && !bytes.ends_with(b" ");
        if is_value { Ok(Self(text)) } else { Err(NotAHeaderValue) }
    }

    /// Returns the value itself.
    #[must_use]
    pub fn into_secret(self) -> Secret {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_has_a_token_for_a_name() {
        let longest = "x".repeat(LONGEST_NAME);
        for name in ["X-Tenant", "authorization", "x_y.z~", "Cookie", "!", &longest] {
            assert_eq!(name.parse().map(|name: HeaderName| name.to_string()), Ok(name.to_owned()));
        }
        let too_long = "x".repeat(LONGEST_NAME + 1);
        for name in ["", "a b", "a:", "é", "a\r\nb", "a\"b", "(a)", &too_long] {
            assert_eq!(name.parse::<HeaderName>(), Err(NotAHeaderName::Token), "{name}");
        }
    }

    #[test]
    fn a_header_is_neither_ours_nor_of_the_framing() {
        for name in [
            "Host",
            "CONNECTION",
            "Content-Type",
            "content-length",
            "Content-Anything",
            "User-Agent",
            "Transfer-Encoding",
            "webhook-id",
            "Webhook-Signature",
            "svix-timestamp",
            "Accept",
            "Traceparent",
        ] {
            assert_eq!(name.parse::<HeaderName>(), Err(NotAHeaderName::Reserved), "{name}");
        }
    }

    #[test]
    fn a_value_is_visible() {
        let parse = |text: &str| HeaderValue::parse(Secret::new(text)).map(|_| ());
        for value in ["x", "Bearer a.b-c", "a, b; c=\"d\"", &"x".repeat(LONGEST_VALUE)] {
            assert_eq!(parse(value), Ok(()), "{value}");
        }
        for value in ["", " ", " x", "x ", "a\tb", "a\r\nb", "é", &"x".repeat(LONGEST_VALUE + 1)] {
            assert_eq!(parse(value), Err(NotAHeaderValue), "{value}");
        }
    }
}
