//! Session cookies.

use cookie::{Cookie, SameSite, time::Duration};
use http::{HeaderMap, HeaderValue, header};

use crate::state::Page;

/// Owner of a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Somebody of a customer's, in a portal session.
    Portal,
    /// The operator.
    Operator,
    /// Somebody who has gone to the identity provider, and is no operator yet.
    Provider,
}

/// Circumstances under which the pages are shown.
#[derive(Debug, Clone, Copy)]
struct Shown {
    /// True if they are served over TLS.
    secure: bool,
    /// True if the operator's own site may embed them.
    framed: bool,
}

impl Whose {
    /// Name of the cookie. Over TLS it has the prefix `__Host-`, which browsers accept only from
    /// this very host.
    const fn name(self, secure: bool) -> &'static str {
        match (self, secure) {
            (Self::Portal, true) => "__Host-latchhook",
            (Self::Portal, false) => "latchhook",
            (Self::Operator, true) => "__Host-latchhook-operator",
            (Self::Operator, false) => "latchhook-operator",
            (Self::Provider, true) => "__Host-latchhook-sign-in",
            (Self::Provider, false) => "latchhook-sign-in",
        }
    }

    /// Builds the cookie with `value`, for `seconds`.
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
            // Not `Strict`: then a link from a mail or another site would arrive signed out.
            // Nor of a sign-in at the provider, whose site sends the browser back.
            Self::Portal | Self::Provider => cookie.same_site(SameSite::Lax),
            Self::Operator => cookie.same_site(SameSite::Strict),
        };
        cookie.build()
    }
}

impl Page {
    /// Value of the cookie of `whose`.
    pub(crate) fn cookie<'a>(&self, headers: &'a HeaderMap, whose: Whose) -> Option<&'a str> {
        value(headers, whose.name(self.0.options.secure))
    }

    /// `Set-Cookie` header that keeps the cookie for `seconds`, or deletes it if that is 0.
    pub(crate) fn set_cookie(&self, whose: Whose, value: &str, seconds: u64) -> HeaderValue {
        let options = &self.0.options;
        let shown = Shown { secure: options.secure, framed: !options.frame_ancestors.is_empty() };
        let cookie = whose.cookie(shown, value, seconds).to_string();
        let mut header = HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""));
        header.set_sensitive(true);
        header
    }
}

/// Value of the first cookie with that name that is not empty.
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
            (
                Whose::Provider,
                FRAMED,
                "__Host-latchhook-sign-in=v; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=60",
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
