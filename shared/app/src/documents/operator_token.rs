//! Stored form of an operator token.

use std::collections::BTreeSet;

use domain::{OperatorScope, Timestamp, id::OperatorTokenId, operator_token::OperatorToken};
use serde::{Deserialize, Serialize};

use super::Form;

/// Operator token as it is stored.
#[derive(Serialize, Deserialize)]
pub struct StoredOperatorToken {
    id: OperatorTokenId,
    name: String,
    scopes: BTreeSet<OperatorScope>,
    fingerprint: String,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
}

impl Form for StoredOperatorToken {
    const NAME: &'static str = "operator_token";
    const NUMBER: u16 = 1;
}

impl From<&OperatorToken> for StoredOperatorToken {
    fn from(token: &OperatorToken) -> Self {
        Self {
            id: token.id,
            name: token.name.clone(),
            scopes: token.scopes.clone(),
            fingerprint: token.fingerprint.clone(),
            created_at: token.created_at,
            expires_at: token.expires_at,
            ended_at: token.ended_at,
        }
    }
}

impl From<StoredOperatorToken> for OperatorToken {
    fn from(stored: StoredOperatorToken) -> Self {
        Self {
            id: stored.id,
            name: stored.name,
            scopes: stored.scopes,
            fingerprint: stored.fingerprint,
            created_at: stored.created_at,
            expires_at: stored.expires_at,
            ended_at: stored.ended_at,
        }
    }
}
