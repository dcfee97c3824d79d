//! Parsers of the settings' values.

use std::{
    collections::BTreeSet, net::SocketAddr, ops::RangeInclusive, path::PathBuf, time::Duration,
};

use dashboard::{Accent, Logo, PageParts};
use domain::{
    OperatorScope, OperatorScopes, PayloadFormat, Secret, SignatureHeaders, delivery,
    envelope::NotSignatureHeaders,
    key::token::{KeyPrefix, NotAKeyPrefix},
    kinds::NotOneOf,
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

/// Parses the layout of deliveries' bodies.
pub(crate) fn payload_format(text: &str) -> Result<PayloadFormat, String> {
    text.parse().map_err(|why: NotOneOf| why.to_string())
}

/// Parses the prefixes of the signature headers.
pub(crate) fn signature_headers(text: &str) -> Result<SignatureHeaders, String> {
    text.parse().map_err(|why: NotSignatureHeaders| why.to_string())
}

/// Parses the `User-Agent` of deliveries.
pub(crate) fn user_agent(text: &str) -> Result<String, String> {
    let fits = text.len() <= 200 && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if fits { Ok(text.to_owned()) } else { Err("must be up to 200 ASCII characters".to_owned()) }
}

/// Parses the accent colour of the pages.
pub(crate) fn accent(text: &str) -> Result<Accent, String> {
    text.parse()
}

/// Parses the parts of the pages that are shown.
pub(crate) fn page_parts(text: &str) -> Result<PageParts, String> {
    text.parse()
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
pub(crate) fn one_of<T: Copy>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let chosen = choices.iter().find(|(word, _)| *word == text);
    let words = || choices.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(" nor ");
    chosen.map(|(_, choice)| *choice).ok_or_else(|| format!("{text:?} is neither {}", words()))
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

/// Parses the issuer of OpenID Connect, which is kept letter for letter: its tokens repeat it.
pub(crate) fn issuer(text: &str) -> Result<String, String> {
    let url = http_url(text)?;
    let is_here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.fragment().is_some() {
        return Err("must be a URL without a fragment".to_owned());
    }
    if url.scheme() == "https" || is_here {
        return Ok(text.to_owned());
    }
    Err("must be an https:// URL, but on this machine".to_owned())
}

/// Parses a secret that others made.
pub(crate) fn secret(text: &str) -> Result<Secret, String> {
    if text.is_empty() { Err("must not be empty".to_owned()) } else { Ok(Secret::new(text)) }
}

/// Parses email addresses.
pub(crate) fn emails(text: &str) -> Result<Vec<String>, String> {
    let is_email = |item: &str| {
        item.split_once('@').is_some_and(|(name, domain)| !name.is_empty() && is_domain(domain))
    };
    listed(text, is_email, "email address")
}

/// Parses domains of email addresses.
pub(crate) fn domains(text: &str) -> Result<Vec<String>, String> {
    listed(text, is_domain, "domain, such as example.com")
}

/// Reads a list of one item or more, in lower case.
fn listed(text: &str, fits: fn(&str) -> bool, what: &str) -> Result<Vec<String>, String> {
    let items = text.split(',').map(|item| item.trim().to_ascii_lowercase());
    let items: Vec<String> = items.filter(|item| !item.is_empty()).collect();
    match items.iter().find(|item| !fits(item)) {
        Some(wrong) => Err(format!("{wrong:?} is no {what}")),
        None if items.is_empty() => Err(format!("must name an {what}")),
        None => Ok(items),
    }
}

fn is_domain(text: &str) -> bool {
    text.contains('.')
        && text.split('.').all(|label| !label.is_empty())
        && !text.contains(|letter: char| letter == '@' || letter.is_whitespace())
}

/// Parses a claim and the value that it has to have.
pub(crate) fn claim(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() && !value.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("must be a claim and its value, such as groups=ops".to_owned()),
    }
}

/// Parses scopes of the operator's API: `all`, or some of them.
pub(crate) fn operator_scopes(text: &str) -> Result<OperatorScopes, String> {
    if text == "all" {
        return Ok(OperatorScopes::All);
    }
    let scopes = text.split(',').map(str::trim).filter(|scope| !scope.is_empty());
    let scopes: BTreeSet<OperatorScope> = scopes
        .map(str::parse)
        .collect::<Result<_, _>>()
        .map_err(|why: NotOneOf| why.to_string())?;
    if scopes.is_empty() {
        return Err("must be all, or one scope or more".to_owned());
    }
    Ok(OperatorScopes::Some(scopes))
}

/// Parses the name of the operator's product.
pub(crate) fn brand_name(text: &str) -> Result<String, String> {
    let fits = (1..=40).contains(&text.chars().count()) && !text.contains(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err("must be a name of 1 to 40 characters".to_owned()) }
}

/// Reads the logo in a file.
pub(crate) fn logo(text: &str) -> Result<Logo, String> {
    let bytes = std::fs::read(text).map_err(|why| format!("{text:?}: {why}"))?;
    Logo::of(bytes).map_err(|why| format!("{text:?} {why}"))
}

/// Parses an address that people follow: of the web, or of a mailbox.
pub(crate) fn link(text: &str) -> Result<String, String> {
    let wrong = || "must be an http://, https:// or mailto: URL without credentials".to_owned();
    let url: url::Url = text.parse().map_err(|_| wrong())?;
    let plain = url.username().is_empty() && url.password().is_none();
    let fits = match url.scheme() {
        "http" | "https" => plain,
        "mailto" => url.path().contains('@'),
        _ => false,
    };
    if fits { Ok(url.into()) } else { Err(wrong()) }
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
