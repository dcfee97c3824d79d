//! Parsers of the settings' values.

use std::{net::SocketAddr, ops::RangeInclusive, path::PathBuf, time::Duration};

use domain::{
    Secret, delivery,
    key::token::{KeyPrefix, NotAKeyPrefix},
};
use guard::{AllowNetworks, NotANetwork};
use http::HeaderName;
use resolver::{NameServers, NotANameServer};
use tracing_subscriber::{EnvFilter, filter::Targets};

/// Parser of a setting's text; its error says what the text must be, and never repeats a secret.
pub(crate) type Parse<T> = fn(&str) -> Result<T, String>;

/// Parses the operator's token.
pub(crate) fn operator_token(text: &str) -> Result<Secret, String> {
    let long = |rest: &str| rest.len() >= 32 && rest.bytes().all(|b| b.is_ascii_alphanumeric());
    match text.strip_prefix("lhop_") {
        Some(rest) if long(rest) => Ok(Secret::new(text)),
        _ => Err("must be lhop_ and at least 32 letters or digits".to_owned()),
    }
}

/// Parses networks that deliveries may reach although they are not public.
pub(crate) fn networks(text: &str) -> Result<AllowNetworks, String> {
    text.parse().map_err(|why: NotANetwork| why.to_string())
}

/// Parses name servers that are asked instead of the system's.
pub(crate) fn name_servers(text: &str) -> Result<NameServers, String> {
    text.parse().map_err(|why: NotANameServer| why.to_string())
}

/// Parses the schedule of retries.
pub(crate) fn schedule(text: &str) -> Result<delivery::Schedule, String> {
    text.parse().map_err(|why: delivery::NotASchedule| why.to_string())
}

/// Parses a duration in `range`, which the error describes as `words`.
pub(crate) fn duration(
    text: &str,
    range: RangeInclusive<Duration>,
    words: &str,
) -> Result<Duration, String> {
    let parsed = delivery::duration(text).ok_or_else(|| {
        format!("{text:?} is not a duration, such as 1500ms, 15s, 10m, 24h or 30d")
    })?;
    if range.contains(&parsed) { Ok(parsed) } else { Err(format!("must be {words}")) }
}

/// Parses the name of the legacy signature's header.
pub(crate) fn header(text: &str) -> Result<HeaderName, String> {
    /// Headers that the sender, HTTP itself or Standard Webhooks uses already.
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

/// Parses the prefix of API keys.
pub(crate) fn key_prefix(text: &str) -> Result<KeyPrefix, String> {
    text.parse().map_err(|why: NotAKeyPrefix| why.to_string())
}

/// Parses a whole number from 1 to `most`.
pub(crate) fn number(text: &str, most: u32) -> Result<u32, String> {
    let wrong = || format!("must be a whole number from 1 to {most}");
    text.parse().ok().filter(|number| (1..=most).contains(number)).ok_or_else(wrong)
}

/// Parses a whole number from 1 to `most` as a count of things in memory.
pub(crate) fn count(text: &str, most: u32) -> Result<usize, String> {
    number(text, most).map(|number| number as usize)
}

/// Parses a number of bytes: a whole number of `B`, `KiB`, `MiB` or `GiB`.
pub(crate) fn size(text: &str) -> Result<u64, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = match unit {
        "B" => Some(1),
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1 << 30),
        _ => None,
    };
    let size = number.parse().ok().zip(unit).and_then(|(n, unit): (u64, u64)| n.checked_mul(unit));
    size.filter(|size| *size > 0)
        .ok_or_else(|| format!("{text:?} is not a size, such as 512KiB, 256MiB or 2GiB"))
}

/// Parses a number of bytes, or 0 for none.
pub(crate) fn size_or_none(text: &str) -> Result<u64, String> {
    if text == "0" { Ok(0) } else { size(text) }
}

/// Parses one of `choices`, by its word.
pub(crate) fn one_of<T: Copy>(text: &str, choices: &[(&str, T); 2]) -> Result<T, String> {
    let chosen = choices.iter().find(|(word, _)| *word == text);
    let [(one, _), (other, _)] = choices;
    chosen
        .map(|(_, choice)| *choice)
        .ok_or_else(|| format!("{text:?} is neither {one} nor {other}"))
}

/// Parses a path.
pub(crate) fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("must be a path".to_owned()) } else { Ok(text.into()) }
}

/// Accepts any text.
#[expect(clippy::unnecessary_wraps, reason = "it is one of several that can fail")]
pub(crate) fn text(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// Parses an address to listen on.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not ADDRESS:PORT, such as 127.0.0.1:8080"))
}

/// Reads the content of a file of certificates.
pub(crate) fn certificates(text: &str) -> Result<Vec<u8>, String> {
    let pem = std::fs::read(text).map_err(|why| format!("{text:?}: {why}"))?;
    let begins = b"-----BEGIN CERTIFICATE-----";
    if pem.windows(begins.len()).any(|window| window == begins) {
        Ok(pem)
    } else {
        Err(format!("{text:?} has no PEM certificate in it"))
    }
}

/// Checks a filter of log lines.
pub(crate) fn log_filter(text: &str) -> Result<String, String> {
    match EnvFilter::builder().parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(why) => Err(format!("{text:?} is not a log filter: {why}")),
    }
}

/// Parses a filter of log lines by their targets and levels alone.
pub(crate) fn log_targets(text: &str) -> Result<Targets, String> {
    text.parse().map_err(|why| format!("{text:?} is not a log filter: {why}"))
}

/// Parses the address of a service: `http` or `https`, without credentials or query.
pub(crate) fn http_url(text: &str) -> Result<url::Url, String> {
    // The text is not repeated: it may contain a password.
    let wrong = || "must be an http:// or https:// URL without credentials or query".to_owned();
    let url: url::Url = text.parse().map_err(|_| wrong())?;
    let plain = url.username().is_empty() && url.password().is_none();
    let fits = matches!(url.scheme(), "http" | "https") && plain && url.query().is_none();
    if fits { Ok(url) } else { Err(wrong()) }
}

/// Parses the same kind of address and removes a slash at its end, so that paths can be appended.
pub(crate) fn base_url(text: &str) -> Result<String, String> {
    http_url(text).map(|url| url.as_str().trim_end_matches('/').to_owned())
}

/// Parses sites in the form of `frame-ancestors` of a Content-Security-Policy.
pub(crate) fn sites(text: &str) -> Result<Vec<String>, String> {
    let sites = text.split(',').map(str::trim).filter(|site| !site.is_empty());
    sites
        .map(|site| if is_site(site) { Ok(site.to_owned()) } else { Err(not_a_site(site)) })
        .collect()
}

fn not_a_site(text: &str) -> String {
    format!("{text:?} is not a site, such as https://app.example.com or https://*.example.com")
}

/// Returns whether `text` is `https://`, or `http://` for development, a host whose first label may
/// be `*`, and a port.
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
