//! The small closed vocabularies: environment, jurisdiction.

use serde::{Deserialize, Serialize};

/// Defines an enum whose values have one fixed text each, in JSON, in queries and in storage.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$value_doc])* #[serde(rename = $text)] $value,)* }

        impl $name {
            /// Every value, in the order of their definition.
            pub const ALL: &'static [Self] = &[$(Self::$value,)*];

            /// Its one fixed text.
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

/// Why a text is not a value of a vocabulary: what it could have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of: {}", .0.join(", "))]
pub struct NotOneOf(pub &'static [&'static str]);

vocabulary! {
    /// Which of an account's two worlds something belongs to; nothing crosses.
    Environment {
        /// For trying things out; plain HTTP is allowed.
        Test = "test",
        /// For production; opens when the account is credentialed.
        Live = "live",
    }
}

vocabulary! {
    /// Where the subject of an event lives; a webhook hears of one jurisdiction.
    Jurisdiction {
        /// The United States.
        Us = "US",
        /// Canada.
        Ca = "CA",
    }
}

vocabulary! {
    /// What an API key may do.
    KeyType {
        /// Act for the account, from its own servers. Confidential.
        Secret = "secret",
        /// Prove itself, from anywhere. Safe to ship in a browser.
        Publishable = "publishable",
    }
}
