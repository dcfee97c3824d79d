//! `https://` and `http://` endpoints.

use std::fmt;

use url::Host;

use super::{MASK, UrlRejection, has_blank, percent};
use crate::{redaction, secret::Secret};

/// An HTTP or HTTPS endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpUrl {
    /// True for `https://`.
    pub tls: bool,
    /// Host name in lower-case ASCII (punycode) without a trailing dot, or an address. An
    /// IPv4-mapped IPv6 address becomes the IPv4 address.
    pub host: Host<String>,
    /// Port, the scheme's default if the URL names none; never 0.
    pub port: u16,
    /// Path and query, from the first `/`; no fragment.
    pub path_and_query: String,
    /// Credentials for the `Authorization` header.
    pub credentials: Option<Credentials>,
}

/// Basic authentication (RFC 7617).
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// User name, percent-decoded; contains no colon. With an empty password it is itself the
    /// secret, as where an API key serves as user name.
    pub user: String,
    /// Password, percent-decoded; may be empty.
    pub password: Secret,
}

impl HttpUrl {
    /// Returns `https` or `http`.
    #[must_use]
    pub const fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }

    /// Returns the host, and the port unless it is the scheme's default: the value of the `Host`
    /// header.
    #[must_use]
    pub fn authority(&self) -> String {
        if self.port == default_port(self.tls) {
            self.host.to_string()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    pub(super) fn has_mask(&self) -> bool {
        let is_masked = |Credentials { user, password }: &Credentials| {
            redaction::has_mask(user) || redaction::has_mask(password.expose())
        };
        self.credentials.as_ref().is_some_and(is_masked)
            || redaction::has_mask(&self.path_and_query)
    }

    pub(super) fn canonical(&self) -> String {
        self.with_user_info(self.credentials.as_ref().map(Credentials::encoded))
    }

    fn with_user_info(&self, user_info: Option<String>) -> String {
        let (scheme, authority, path) = (self.scheme(), self.authority(), &self.path_and_query);
        match user_info {
            Some(user_info) => format!("{scheme}://{user_info}@{authority}{path}"),
            None => format!("{scheme}://{authority}{path}"),
        }
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_user_info(self.credentials.as_ref().map(Credentials::masked)))
    }
}

impl Credentials {
    fn encoded(&self) -> String {
        let user = percent::encode(&self.user);
        match self.password.expose() {
            "" => user,
            password => format!("{user}:{}", percent::encode(password)),
        }
    }

    fn masked(&self) -> String {
        match self.password.expose() {
            "" => MASK.to_owned(),
            _ => format!("{}:{MASK}", percent::encode(&self.user)),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Credentials").field(&self.masked()).finish()
    }
}

/// Parses `text`; `rest` is the part after `://`.
pub(super) fn parse(text: &str, rest: &str, tls: bool) -> Result<HttpUrl, UrlRejection> {
    refuse_ambiguous(text, rest)?;
    let url = url::Url::parse(text).map_err(|error| UrlRejection::Invalid(explain(error)))?;
    if url.fragment().is_some() {
        return Err(UrlRejection::Invalid("the URL has a fragment (#…)"));
    }
    let port = url.port().unwrap_or(default_port(tls));
    if port == 0 {
        return Err(UrlRejection::Invalid("the port is 0"));
    }
    Ok(HttpUrl {
        tls,
        host: canonical_host(&url)?,
        port,
        path_and_query: path_and_query(&url)?,
        credentials: credentials(&url)?,
    })
}

/// Rejects texts that the WHATWG parser reads leniently and others read differently. Endpoints
/// don't need them, and attacks are built on such differences.
fn refuse_ambiguous(text: &str, rest: &str) -> Result<(), UrlRejection> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if has_blank(text) {
        Err(UrlRejection::Invalid("the URL contains a blank or a control character"))
    } else if text.contains('\\') {
        Err(UrlRejection::Invalid("the URL contains a backslash"))
    } else if authority.is_empty() {
        Err(UrlRejection::Invalid("the URL has no host"))
    } else if authority.matches('@').count() > 1 {
        Err(UrlRejection::Invalid("an @ in the user name or password must be written %40"))
    } else {
        Ok(())
    }
}

fn explain(error: url::ParseError) -> &'static str {
    match error {
        url::ParseError::EmptyHost => "the URL has no host",
        url::ParseError::InvalidPort => "the port is not a number up to 65535",
        url::ParseError::InvalidIpv4Address => "the host is not a valid IPv4 address",
        url::ParseError::InvalidIpv6Address => "the host is not a valid IPv6 address",
        url::ParseError::IdnaError | url::ParseError::InvalidDomainCharacter => NOT_A_NAME,
        _ => "not a valid URL",
    }
}

const NOT_A_NAME: &str = "the host is not a valid domain name";

fn canonical_host(url: &url::Url) -> Result<Host<String>, UrlRejection> {
    match url.host() {
        Some(Host::Domain(name)) => {
            // A trailing dot only marks the name as absolute, and every name here is.
            let name = name.strip_suffix('.').unwrap_or(name);
            if is_name(name) {
                Ok(Host::Domain(name.to_owned()))
            } else {
                Err(UrlRejection::Invalid(NOT_A_NAME))
            }
        }
        Some(Host::Ipv4(address)) => Ok(Host::Ipv4(address)),
        Some(Host::Ipv6(address)) => {
            Ok(address.to_ipv4_mapped().map_or(Host::Ipv6(address), Host::Ipv4))
        }
        None => Err(UrlRejection::Invalid("the URL has no host")),
    }
}

/// Returns whether `name` is a host name: lengths by RFC 1035, section 2.3.4; letters, digits,
/// hyphens, and underscores, which occur in practice.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

fn path_and_query(url: &url::Url) -> Result<String, UrlRejection> {
    const BROKEN: UrlRejection = UrlRejection::Invalid("a % is not followed by two hex digits");
    let path = percent::normalize(url.path()).ok_or(BROKEN)?;
    match url.query() {
        Some(query) => Ok(format!("{path}?{}", percent::normalize(query).ok_or(BROKEN)?)),
        None => Ok(path),
    }
}

fn credentials(url: &url::Url) -> Result<Option<Credentials>, UrlRejection> {
    const BROKEN: UrlRejection =
        UrlRejection::Invalid("the user name or password is not percent-encoded UTF-8");
    let user = percent::decode(url.username()).ok_or(BROKEN)?;
    let password = percent::decode(url.password().unwrap_or_default()).ok_or(BROKEN)?;
    if user.is_empty() && password.is_empty() {
        return Ok(None);
    }
    if user.contains(':') || user.contains(char::is_control) || password.contains(char::is_control)
    {
        return Err(UrlRejection::Invalid(
            "a user name can't contain a colon, and neither it nor the password control characters",
        ));
    }
    Ok(Some(Credentials { user, password: Secret::new(password) }))
}

const fn default_port(tls: bool) -> u16 {
    if tls { 443 } else { 80 }
}
