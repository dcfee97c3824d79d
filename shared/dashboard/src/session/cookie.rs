//! The page's cookies.

use http::{HeaderMap, HeaderValue, header};

use crate::{Options, Page};

/// Whose cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// A customer's person's.
    Portal,
    /// The operator's.
    Operator,
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

    /// A frame of the operator's own site may show the customers' page, never the operator's.
    fn same_site(self, options: &Options) -> &'static str {
        let embedded = options.secure && !options.frame_ancestors.is_empty();
        match self {
            Self::Portal if embedded => "SameSite=None; Partitioned",
            // Not Strict: a link in a mail or another site would come without it.
            Self::Portal => "SameSite=Lax",
            Self::Operator => "SameSite=Strict",
        }
    }
}

impl Page {
    /// The value of a cookie of `whose`.
    pub(crate) fn cookie<'a>(&self, headers: &'a HeaderMap, whose: Whose) -> Option<&'a str> {
        let wanted = whose.name(self.0.options.secure);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut cookies = lines.flat_map(|line| line.split(';'));
        cookies.find_map(|cookie| {
            let (name, value) = cookie.trim().split_once('=')?;
            (name == wanted && !value.is_empty()).then_some(value)
        })
    }

    /// The header that sets it for `seconds`; for none, that takes it away.
    pub(crate) fn set_cookie(&self, whose: Whose, value: &str, seconds: u64) -> HeaderValue {
        let options = &self.0.options;
        let (name, same_site) = (whose.name(options.secure), whose.same_site(options));
        let secure = if options.secure { "; Secure" } else { "" };
        let cookie =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; {same_site}{secure}");
        let mut header = HeaderValue::try_from(cookie).unwrap_or(HeaderValue::from_static(""));
        header.set_sensitive(true);
        header
    }
}
