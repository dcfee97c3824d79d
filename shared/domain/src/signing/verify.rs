//! What a receiver does with the signature of a delivery.

use std::time::Duration;

use subtle::{Choice, ConstantTimeEq as _};

use super::SigningSecret;
use crate::time::Timestamp;

/// How far a delivery's timestamp may be from the receiver's clock, as the reference libraries of
/// Standard Webhooks have it.
pub const TOLERANCE: Duration = Duration::from_mins(5);

/// The three headers of a delivery, as they arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedHeaders<'a> {
    /// The value of [`ID_HEADER`](super::ID_HEADER).
    pub id: &'a str,
    /// The value of [`TIMESTAMP_HEADER`](super::TIMESTAMP_HEADER).
    pub timestamp: &'a str,
    /// The value of [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER).
    pub signature: &'a str,
}

/// Why a delivery can't be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// Its timestamp is not a number of seconds.
    #[error("the timestamp is not a number of seconds")]
    NotATimestamp,
    /// It was sent too long ago: it may be a recording.
    #[error("the timestamp is too old")]
    TooOld,
    /// It claims to come from the future.
    #[error("the timestamp is too far in the future")]
    TooNew,
    /// None of its signatures is by this secret over this body.
    #[error("no signature matches")]
    NoMatch,
}

impl SignedHeaders<'_> {
    /// Verifies that the sender of `body` knew `secret` and sent it within `tolerance` of `now`.
    ///
    /// Any one of several signatures will do, because deliveries carry two while a secret rotates;
    /// those of schemes other than `v1` are passed over. Compares in constant time.
    ///
    /// # Errors
    /// [`Unverified`] says what does not hold.
    pub fn verify(
        &self,
        secret: &SigningSecret,
        body: &[u8],
        now: Timestamp,
        tolerance: Duration,
    ) -> Result<(), Unverified> {
        let sent: i64 = self.timestamp.parse().map_err(|_| Unverified::NotATimestamp)?;
        check_age(sent, now.as_seconds(), tolerance)?;
        let expected = secret.sign(self.id, sent, body);
        let matches = self
            .signature
            .split(' ')
            .map(|given| given.as_bytes().ct_eq(expected.as_bytes()))
            .fold(Choice::from(0), |any, one| any | one);
        if matches.into() { Ok(()) } else { Err(Unverified::NoMatch) }
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
