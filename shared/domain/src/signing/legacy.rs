//! Legacy signature: the header of the service that Latchhook is modelled on.

use hmac::Mac as _;

use super::keyed;
use crate::secret::Secret;

/// Value of the legacy header when the account has no secret key to sign with.
pub const LEGACY_WITHOUT_KEY: &str =
    "Please create an API key to check the authenticity of our webhooks.";

/// Returns the lowercase hex HMAC-SHA-256 of `body`, keyed by the text of an API key.
#[must_use]
pub fn legacy_signature(key: &Secret, body: &[u8]) -> String {
    hex::encode(keyed(key.expose().as_bytes()).chain_update(body).finalize().into_bytes())
}
