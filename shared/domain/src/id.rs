//! Identifiers: a prefix that names the kind, and a lowercase ULID that sorts by creation.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, de::Error as _};
pub use ulid::Ulid;

use crate::time::Timestamp;

/// Error: the text is not an identifier of the kind asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be {prefix} and 26 lowercase characters of a ULID")]
pub struct NotAnId {
    prefix: &'static str,
}

/// Length of a ULID in characters.
const ULID_LEN: usize = 26;
/// Crockford's base 32, lowercase.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Length of the longest prefix.
const PREFIX_LEN: usize = 5;

/// Text of an identifier, on the stack.
struct Text {
    bytes: [u8; PREFIX_LEN + ULID_LEN],
    len: usize,
}

impl Text {
    fn of(prefix: &str, ulid: Ulid) -> Self {
        let mut bytes = [0; PREFIX_LEN + ULID_LEN];
        bytes[..prefix.len()].copy_from_slice(prefix.as_bytes());
        let len = prefix.len() + ULID_LEN;
        // Each character holds five bits, the lowest last; the first holds the remaining three. Twelve at a
        // time, because shifting all 128 bits takes twice as long.
        let mut rest = ulid.0;
        for some in bytes[prefix.len()..len].rchunks_mut(12) {
            let mut low = (rest & ((1 << 60) - 1)) as u64;
            for byte in some.iter_mut().rev() {
                *byte = ALPHABET[(low & 31) as usize];
                low >>= 5;
            }
            rest >>= 60;
        }
        Self { bytes, len }
    }

    fn as_str(&self) -> &str {
        str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }
}

fn read(text: &str, prefix: &'static str) -> Result<Ulid, NotAnId> {
    text.strip_prefix(prefix)
        .filter(|rest| rest.len() == ULID_LEN)
        .and_then(|rest| Ulid::from_string(rest).ok())
        // The ULID alphabet has aliases; only the one canonical spelling names an object.
        .filter(|ulid| Text::of(prefix, *ulid).as_str() == text)
        .ok_or(NotAnId { prefix })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Ulid);

        impl $name {
            /// Prefix of every identifier of this kind.
            pub const PREFIX: &'static str = $prefix;

            /// Returns the time of creation, to the millisecond.
            #[must_use]
            pub fn created_at(self) -> Timestamp {
                Timestamp::from_millis(i64::try_from(self.0.timestamp_ms()).unwrap_or(i64::MAX))
            }
        }

        impl From<Ulid> for $name {
            fn from(ulid: Ulid) -> Self {
                Self(ulid)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(Text::of($prefix, self.0).as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                read(text, $prefix).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(Text::of($prefix, self.0).as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

ids! {
    /// An account: one customer of the operator.
    AccountId = "acct_";
    /// An API key; the identifier, never the key itself.
    KeyId = "key_";
    /// A webhook: an endpoint and what it subscribes to.
    WebhookId = "wh_";
    /// An event that the operator posted; receivers see it as `webhook-id`.
    EventId = "evt_";
    /// A row of the API or delivery log.
    LogId = "log_";
    /// An HTTP request to Latchhook.
    RequestId = "req_";
    /// A portal session: a person in the dashboard.
    PortalSessionId = "ps_";
    /// A session of the operator at the pages.
    OperatorSessionId = "os_";
    /// An operator token; the identifier, never the token itself.
    OperatorTokenId = "optk_";
    /// An entry of the audit log.
    AuditId = "aud_";
    /// A message on a delivery queue.
    MessageId = "msg_";
}

impl AccountId {
    /// Account of the operator's own, which has the operational webhooks. It is in no list of accounts,
    /// and no other account can have its identifier: that would have been made in 1970.
    pub const OPERATOR: Self = Self(Ulid(0));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_identifier_parses_from_its_text(value: u128) {
            let id = WebhookId(Ulid::from(value));
            prop_assert_eq!(id.to_string().parse(), Ok(id));
        }

        #[test]
        fn text_order_is_creation_order(a: u128, b: u128) {
            let (a, b) = (EventId(Ulid::from(a)), EventId(Ulid::from(b)));
            prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        }
    }

    #[test]
    fn only_the_canonical_spelling_of_the_right_kind_is_accepted() {
        let id = "wh_01arz3ndektsv4rrffq69g5fav";
        assert!(id.parse::<WebhookId>().is_ok());
        for text in [
            "evt_01arz3ndektsv4rrffq69g5fav",
            "wh_01ARZ3NDEKTSV4RRFFQ69G5FAV",
            "wh_01arz3ndektsv4rrffq69g5fa",
            "wh_01arz3ndektsv4rrffq69g5faé",
            "wh_01arz3ndektsv4rrffq69g5fio",
            "wh_81arz3ndektsv4rrffq69g5fav",
            "",
        ] {
            assert!(text.parse::<WebhookId>().is_err(), "{text}");
        }
    }
}
