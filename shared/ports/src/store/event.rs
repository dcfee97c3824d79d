//! Events as they are stored.

use std::{fmt, net::IpAddr, str::FromStr};

use domain::{
    Environment, Timestamp,
    id::{AccountId, AuditId, KeyId, RequestId, WebhookId},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Stream of events: everything that ever happened to one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StreamId {
    /// The registry of event types, one for the installation.
    EventTypes,
    /// An account.
    Account(AccountId),
    /// An API key of an account.
    Key(AccountId, KeyId),
    /// A webhook of an account.
    Webhook(AccountId, WebhookId),
}

impl StreamId {
    /// Returns the account whose history the stream belongs to.
    #[must_use]
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::EventTypes => None,
            Self::Account(account) | Self::Key(account, _) | Self::Webhook(account, _) => {
                Some(account)
            }
        }
    }

    /// Returns the subject of the stream, as the audit log names it.
    #[must_use]
    pub fn subject(self) -> String {
        match self {
            Self::EventTypes => "event_types".to_owned(),
            Self::Account(account) => account.to_string(),
            Self::Key(_, key) => key.to_string(),
            Self::Webhook(_, webhook) => webhook.to_string(),
        }
    }
}

/// Name of a stream in stores: `event_types`, `acct_…`, `acct_…/key_…` or `acct_…/wh_…`.
impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EventTypes => f.write_str("event_types"),
            Self::Account(account) => write!(f, "{account}"),
            Self::Key(account, key) => write!(f, "{account}/{key}"),
            Self::Webhook(account, webhook) => write!(f, "{account}/{webhook}"),
        }
    }
}

/// Error for a stored stream name that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not the name of a stream")]
pub struct NotAStream(String);

impl FromStr for StreamId {
    type Err = NotAStream;

    fn from_str(text: &str) -> Result<Self, NotAStream> {
        let wrong = || NotAStream(text.to_owned());
        if text == "event_types" {
            return Ok(Self::EventTypes);
        }
        let (account, rest) =
            text.split_once('/').map_or((text, None), |(a, rest)| (a, Some(rest)));
        let account = account.parse().map_err(|_| wrong())?;
        match rest {
            None => Ok(Self::Account(account)),
            Some(rest) => (rest.parse().map(|key| Self::Key(account, key)))
                .or_else(|_| rest.parse().map(|webhook| Self::Webhook(account, webhook)))
                .map_err(|_| wrong()),
        }
    }
}

/// Stable name of a kind of event (`webhook.created`) and the version of its payload's schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventName {
    /// Name, such as `webhook.created`.
    pub name: String,
    /// Schema version, from 1; a payload is read by the type of its version and upcast.
    pub schema_version: u16,
}

/// Kind of actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// Operator: the company that runs Latchhook.
    Operator,
    /// Person in the dashboard.
    PortalSession,
    /// API key.
    ApiKey,
    /// Latchhook itself.
    System,
}

/// Actor: the caller that did something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// Kind of actor.
    #[serde(rename = "type")]
    pub kind: ActorKind,
    /// Identifier of the session or key; none for the operator and the system.
    pub id: Option<String>,
}

/// Circumstances of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Actor that caused it.
    pub actor: Actor,
    /// Request that asked for it; none when the system acted by itself.
    pub request_id: Option<RequestId>,
    /// Address from which that request came.
    pub ip: Option<IpAddr>,
    /// Environment of the subject; none if the subject belongs to both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// Time of the event.
    pub at: Timestamp,
}

/// Event to be appended.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Identifier in the audit log; later events of an account have greater ones.
    pub id: AuditId,
    /// Kind of event and schema version.
    pub name: EventName,
    /// Payload, JSON. Never contains a secret.
    pub payload: Box<RawValue>,
    /// Circumstances.
    pub metadata: Metadata,
}

/// Event as read back.
#[derive(Debug, Clone)]
pub struct RecordedEvent {
    /// Stream.
    pub stream: StreamId,
    /// Position in the stream, from 1 without gaps.
    pub version: u64,
    /// Event as it was appended.
    pub event: NewEvent,
}
