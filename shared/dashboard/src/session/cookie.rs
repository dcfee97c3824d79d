//! The page's cookies.

use cookie::{Cookie, SameSite, time::Duration};
use http::{HeaderMap, HeaderValue, header};

use crate::Page;

/// Whose cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A customer's person's.
    Portal,
    /// The operator's.
    Operator,
}

/// Where the page is shown.
#[derive(Debug, Clone, Copy)]
struct Shown {
    /// Over TLS.
    secure: bool,
    /// In frames of the operator's own site, too.
    framed: bool,
}

impl Whose {
    /// With TLS, browsers let nobody but this very host set a cookie of that name.
    const fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Portal, true) => "__Host-latchhook",
            (Self::Portal, false) => "latchhook",
            (Self::Operator, true) => "__Host-latchhook-operator",
            (Self::Operator, false) => "latchhook-operator",
        }
    }

    /// The cookie of `value` for `seconds`.
    fn cookie(self, shown: Shown, value: &str, seconds: u64) -> Cookie<'_> {
        let lasts = Duration::seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
        let cookie = Cookie::build((self.name(shown.secure), value))
            .path("/")
            .max_age(lasts)
            .http_only(true)
            .secure(shown.secure);
        // A frame of the operator's own site may show the customers' page, never the operator's.
        let cookie = match self {
            Self::Portal if shown.secure && shown.framed => {
                cookie.same_site(SameSite::None).partitioned(true)
            }
            // Not Strict: a link in a mail or another site would come without it.
            Self::Portal => cookie.same_site(SameSite::Lax),
            Self::Operator => cookie.same_site(SameSite::Strict),
        };
        cookie.build()
    }
}

impl Page {
    /// The value of a cookie of `whose`.
    pub(crate) fn cookie<'a>(&self, headers: &'a HeaderMap, whose: Whose) -> Option<&'a str> {
        value(headers, whose.name(self.0.options.secure))
    }

    /// The header that sets it for `seconds`; for none, that takes it away.
    pub(crate) fn set_cookie(&self, whose: Whose, value: &str, seconds: u64) -> HeaderValue {
        let options = &self.0.options;
        let shown = Shown { secure: options.secure, framed: !options.frame_ancestors.is_empty() };
        let cookie = whose.cookie(shown, value, seconds).to_string();
        let mut header = HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""));
        header.set_sensitive(true);
        header
    }
}

/// The value of the first cookie of that name that has one.
fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut cookies = lines.flat_map(Cookie::split_parse).flatten();
    cookies.find_map(|cookie| {
        let value = cookie.value_raw()?;
        (cookie.name() == name && !value.is_empty()).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Shown = Shown { secure: false, framed: true };
    const TLS: Shown = Shown { secure: true, framed: false };
    const FRAMED: Shown = Shown { secure: true, framed: true };

    #[test]
    fn only_a_customers_cookie_over_tls_is_sent_from_frames() {
        let set = |whose: Whose, shown| whose.cookie(shown, "v", 60).to_string();
        for (whose, shown, expected) in [
            (Whose::Portal, PLAIN, "latchhook=v; HttpOnly; SameSite=Lax; Path=/; Max-Age=60"),
            (
                Whose::Portal,
                TLS,
                "__Host-latchhook=v; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60",
            ),
            (
                Whose::Portal,
                FRAMED,
                "__Host-latchhook=v; HttpOnly; SameSite=None; Partitioned; Secure; Path=/; Max-Age=60",
            ),
            (
                Whose::Operator,
                PLAIN,
                "latchhook-operator=v; HttpOnly; SameSite=Strict; Path=/; Max-Age=60",
            ),
            (
                Whose::Operator,
                FRAMED,
                "__Host-latchhook-operator=v; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=60",
            ),
        ] {
            assert_eq!(set(whose, shown), expected);
        }
        let gone = Whose::Portal.cookie(PLAIN, "", 0).to_string();
        assert_eq!(gone, "latchhook=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0");
    }

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        assert_eq!(value(&headers, "latchhook"), None);
        for line in ["nonsense; latchhook-operator=o; latchhook=", "a=b;latchhook=\"p=q\" ;c=d"] {
            headers.append(header::COOKIE, HeaderValue::from_static(line));
        }
        assert_eq!(value(&headers, "latchhook"), Some("\"p=q\""));
        assert_eq!(value(&headers, "latchhook-operator"), Some("o"));
        assert_eq!(value(&headers, "hook"), None);
    }
}
