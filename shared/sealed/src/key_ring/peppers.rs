//! Peppers as they move to another backend, where fingerprints need the same ones.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::{Secret, Timestamp};
use zeroize::Zeroizing;

use super::{KeyRing, RingKey};
use crate::aead::KeyBytes;

impl KeyRing {
    /// Returns the peppers, for moving to another backend: the base64 of an installation's first if
    /// it is the only one, and else JSON of all.
    #[must_use]
    pub fn pepper_text(&self) -> Secret {
        match &self.peppers[..] {
            [only] if only.id.is_empty() => {
                Secret::new(BASE64_STANDARD.encode(only.key.as_slice()))
            }
            several => super::stored::keys_text(several),
        }
    }

    /// Returns this ring with another installation's peppers; `None` if `text` is not theirs.
    #[must_use]
    pub fn with_pepper(self, text: &Secret) -> Option<Self> {
        let text = text.expose();
        let peppers = if text.starts_with('[') {
            serde_json::from_str::<Vec<RingKey>>(text).ok().filter(|peppers| !peppers.is_empty())?
        } else {
            let key = KeyBytes::from_slice(&Zeroizing::new(BASE64_STANDARD.decode(text).ok()?))?;
            vec![RingKey { id: String::new(), from: Timestamp::EPOCH, key }]
        };
        Some(Self { peppers, ..self })
    }
}
