//! Sentences about certificates that are not accepted: until when each was valid, and for which names.
//!
//! The receiver chooses what is in its certificate. So of that a sentence repeats a date, and a few
//! names if they look like those of hosts.

use domain::Timestamp;
use rustls::{CertificateError, pki_types::UnixTime};

/// Maximum number of names that a sentence repeats.
const MOST_NAMES: usize = 5;
/// Maximum length of a host's name (RFC 1035).
const LONGEST_NAME: usize = 253;

/// Returns the sentence for `error`.
pub(super) fn sentence(error: &CertificateError) -> String {
    match error {
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("the host's certificate expired on {}", moment(*not_after))
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("the host's certificate is not valid before {}", moment(*not_before))
        }
        CertificateError::NotValidForNameContext { presented, .. } => for_others(presented),
        CertificateError::Expired => "the host's certificate has expired".to_owned(),
        CertificateError::NotValidYet => "the host's certificate is not valid yet".to_owned(),
        CertificateError::NotValidForName => for_others(&[]),
        // The latter is an authority with the name of a trusted one but another key.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "the host's certificate is not signed by a trusted authority, or the host leaves out the \
             certificates in between"
                .to_owned()
        }
        _ => "the host's certificate is not valid".to_owned(),
    }
}

/// Returns an instant to the minute, in UTC.
fn moment(at: UnixTime) -> String {
    let millis = at.as_secs().saturating_mul(1000);
    let text = Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX)).to_string();
    format!("{} {} UTC", &text[..10], &text[11..16])
}

/// Returns the sentence for a certificate of other names, each written as `DnsName("example.com")`.
fn for_others(presented: &[String]) -> String {
    let names: Vec<&str> = presented.iter().filter_map(|name| host(name)).collect();
    let told = names.iter().take(MOST_NAMES).copied().collect::<Vec<_>>().join(", ");
    match presented.len() - names.len().min(MOST_NAMES) {
        _ if told.is_empty() => "the host's certificate is for another name".to_owned(),
        0 => format!("the host's certificate is for another name: {told}"),
        more => format!("the host's certificate is for other names: {told} and {more} more"),
    }
}

/// Returns the name in `DnsName("…")`, if it looks like one of a host.
fn host(presented: &str) -> Option<&str> {
    let name = presented.strip_prefix("DnsName(\"")?.strip_suffix("\")")?;
    let is_of_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._*".contains(&byte);
    (name.len() <= LONGEST_NAME && name.bytes().all(is_of_host)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> String {
        let presented: Vec<_> = names.iter().map(|name| format!("DnsName(\"{name}\")")).collect();
        for_others(&presented)
    }

    #[test]
    fn names_are_told_as_long_as_they_are_few_and_of_hosts() {
        let other = "the host's certificate is for another name";
        assert_eq!(named(&["*.example.com"]), format!("{other}: *.example.com"));
        for odd in ["a b", "<b>", "x\"y", "ä", &"a".repeat(254)] {
            assert_eq!(named(&[odd]), other, "{odd}");
        }
        let many = ["a.example", "b.example", "c.example", "d.example", "e.example", "f.example"];
        let told = "the host's certificate is for other names: a.example, b.example, c.example, \
                    d.example, e.example and 1 more";
        assert_eq!(named(&many), told);
        let address = vec!["IpAddress(10.0.0.1)".to_owned()];
        assert_eq!(for_others(&address), other);
    }
}
