//! Closed vocabularies: environment, key type.

/// Defines an enum whose values each have one fixed text, in JSON, in queries and in storage.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        pub enum $name { $($(#[$value_doc])* #[serde(rename = $text)] $value,)* }

        impl $name {
            /// Every value, in order of definition.
            pub const ALL: &'static [Self] = &[$(Self::$value,)*];

            /// Returns the value's fixed text.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $text,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::kinds::NotOneOf;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text)
                    .ok_or($crate::kinds::NotOneOf(&[$($text,)*]))
            }
        }
    };
}
pub(crate) use vocabulary;

/// Error: the text is not in the vocabulary. Holds the texts that are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of: {}", .0.join(", "))]
pub struct NotOneOf(pub &'static [&'static str]);

vocabulary! {
    /// Environment of an account's keys, webhooks and events; nothing crosses from one to the
    /// other.
    Environment {
        /// For trying things out; plain HTTP endpoints are allowed.
        Test = "test",
        /// For production; opens when the account is credentialed.
        Live = "live",
    }
}

impl Environment {
    /// Environment of the operational webhooks in the operator's own account: the one that is open to every
    /// account, and allows endpoints without TLS. The API shows none.
    pub const OPERATIONAL: Self = Self::Test;

    /// Returns whether the environment is open to an account: live needs one that is credentialed.
    #[must_use]
    pub const fn is_open(self, credentialed: bool) -> bool {
        matches!(self, Self::Test) || credentialed
    }
}

vocabulary! {
    /// Type of an API key.
    KeyType {
        /// Acts for the account, from the account's own servers. Confidential.
        Secret = "secret",
        /// Proves its own identity, from anywhere. Safe to ship in a browser.
        Publishable = "publishable",
    }
}
