//! Operator tokens as the API shows them.

use domain::{
    OperatorScope, Revealed, Secret, Timestamp,
    id::OperatorTokenId,
    operator_token::{OperatorToken, Standing},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::openapi::vocabulary;

/// An operator token; includes the token itself only if it is new.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OperatorToken)]
pub(crate) struct Resource {
    #[schema(value_type = String, example = "optk_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    id: OperatorTokenId,
    #[schema(example = "operator_token")]
    object: &'static str,
    #[schema(example = "/v1/operator_tokens/optk_01jgz2v6nv6e0w5dj3c5rqm8ta")]
    uri: String,
    #[schema(example = "API gateway")]
    name: String,
    /// Scopes of the routes that the token may call.
    #[schema(value_type = Vec<vocabulary::OperatorScope>, example = json!(["keys:verify"]))]
    scopes: Vec<OperatorScope>,
    #[schema(value_type = vocabulary::OperatorTokenStatus)]
    status: &'static str,
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T09:30:00.000Z")]
    created_at: Timestamp,
    /// Instant at which the token stops working by itself.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// Time of the last use, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// Time at which somebody ended the token.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// The token itself: only of a new one, and kept nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false)]
    token: Option<Revealed>,
}

impl Resource {
    /// Makes the representation of a token at `now`.
    pub(super) fn of(
        token: OperatorToken,
        last_used_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let status = match token.standing(now) {
            Standing::Active => "active",
            Standing::Expired => "expired",
            Standing::Ended => "ended",
        };
        Self {
            id: token.id,
            object: "operator_token",
            uri: format!("/v1/operator_tokens/{}", token.id),
            name: token.name,
            scopes: token.scopes.into_iter().collect(),
            status,
            created_at: token.created_at,
            expires_at: token.expires_at,
            last_used_at,
            ended_at: token.ended_at,
            token: None,
        }
    }

    /// Makes the representation of a new token, with the token itself.
    pub(super) fn made(token: OperatorToken, text: Secret, now: Timestamp) -> Self {
        Self { token: Some(Revealed(text)), ..Self::of(token, None, now) }
    }
}
