//! Events as they are stored.

use std::{fmt, net::IpAddr, str::FromStr};

use domain::{
    Environment, Timestamp,
    id::{AccountId, AuditId, KeyId, RequestId, WebhookId},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A stream of events: everything that ever happened to one thing.
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
    /// The account whose history the stream belongs to.
    #[must_use]
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::EventTypes => None,
            Self::Account(account) | Self::Key(account, _) | Self::Webhook(account, _) => {
                Some(account)
            }
        }
    }

    /// What the stream is about, as the audit log names it.
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

/// `event_types`, `acct_…`, `acct_…/key_…` or `acct_…/wh_…`: how stores name streams.
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

/// A stored stream name that names no stream.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no stream")]
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

/// The stable name of a kind of event (`webhook.created`) and the version of its payload's schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventName {
    /// Such as `webhook.created`.
    pub name: String,
    /// Counts from 1; a payload is read by the type of its version and upcast.
    pub schema_version: u16,
}

/// What kind of caller did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// The company that runs Latchhook.
    Operator,
    /// A person in the dashboard.
    PortalSession,
    /// An API key.
    ApiKey,
    /// Latchhook itself.
    System,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// What kind of caller.
    #[serde(rename = "type")]
    pub kind: ActorKind,
    /// The session's or key's identifier; none for the operator and the system.
    pub id: Option<String>,
}

/// The circumstances of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Who did it.
    pub actor: Actor,
    /// The request that asked for it; none when the system acted by itself.
    pub request_id: Option<RequestId>,
    /// Where that request came from.
    pub ip: Option<IpAddr>,
    /// The environment of what it happened to; none of what belongs to both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<Environment>,
    /// When it happened.
    pub at: Timestamp,
}

/// An event to be appended.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Its identifier in the audit log; later events of an account have greater ones.
    pub id: AuditId,
    /// What kind of event, in which schema.
    pub name: EventName,
    /// The payload, JSON. Never a secret.
    pub payload: Box<RawValue>,
    /// Its circumstances.
    pub metadata: Metadata,
}

/// An event as read back.
#[derive(Debug, Clone)]
pub struct RecordedEvent {
    /// Which stream it belongs to.
    pub stream: StreamId,
    /// Its place in the stream, from 1 without gaps.
    pub version: u64,
    /// The rest, as it was appended.
    pub event: NewEvent,
}
