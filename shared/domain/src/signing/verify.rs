//! Verification of a delivery's signature, the receiver's side.

use std::time::Duration;

use subtle::{Choice, ConstantTimeEq as _};

use super::{PublicKey, SigningSecret};
use crate::time::Timestamp;

/// Maximum distance between a delivery's timestamp and the receiver's clock, as in the reference
/// libraries of Standard Webhooks.
pub const TOLERANCE: Duration = Duration::from_mins(5);

/// The three signature headers of a delivery, as received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedHeaders<'a> {
    /// Value of [`ID_HEADER`](super::ID_HEADER).
    pub id: &'a str,
    /// Value of [`TIMESTAMP_HEADER`](super::TIMESTAMP_HEADER).
    pub timestamp: &'a str,
    /// Value of [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER).
    pub signature: &'a str,
}

/// Reason not to trust a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The timestamp is not a number of seconds.
    #[error("the timestamp is not a number of seconds")]
    NotATimestamp,
    /// The delivery was sent too long ago: it may be a replay.
    #[error("the timestamp is too old")]
    TooOld,
    /// The timestamp is in the future.
    #[error("the timestamp is too far in the future")]
    TooNew,
    /// No signature is by this secret over this body.
    #[error("no signature matches")]
    NoMatch,
}

impl SignedHeaders<'_> {
    /// Verifies that the sender of `body` knew `secret` and sent it within `tolerance` of `now`.
    ///
    /// One matching signature is enough, because deliveries carry two while a secret rotates;
    /// signatures of schemes other than `v1` are skipped. Compares in constant time.
    ///
    /// # Errors
    /// [`Unverified`] names the check that failed.
    pub fn verify(
        &self,
        secret: &SigningSecret,
        body: &[u8],
        now: Timestamp,
        tolerance: Duration,
    ) -> Result<(), Unverified> {
        let sent = self.sent(now, tolerance)?;
        let expected = secret.sign(self.id, sent, body);
        let matches = self
            .signature
            .split(' ')
            .map(|given| given.as_bytes().ct_eq(expected.as_bytes()))
            .fold(Choice::from(0), |any, one| any | one);
        if matches.into() { Ok(()) } else { Err(Unverified::NoMatch) }
    }

    /// Verifies that the sender of `body` has the private key of `key` and sent it within `tolerance`
    /// of `now`. Signatures of schemes other than `v1a` are skipped.
    ///
    /// # Errors
    /// [`Unverified`] names the check that failed.
    pub fn verify_asymmetric(
        &self,
        key: &PublicKey,
        body: &[u8],
        now: Timestamp,
        tolerance: Duration,
    ) -> Result<(), Unverified> {
        let sent = self.sent(now, tolerance)?;
        let matches =
            self.signature.split(' ').any(|given| key.verifies(given, self.id, sent, body));
        if matches { Ok(()) } else { Err(Unverified::NoMatch) }
    }

    /// Returns the time of the attempt in Unix seconds, if that is within `tolerance` of `now`.
    fn sent(&self, now: Timestamp, tolerance: Duration) -> Result<i64, Unverified> {
        let sent: i64 = self.timestamp.parse().map_err(|_| Unverified::NotATimestamp)?;
        check_age(sent, now.as_seconds(), tolerance)?;
        Ok(sent)
    }
}

fn check_age(sent: i64, now: i64, tolerance: Duration) -> Result<(), Unverified> {
    let tolerance = i64::try_from(tolerance.as_secs()).unwrap_or(i64::MAX);
    let age = now.saturating_sub(sent);
    if age > tolerance {
        Err(Unverified::TooOld)
    } else if age < -tolerance {
        Err(Unverified::TooNew)
    } else {
        Ok(())
    }
}
