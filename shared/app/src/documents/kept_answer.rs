//! Stored form of an answer that is kept for repeats of its request.

use domain::{
    Environment,
    id::{EventId, KeyId, MessageId, OperatorTokenId, PortalSessionId, WebhookId},
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
    /// Data of events that the answer shows, in the order of their places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) data: Vec<KeptData>,
    /// Batch without which it means nothing, if that is accepted by a later commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) batch: Option<MessageId>,
}

/// Data of an event that an answer shows. It is not kept with it: a repeat takes it from the event, which
/// may have been erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptData {
    /// Environment of the event.
    pub environment: Environment,
    /// The event.
    pub event: EventId,
    /// Place in the kept body at which the data stood, in bytes.
    pub at: usize,
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
    /// An operator token, which is kept nowhere else.
    OperatorToken {
        /// The token.
        token: OperatorTokenId,
    },
}

impl Form for KeptAnswer {
    const NAME: &'static str = "kept_answer";
    const NUMBER: u16 = 3;

    fn older(number: u64, body: &[u8]) -> Option<serde_json::Result<Self>> {
        (number < 3).then(|| serde_json::from_slice::<Former>(body).map(Into::into))
    }
}

/// Form 1, in which whatever an answer showed was in its body, or form 2, in which data of events still was.
#[derive(Deserialize)]
struct Former {
    status: u16,
    fingerprint: String,
    #[serde(default)]
    sealed: Option<String>,
    #[serde(default)]
    pieces: usize,
    #[serde(default)]
    messages: Vec<Message>,
    #[serde(default)]
    shows: Option<Shows>,
    #[serde(default)]
    secret_at: Option<usize>,
    #[serde(default)]
    batch: Option<MessageId>,
}

impl From<Former> for KeptAnswer {
    fn from(former: Former) -> Self {
        let Former { status, fingerprint, sealed, pieces, messages, shows, secret_at, batch } =
            former;
        let (format, data) = (Number::default(), vec![]);
        Self {
            format,
            status,
            fingerprint,
            sealed,
            pieces,
            messages,
            shows,
            secret_at,
            data,
            batch,
        }
    }
}

impl Stored for KeptAnswer {
    type Form = Self;
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(pieces: &usize) -> bool {
    *pieces == 0
}
