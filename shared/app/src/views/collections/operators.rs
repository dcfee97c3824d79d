//! Collections of the operator's own: tokens, and sessions at the pages.

use domain::id::{OperatorSessionId, OperatorTokenId};
use ports::store::{Collection, Key, Partition, Scope};

pub(super) const OPERATOR_TOKENS: Collection = Collection("operator_tokens");
/// Operator tokens by fingerprint.
pub const OPERATOR_TOKEN_LOOKUPS: Collection = Collection("operator_token_lookups");
pub(super) const OPERATOR_TOKEN_COUNT: Collection = Collection("operator_token_count");
const OPERATOR_TOKEN_USAGE: Collection = Collection("operator_token_usage");
const OPERATOR_TOKEN_ROTATION: Collection = Collection("operator_token_rotation");
const OPERATOR_SESSIONS: Collection = Collection("operator_sessions");

/// Key for a session of the operator at the pages.
#[must_use]
pub fn operator_session(session: OperatorSessionId) -> Key {
    Partition::new(Scope::Installation, OPERATOR_SESSIONS, "").key(session)
}

/// Partition of the operator tokens, ended ones included.
#[must_use]
pub fn operator_tokens() -> Partition {
    Partition::new(Scope::Installation, OPERATOR_TOKENS, "")
}

/// Key for an operator token by the fingerprint of the token itself.
#[must_use]
pub fn operator_token_lookup(fingerprint: &str) -> Key {
    Partition::new(Scope::Installation, OPERATOR_TOKEN_LOOKUPS, "").key(fingerprint)
}

/// Counter of operator tokens, ended ones included.
#[must_use]
pub fn operator_token_count() -> Key {
    Partition::new(Scope::Installation, OPERATOR_TOKEN_COUNT, "").key("all")
}

/// Key for the time of an operator token's last use.
#[must_use]
pub fn operator_token_usage(token: OperatorTokenId) -> Key {
    Partition::new(Scope::Installation, OPERATOR_TOKEN_USAGE, "").key(token)
}

/// Key for the document that every rotation of the operator token puts anew, where processes share
/// the token.
#[must_use]
pub fn operator_token_rotation() -> Key {
    Partition::new(Scope::Installation, OPERATOR_TOKEN_ROTATION, "").key("last")
}
