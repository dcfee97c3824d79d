//! Stored form of an answer that is kept for repeats of its request.

use domain::{
    Environment,
    id::{KeyId, PortalSessionId, WebhookId},
};
use ports::queue::Message;
use serde::{Deserialize, Serialize};

use super::{Form, Number, Stored};

/// Answer kept for repeats. Its body is sealed, and without the secret that it showed, if the vault has
/// that. What a reveal showed is not kept, only that it was answered.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptAnswer {
    pub(crate) format: Number<Self>,
    pub(crate) status: u16,
    pub(crate) fingerprint: String,
    /// Body, sealed; none if the request is to be done again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sealed: Option<String>,
    /// Number of further documents that have the rest of the sealed body, which is too long for one.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) pieces: usize,
    /// Messages of the commit, if sending them is not part of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) messages: Vec<Message>,
    /// Secret that the answer shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) shows: Option<Shows>,
    /// Place in the body at which the vault's secret stood, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) secret_at: Option<usize>,
}

/// Secret that an answer shows: whoever is shown it again has been given access to it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shows {
    /// An API key.
    ApiKey {
        /// Environment of the key.
        environment: Environment,
        /// The key.
        key: KeyId,
    },
    /// A signing secret.
    SigningSecret {
        /// Environment of the webhook.
        environment: Environment,
        /// Webhook that signs with it.
        webhook: WebhookId,
        /// Number of the secret.
        number: u32,
    },
    /// The token of a portal session, which is kept nowhere else.
    PortalSession {
        /// The session.
        session: PortalSessionId,
    },
}

impl Form for KeptAnswer {
    const NAME: &'static str = "kept_answer";
    const NUMBER: u16 = 2;

    fn older(number: u64, body: &[u8]) -> Option<serde_json::Result<Self>> {
        (number == 1).then(|| serde_json::from_slice::<First>(body).map(Into::into))
    }
}

/// Form 1: whatever an answer showed was in its body.
#[derive(Deserialize)]
struct First {
    status: u16,
    fingerprint: String,
    #[serde(default)]
    sealed: Option<String>,
    #[serde(default)]
    messages: Vec<Message>,
}

impl From<First> for KeptAnswer {
    fn from(First { status, fingerprint, sealed, messages }: First) -> Self {
        let format = Number::default();
        let (pieces, shows, secret_at) = (0, None, None);
        Self { format, status, fingerprint, sealed, pieces, messages, shows, secret_at }
    }
}

impl Stored for KeptAnswer {
    type Form = Self;
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(pieces: &usize) -> bool {
    *pieces == 0
}
