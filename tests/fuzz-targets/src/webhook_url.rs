//! URLs of webhooks, SNS topics included.

use std::net::IpAddr;

use domain::{
    Environment,
    webhook::{HttpUrl, WebhookUrl},
};
use url::Host;

/// Parses a URL. One that is accepted has one spelling, in which it is read again as itself; what
/// connects to it sees the host that the guard has checked; live mode takes nothing that test mode
/// refuses.
pub fn webhook_url(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    let live = WebhookUrl::parse(text, Environment::Live);
    let Ok(url) = WebhookUrl::parse(text, Environment::Test) else {
        assert!(live.is_err(), "refused for test and accepted for live");
        return;
    };
    let canonical = url.canonical();
    let again = WebhookUrl::from_canonical(canonical.expose()).unwrap();
    assert_eq!(again, url, "the canonical spelling means something else");
    assert_eq!(again.canonical(), canonical);
    assert!(canonical.expose().len() <= 2048 && canonical.expose().is_ascii());
    let shown = url.to_string();
    match WebhookUrl::from_canonical(&shown) {
        Ok(masked) => {
            assert_eq!(masked.to_string(), shown, "what is shown is read as something else");
            assert!(!url.has_credentials() || masked.has_mask(), "credentials are shown");
        }
        // A mask can be longer than what it hides.
        Err(_) => assert!(shown.len() > 2048, "what is shown is no URL"),
    }
    if let WebhookUrl::Http(http) = &url {
        assert_eq!(live.is_ok(), http.tls, "live mode is for https:// alone");
        one_host(http, canonical.expose());
    }
}

/// Asserts that other parsers find the same host in the canonical spelling, and that a name is no
/// address in disguise.
fn one_host(http: &HttpUrl, canonical: &str) {
    let browser = url::Url::parse(canonical).unwrap();
    let uri: http::Uri =
        format!("{}://{}{}", http.scheme(), http.authority(), http.path_and_query).parse().unwrap();
    assert_eq!(browser.host().unwrap().to_owned(), http.host);
    assert_eq!(uri.host().unwrap(), http.host.to_string());
    assert_eq!(browser.port_or_known_default(), Some(http.port));
    assert_ne!(http.port, 0);
    match &http.host {
        Host::Domain(name) => {
            assert!(name.parse::<IpAddr>().is_err(), "{name} is an address");
            assert_eq!(Host::parse(name).unwrap(), http.host, "{name} is read otherwise");
            assert!(!name.ends_with('.') && !name.bytes().any(|byte| byte.is_ascii_uppercase()));
        }
        Host::Ipv4(_) => {}
        Host::Ipv6(address) => assert!(address.to_ipv4_mapped().is_none(), "{address}"),
    }
}
