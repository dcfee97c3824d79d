//! Stored form of a webhook's public keys.

use domain::{Timestamp, signing::PublicKey, webhook::Webhook};
use serde::{Deserialize, Serialize};

use super::{Form, Number, Stored};

/// Public keys of a webhook: a document of the installation, for everybody may read them and nobody has
/// to know whose the webhook is.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct PublicKeys {
    format: Number<Self>,
    keys: Vec<StoredPublicKey>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredPublicKey {
    number: u32,
    public_key: PublicKey,
    /// Time from which it verifies nothing any more; none of the newest.
    expires_at: Option<Timestamp>,
}

impl PublicKeys {
    /// Makes the document of the webhook's keys; none if its signatures are by a secret.
    pub(crate) fn of(webhook: &Webhook) -> Option<Self> {
        let newest = webhook.public_key.map(|public_key| StoredPublicKey {
            number: webhook.secret,
            public_key,
            expires_at: None,
        })?;
        let previous = webhook.previous_secrets.iter().filter_map(|previous| {
            let (number, expires_at) = (previous.number, Some(previous.expires_at));
            previous.public_key.map(|public_key| StoredPublicKey { number, public_key, expires_at })
        });
        Some(Self {
            format: Number::default(),
            keys: std::iter::once(newest).chain(previous).collect(),
        })
    }

    /// Returns the keys that verify at `now`, with their numbers, the newest first.
    pub(crate) fn at(&self, now: Timestamp) -> impl Iterator<Item = (u32, PublicKey)> {
        let counts = move |key: &&StoredPublicKey| key.expires_at.is_none_or(|at| at > now);
        self.keys.iter().filter(counts).map(|key| (key.number, key.public_key))
    }
}

impl Form for PublicKeys {
    const NAME: &'static str = "public_keys";
    const NUMBER: u16 = 1;
}

impl Stored for PublicKeys {
    type Form = Self;
}
