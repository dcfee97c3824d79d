//! Secrets of which the very text is known: the credentials of one webhook.

use std::fmt;

use base64::{Engine as _, prelude::BASE64_STANDARD_NO_PAD};
use memchr::memmem;
use zeroize::Zeroizing;

use super::{span::Span, unescaped::Unescaped};
use crate::{
    signing::SigningSecret,
    webhook::{Credentials, WebhookUrl},
};

/// The shortest secret that is looked for as it is. A shorter one would be found in every other
/// word; it is still looked for together with its user name.
const SHORTEST: usize = 4;

/// The credentials of a webhook, to be masked in what its receiver answers.
#[derive(Clone, Default)]
pub struct KnownSecrets(Vec<Zeroizing<Vec<u8>>>);

impl KnownSecrets {
    /// The credentials in `url`, and `signing` secrets.
    pub fn of_webhook<'s>(
        url: &WebhookUrl,
        signing: impl IntoIterator<Item = &'s SigningSecret>,
    ) -> Self {
        let mut known = Self::default();
        match url {
            WebhookUrl::Sns(topic) => known.add(topic.access_key.expose()),
            WebhookUrl::Http(http) => http.credentials.iter().for_each(|pair| known.add_pair(pair)),
        }
        for secret in signing {
            let text = secret.text();
            let digits = text.expose().split_once('_').map_or(text.expose(), |(_, digits)| digits);
            known.add(digits.trim_end_matches('='));
        }
        known
    }

    fn add_pair(&mut self, Credentials { user, password }: &Credentials) {
        let secret = if password.expose().is_empty() { user } else { password.expose() };
        let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
        self.add(if secret.len() < SHORTEST { &pair } else { secret });
        // As the `Authorization` header has it; padding is no secret.
        self.add(&Zeroizing::new(BASE64_STANDARD_NO_PAD.encode(pair.as_bytes())));
    }

    fn add(&mut self, secret: &str) {
        if secret.len() >= SHORTEST {
            // Looked for in text without escapes, so it has none either.
            self.0.push(Zeroizing::new(Unescaped::of(secret).as_bytes().to_vec()));
        }
    }

    /// Finds each of them in plain text, and the beginning of one at the text's end: what a receiver
    /// answers is cut before it comes here.
    pub(super) fn find(&self, bytes: &[u8], mut each: impl FnMut(Span)) {
        for secret in &self.0 {
            for from in memmem::find_iter(bytes, secret.as_slice()) {
                each(Span::whole(from, from + secret.len()));
            }
            if let Some(from) = begun(secret, bytes).or_else(|| begun(secret, cut_escape(bytes))) {
                each(Span::whole(from, bytes.len()));
            }
        }
    }
}

/// Where at the end of `bytes` the first letters of `secret` are, [`SHORTEST`] at least.
fn begun(secret: &[u8], bytes: &[u8]) -> Option<usize> {
    let window = bytes.len().saturating_sub(secret.len());
    let places = memmem::find_iter(&bytes[window..], secret.get(..SHORTEST)?);
    places.map(|place| window + place).find(|from| secret.starts_with(&bytes[*from..]))
}

/// `bytes` without an escape at their end that was cut in two.
fn cut_escape(bytes: &[u8]) -> &[u8] {
    /// Bytes of the longest escape that is read.
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
