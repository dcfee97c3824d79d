//! What each setting may be.

use std::time::Duration;

use domain::{
    Secret, delivery,
    key::token::{KeyPrefix, NotAKeyPrefix},
};
use guard::{AllowNetworks, NotANetwork};
use http::HeaderName;

/// Understands a setting's text, or says what it must be. Never repeats a secret.
pub type Parse<T> = fn(&str) -> Result<T, String>;

/// The operator's token.
///
/// # Errors
/// What it must be, without what it is.
pub fn operator_token(text: &str) -> Result<Secret, String> {
    let long = |rest: &str| rest.len() >= 32 && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    match text.strip_prefix("lhop_") {
        Some(rest) if long(rest) => Ok(Secret::new(text)),
        _ => Err("must be lhop_ and at least 32 letters or digits".to_owned()),
    }
}

/// Networks that deliveries may reach although they are not public.
///
/// # Errors
/// What it must be.
pub fn networks(text: &str) -> Result<AllowNetworks, String> {
    text.parse().map_err(|why: NotANetwork| why.to_string())
}

/// When a failed delivery is tried again.
///
/// # Errors
/// What it must be.
pub fn schedule(text: &str) -> Result<delivery::Schedule, String> {
    text.parse().map_err(|why: delivery::NotASchedule| why.to_string())
}

/// A duration from `least` to `most`, which is `range` in words.
///
/// # Errors
/// What it must be.
pub fn duration(
    text: &str,
    least: Duration,
    most: Duration,
    range: &str,
) -> Result<Duration, String> {
    let parsed = delivery::duration(text).ok_or_else(|| {
        format!("{text:?} is not a duration, such as 1500ms, 15s, 10m, 24h or 30d")
    })?;
    if (least..=most).contains(&parsed) { Ok(parsed) } else { Err(format!("must be {range}")) }
}

/// The longest that an attempt may take.
///
/// # Errors
/// What it must be.
pub fn attempt_timeout(text: &str) -> Result<Duration, String> {
    duration(text, Duration::from_millis(100), Duration::from_mins(5), "from 100ms to 5m")
}

/// How long logs are kept.
///
/// # Errors
/// What it must be.
pub fn retention(text: &str) -> Result<Duration, String> {
    let most = Duration::from_hours(3650 * 24);
    duration(text, Duration::from_secs(1), most, "from 1s to 3650d")
}

/// The header of the legacy signature.
///
/// # Errors
/// What it must be.
pub fn header(text: &str) -> Result<HeaderName, String> {
    /// What the sender, HTTP itself or Standard Webhooks says with them.
    const TAKEN: [&str; 11] = [
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "te",
        "transfer-encoding",
        "user-agent",
        "webhook-id",
        "webhook-signature",
        "webhook-timestamp",
    ];
    let name: HeaderName = text.parse().map_err(|_| format!("{text:?} is not a header's name"))?;
    if TAKEN.contains(&name.as_str()) {
        return Err(format!("{text:?} already has a meaning in a delivery"));
    }
    Ok(name)
}

/// What API keys start with.
///
/// # Errors
/// What it must be.
pub fn key_prefix(text: &str) -> Result<KeyPrefix, String> {
    text.parse().map_err(|why: NotAKeyPrefix| why.to_string())
}

/// A whole number from 1 to `most`.
///
/// # Errors
/// What it must be.
pub fn number(text: &str, most: u32) -> Result<u32, String> {
    let wrong = || format!("must be a whole number from 1 to {most}");
    text.parse().ok().filter(|number| (1..=most).contains(number)).ok_or_else(wrong)
}

/// Any whole number but zero.
///
/// # Errors
/// What it must be.
pub fn positive(text: &str) -> Result<u32, String> {
    number(text, u32::MAX)
}

/// An address of ours: `http` or `https`, without credentials or query.
///
/// # Errors
/// What it must be; not what it is.
pub fn http_url(text: &str) -> Result<url::Url, String> {
    // Not repeated: it may hold a password.
    let wrong = || "must be an http:// or https:// URL without credentials or query".to_owned();
    let url: url::Url = text.parse().map_err(|_| wrong())?;
    let plain = url.username().is_empty() && url.password().is_none();
    let fits = matches!(url.scheme(), "http" | "https") && plain && url.query().is_none();
    if fits { Ok(url) } else { Err(wrong()) }
}

/// Sites as `frame-ancestors` of a Content-Security-Policy names them.
///
/// # Errors
/// What one of them must be.
pub fn sites(text: &str) -> Result<Vec<String>, String> {
    let sites = text.split(',').map(str::trim).filter(|site| !site.is_empty());
    sites
        .map(|site| if is_site(site) { Ok(site.to_owned()) } else { Err(not_a_site(site)) })
        .collect()
}

fn not_a_site(text: &str) -> String {
    format!("{text:?} is not a site, such as https://app.example.com or https://*.example.com")
}

/// `https://`, or `http://` for development, a host whose first label may be `*`, and a port.
fn is_site(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let (host, port) = rest.map_or(("", None), |rest| match rest.split_once(':') {
        None => (rest, None),
        Some((host, port)) => (host, Some(port)),
    });
    let host = host.strip_prefix("*.").unwrap_or(host);
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    host.split('.').all(is_label) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}
