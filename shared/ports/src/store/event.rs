//! Events as they are stored.

use std::{fmt, net::IpAddr, str::FromStr};

use domain::{
    Environment, Timestamp,
    id::{AccountId, AuditId, KeyId, OperatorTokenId, RequestId, WebhookId},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Scope;

/// Stream of events: everything that ever happened to one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StreamId {
    /// The registry of event types, one for the installation.
    EventTypes,
    /// The catalogue of scopes, one for the installation.
    KeyScopes,
    /// An operator token.
    OperatorToken(OperatorTokenId),
    /// An account.
    Account(AccountId),
    /// An API key of an account.
    Key(AccountId, KeyId),
    /// A webhook of an account.
    Webhook(AccountId, WebhookId),
    /// Accesses to something that has a stream of its own.
    Access(Accessed),
}

/// Thing whose accesses are recorded: who signed in to an account, who was shown a secret.
///
/// Accesses are for the audit log alone and change no state. They have streams beside those of the
/// things themselves, so that reading or folding a thing costs the same however often somebody
/// looked at its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Accessed {
    /// An operator token: repeats of the answer that shows it.
    OperatorToken(OperatorTokenId),
    /// An account: sign-ins.
    Account(AccountId),
    /// An API key: reveals.
    Key(AccountId, KeyId),
    /// A webhook: reveals of its signing secret.
    Webhook(AccountId, WebhookId),
}

impl Accessed {
    /// Returns the stream of the thing itself.
    #[must_use]
    pub const fn stream(self) -> StreamId {
        match self {
            Self::OperatorToken(token) => StreamId::OperatorToken(token),
            Self::Account(account) => StreamId::Account(account),
            Self::Key(account, key) => StreamId::Key(account, key),
            Self::Webhook(account, webhook) => StreamId::Webhook(account, webhook),
        }
    }
}

impl StreamId {
    /// Returns the account whose history the stream belongs to.
    #[must_use]
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::EventTypes | Self::KeyScopes | Self::OperatorToken(_) => None,
            Self::Account(account) | Self::Key(account, _) | Self::Webhook(account, _) => {
                Some(account)
            }
            Self::Access(accessed) => accessed.stream().account(),
        }
    }

    /// Returns the stream of accesses to what this stream is of; none for the event types and
    /// scopes, which have no secrets.
    #[must_use]
    pub const fn accesses(self) -> Option<Self> {
        match self {
            Self::EventTypes | Self::KeyScopes => None,
            Self::OperatorToken(token) => Some(Self::Access(Accessed::OperatorToken(token))),
            Self::Account(account) => Some(Self::Access(Accessed::Account(account))),
            Self::Key(account, key) => Some(Self::Access(Accessed::Key(account, key))),
            Self::Webhook(account, webhook) => {
                Some(Self::Access(Accessed::Webhook(account, webhook)))
            }
            Self::Access(_) => Some(self),
        }
    }

    /// Returns the part of its account's history that the stream belongs to.
    #[must_use]
    pub const fn history(self) -> Option<(AccountId, HistoryPart)> {
        match (self.account(), self) {
            (None, _) => None,
            (Some(account), Self::Access(_)) => Some((account, HistoryPart::Accesses)),
            (Some(account), _) => Some((account, HistoryPart::Changes)),
        }
    }

    /// Returns the owner of the stream.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self.account() {
            None => Scope::Installation,
            Some(account) => Scope::Account(account),
        }
    }

    /// Returns the subject of the stream, as the audit log names it.
    #[must_use]
    pub fn subject(self) -> String {
        match self {
            Self::EventTypes => "event_types".to_owned(),
            Self::KeyScopes => "key_scopes".to_owned(),
            Self::OperatorToken(token) => token.to_string(),
            Self::Account(account) => account.to_string(),
            Self::Key(_, key) => key.to_string(),
            Self::Webhook(_, webhook) => webhook.to_string(),
            Self::Access(accessed) => accessed.stream().subject(),
        }
    }
}

/// Part of an account's history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum HistoryPart {
    /// Events that changed something.
    Changes,
    /// Accesses.
    Accesses,
}

/// End of the name of a stream of accesses.
const ACCESS: &str = "/access";

/// Name of a stream in stores: `event_types`, `key_scopes`, `optk_…`, `acct_…`, `acct_…/key_…` or
/// `acct_…/wh_…`, with `/access` at the end for the accesses to it.
impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EventTypes => f.write_str("event_types"),
            Self::KeyScopes => f.write_str("key_scopes"),
            Self::OperatorToken(token) => write!(f, "{token}"),
            Self::Account(account) => write!(f, "{account}"),
            Self::Key(account, key) => write!(f, "{account}/{key}"),
            Self::Webhook(account, webhook) => write!(f, "{account}/{webhook}"),
            Self::Access(accessed) => write!(f, "{}{ACCESS}", accessed.stream()),
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
        if let Some(of) = text.strip_suffix(ACCESS) {
            let of: Self = of.parse().map_err(|_| wrong())?;
            return match of.accesses() {
                Some(accesses) if accesses != of => Ok(accesses),
                _ => Err(wrong()),
            };
        }
        if text == "event_types" {
            return Ok(Self::EventTypes);
        }
        if text == "key_scopes" {
            return Ok(Self::KeyScopes);
        }
        if let Ok(token) = text.parse() {
            return Ok(Self::OperatorToken(token));
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

impl ActorKind {
    /// Returns the name, as it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::PortalSession => "portal_session",
            Self::ApiKey => "api_key",
            Self::System => "system",
        }
    }
}

/// Actor: the caller that did something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// Kind of actor.
    #[serde(rename = "type")]
    pub kind: ActorKind,
    /// Identifier of the session, key, operator token or person; none for the root token and the system.
    pub id: Option<String>,
    /// Name of the operator token or person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Person behind a session, if it is known who that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Person>,
}

/// Person of a customer's, as the operator named them; without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Person {
    /// Identifier at the operator.
    pub id: String,
    /// Name, for people.
    #[serde(default)]
    pub name: Option<String>,
    /// Address of email.
    #[serde(default)]
    pub email: Option<String>,
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
