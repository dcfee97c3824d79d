//! Redaction: secrets are masked in text before it is stored or logged.
//!
//! [`redact`] is the one place that does it. It finds
//!
//! - API keys of our form with any prefix, operator tokens, portal tokens and signing secrets,
//! - passwords in URLs (`scheme://user:password@`) and what follows `Basic` and `Bearer`,
//! - with [`KnownSecrets`], the credentials of one webhook,
//!
//! as they are, percent-encoded or escaped as in JSON and HTML, once or several times, in base64,
//! broken up (API keys), and in hex or another case (credentials of a webhook). The part that names the kind of secret stays: `lh_sk_test_****`. A secret that was cut
//! short is found down to eight digits; so always mask text first and cut it afterwards.
//!
//! Time is linear in the length of the text. Text with nothing to mask, the usual case, is scanned
//! but not copied.

mod broken;
mod decode;
mod encoded;
mod known;
mod mask;
mod shapes;
mod span;
#[cfg(test)]
mod tests;
mod unescaped;

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, Serialize};

pub use known::KnownSecrets;
pub use mask::{MASK, has_mask};

use self::{span::Spans, unescaped::Unescaped};

/// Returns `text` with its secrets masked.
#[must_use]
pub fn redact(text: &str) -> Cow<'_, str> {
    redact_with(text, &KnownSecrets::default())
}

/// Returns whether `text` contains a secret, so that [`redact`] would change it.
#[must_use]
pub fn has_secret(text: &str) -> bool {
    matches!(redact(text), Cow::Owned(_))
}

fn redact_with<'t>(text: &'t str, known: &KnownSecrets) -> Cow<'t, str> {
    let unescaped = Unescaped::of(text);
    let bytes = unescaped.as_bytes();
    let mut spans = Spans::default();
    shapes::tokens(bytes, |span| spans.push(span));
    shapes::credentials(bytes, |span| spans.push(span));
    known.find(bytes, |span| spans.push(span));
    known.find_cut(bytes, |span| spans.push(span));
    encoded::find(bytes, known, |span| spans.push(span));
    spans.masked(text, &unescaped)
}

/// Text without secrets. Log rows and log lines hold this type, and only this module makes one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Redacted(String);

impl Redacted {
    /// Masks the secrets in `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(redact(text).into_owned())
    }

    /// Masks the secrets in `text`, including a webhook's own credentials.
    #[must_use]
    pub fn with(known: &KnownSecrets, text: &str) -> Self {
        Self(redact_with(text, known).into_owned())
    }

    /// Masks the path of a request: a segment that is an API key is masked whole.
    #[must_use]
    pub fn path(path: &str) -> Self {
        let segments = path.split('/');
        let shown =
            segments.map(|part| if crate::key::token::parse(part).is_ok() { MASK } else { part });
        Self::new(&shown.collect::<Vec<_>>().join("/"))
    }

    /// Cuts the text to its first `most` bytes or fewer, at a character boundary.
    #[must_use]
    pub fn cut(mut self, most: usize) -> Self {
        self.0.truncate(self.0.floor_char_boundary(most));
        self
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Masks while reading, so that rows stored by an older release are shown without secrets too.
impl<'de> Deserialize<'de> for Redacted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Ok(match redact(&text) {
            Cow::Owned(masked) => Self(masked),
            Cow::Borrowed(_) => Self(text),
        })
    }
}
