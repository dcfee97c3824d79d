//! Known secrets: the credentials of one webhook, found by their text in any case, and in hex.

use std::fmt;

use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD},
};
use memchr::{memchr_iter, memmem};
use zeroize::Zeroizing;

use super::{span::Span, unescaped::Unescaped};
use crate::{
    secret::Secret,
    signing::SigningKey,
    webhook::{Credentials, WebhookUrl},
};

/// Minimum length of a secret that is searched for on its own. A shorter one would match in
/// ordinary words; it is still searched for together with its user name.
const SHORTEST: usize = 4;

/// Credentials of a webhook, to be masked in its receiver's answers. Spellings in lower case, so that
/// upper case hides nothing: names of headers, for one, are changed on their way.
#[derive(Clone, Default)]
pub struct KnownSecrets(Vec<Zeroizing<Vec<u8>>>);

impl KnownSecrets {
    /// Collects the credentials in `url`, the `signing` keys, and the values of its own `headers`.
    pub fn of_webhook<'s>(
        url: &WebhookUrl,
        signing: impl IntoIterator<Item = &'s SigningKey>,
        headers: impl IntoIterator<Item = &'s Secret>,
    ) -> Self {
        let mut known = Self::default();
        match url {
            WebhookUrl::Sns(topic) => known.add(topic.access_key.expose()),
            WebhookUrl::Http(http) => http.credentials.iter().for_each(|pair| known.add_pair(pair)),
        }
        for key in signing {
            let text = key.text();
            let digits = text.expose().split_once('_').map_or(text.expose(), |(_, digits)| digits);
            known.add_base64(digits);
            known.add_hex(&Zeroizing::new(BASE64_STANDARD.decode(digits).unwrap_or_default()));
        }
        for value in headers {
            let value = value.expose();
            known.add(value);
            // What follows a scheme such as `Bearer` is the secret.
            if let Some((_, rest)) = value.split_once(' ') {
                known.add(rest);
            }
        }
        known
    }

    fn add_pair(&mut self, Credentials { user, password }: &Credentials) {
        let secret = if password.expose().is_empty() { user } else { password.expose() };
        let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
        self.add(if is_short(secret) { &pair } else { secret });
        // As the `Authorization` header has it.
        self.add_base64(&Zeroizing::new(BASE64_STANDARD_NO_PAD.encode(pair.as_bytes())));
    }

    /// Adds `secret`, and as it is in hex, and in a form, where a blank is a plus. Letters beyond
    /// ASCII come back in other charsets, so what is between them counts by itself.
    fn add(&mut self, secret: &str) {
        self.add_spelling(secret);
        self.add_hex(secret.as_bytes());
        if !secret.is_ascii() {
            secret
                .split(|letter: char| !letter.is_ascii())
                .for_each(|part| self.add_spelling(part));
        }
        if secret.contains(' ') {
            self.add_spelling(&Zeroizing::new(secret.replace(' ', "+")));
        }
    }

    fn add_hex(&mut self, secret: &[u8]) {
        self.add_spelling(&Zeroizing::new(hex::encode(secret)));
    }

    /// Adds digits of base64, in either alphabet; padding is no secret.
    fn add_base64(&mut self, digits: &str) {
        let digits = digits.trim_end_matches('=');
        self.add_spelling(digits);
        if digits.contains(['+', '/']) {
            self.add_spelling(&Zeroizing::new(digits.replace('+', "-").replace('/', "_")));
        }
    }

    fn add_spelling(&mut self, secret: &str) {
        if !is_short(secret) {
            // The search runs over text without escapes, so the pattern has none either.
            self.0.push(Zeroizing::new(Unescaped::of(secret).as_bytes().to_ascii_lowercase()));
        }
    }

    /// Finds each known secret in plain text.
    pub(super) fn find(&self, bytes: &[u8], mut each: impl FnMut(Span)) {
        if self.0.is_empty() {
            return;
        }
        let bytes = &*Zeroizing::new(bytes.to_ascii_lowercase());
        for secret in self.0.iter().filter(|secret| secret.len() <= bytes.len()) {
            let mut from = 0;
            while let Some(at) = memmem::find(&bytes[from..], secret) {
                each(Span::whole(from + at, from + at + secret.len()));
                from += at + secret.len();
            }
        }
    }

    /// Finds the beginning of a known secret at the end of the text, because answers are cut before
    /// they get here.
    pub(super) fn find_cut(&self, bytes: &[u8], mut each: impl FnMut(Span)) {
        if self.0.is_empty() {
            return;
        }
        let bytes = &*Zeroizing::new(bytes.to_ascii_lowercase());
        let whole = cut_escape(bytes);
        for secret in &self.0 {
            let found = begun(secret, bytes);
            let found =
                found.or_else(|| begun(secret, whole).filter(|_| whole.len() < bytes.len()));
            if let Some(from) = found {
                each(Span::whole(from, bytes.len()));
            }
        }
    }
}

/// Returns whether `secret` is too short to be searched for.
fn is_short(secret: &str) -> bool {
    Unescaped::of(secret).as_bytes().len() < SHORTEST
}

/// Returns where at the end of `bytes` a prefix of `secret` starts, at least [`SHORTEST`] long.
fn begun(secret: &[u8], bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(SHORTEST)?;
    let window = bytes.len().saturating_sub(secret.len()).min(last);
    let places = memchr_iter(*secret.first()?, &bytes[window..=last]);
    places.map(|place| window + place).find(|from| secret.starts_with(&bytes[*from..]))
}

/// Returns `bytes` without a truncated escape at the end.
fn cut_escape(bytes: &[u8]) -> &[u8] {
    /// Length of the longest escape that is understood, in bytes.
    const LONGEST: usize = 12;
    let window = bytes.len().saturating_sub(LONGEST);
    let escape = bytes[window..].iter().rposition(|byte| matches!(byte, b'%' | b'\\' | b'&'));
    escape.map_or(bytes, |place| &bytes[..window + place])
}

impl fmt::Debug for KnownSecrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KnownSecrets({})", self.0.len())
    }
}
