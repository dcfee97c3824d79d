//! Jurisdictions of events' subjects, as the operator distinguishes them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// Longest code, in bytes.
const LONGEST: usize = 16;

/// Code of a jurisdiction of an event's subject; a webhook receives the events of one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Jurisdiction {
    /// Text of the code, and zeros behind it.
    bytes: [u8; LONGEST],
}

/// Error: the text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 16 letters, digits, - or _")]
pub struct NotAJurisdiction;

impl Jurisdiction {
    /// The United States.
    pub const US: Self = Self::of(*b"US");
    /// Canada.
    pub const CA: Self = Self::of(*b"CA");
    /// Code of what is made while there are no jurisdictions; stored as an empty text.
    pub const NONE: Self = Self { bytes: [0; LONGEST] };

    const fn of(text: [u8; 2]) -> Self {
        let mut bytes = [0; LONGEST];
        [bytes[0], bytes[1]] = text;
        Self { bytes }
    }

    /// Returns the code's text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let end = self.bytes.iter().position(|byte| *byte == 0).unwrap_or(LONGEST);
        std::str::from_utf8(&self.bytes[..end]).unwrap_or_default()
    }
}

impl FromStr for Jurisdiction {
    type Err = NotAJurisdiction;

    fn from_str(text: &str) -> Result<Self, NotAJurisdiction> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if text.is_empty() || text.len() > LONGEST || !text.bytes().all(fits) {
            return Err(NotAJurisdiction);
        }
        let mut bytes = [0; LONGEST];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Ok(Self { bytes })
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl Serialize for Jurisdiction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Jurisdiction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        if text.is_empty() { Ok(Self::NONE) } else { text.parse().map_err(D::Error::custom) }
    }
}

/// Jurisdictions that the operator distinguishes, each with its name. With one or none nobody is asked
/// for one, and none is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jurisdictions(Vec<(Jurisdiction, String)>);

impl Default for Jurisdictions {
    fn default() -> Self {
        let named = |(code, name): (Jurisdiction, &str)| (code, name.to_owned());
        let all = [(Jurisdiction::US, "United States"), (Jurisdiction::CA, "Canada")];
        Self(all.map(named).into())
    }
}

impl Jurisdictions {
    /// Most jurisdictions that there can be: the page lists them.
    const MOST: usize = 50;
    /// Longest name, in characters.
    const LONGEST_NAME: usize = 60;

    /// Creates the list of `all`.
    ///
    /// # Errors
    /// When a code or name is wrong, a code comes twice, or there are too many.
    pub fn new<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, String> {
        let mut list: Vec<(Jurisdiction, String)> = Vec::new();
        for (code, name) in all {
            let (code, name) = (code.trim(), name.trim());
            let parsed = code.parse().map_err(|why| format!("the code {code:?} {why}"))?;
            if list.iter().any(|(known, _)| *known == parsed) {
                return Err(format!("the code {code:?} comes twice"));
            }
            let length = name.chars().count();
            if length == 0 || length > Self::LONGEST_NAME || name.contains(char::is_control) {
                return Err(format!("the name of {code:?} must have 1 to 60 characters"));
            }
            list.push((parsed, name.to_owned()));
        }
        if list.len() > Self::MOST {
            return Err(format!("must be {} at most", Self::MOST));
        }
        Ok(Self(list))
    }

    /// Returns every jurisdiction that can be chosen, with its name; none if there is no choice.
    #[must_use]
    pub fn choices(&self) -> &[(Jurisdiction, String)] {
        if self.0.len() > 1 { &self.0 } else { &[] }
    }

    /// Returns the jurisdiction of what names none.
    #[must_use]
    pub fn usual(&self) -> Jurisdiction {
        self.0.first().map_or(Jurisdiction::NONE, |(code, _)| *code)
    }

    /// Returns the jurisdiction that `stored` counts as. Without a choice all are the same; what was
    /// made while there was none counts as the usual one.
    #[must_use]
    pub fn meant(&self, stored: Jurisdiction) -> Jurisdiction {
        match self.choices() {
            [] => Jurisdiction::NONE,
            _ if stored == Jurisdiction::NONE => self.usual(),
            _ => stored,
        }
    }

    /// Returns the jurisdiction to show for `stored`; none if there is no choice.
    #[must_use]
    pub fn shown(&self, stored: Jurisdiction) -> Option<Jurisdiction> {
        if self.choices().is_empty() { None } else { Some(self.meant(stored)) }
    }
}

/// Reads `US=United States,CA=Canada`, or `none`.
impl FromStr for Jurisdictions {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" || text.is_empty() {
            return Ok(Self(vec![]));
        }
        let pair = |part: &'_ str| -> Result<(String, String), String> {
            let (code, name) = part.split_once('=').ok_or_else(|| {
                format!("{part:?} is not a code and a name, such as US=United States")
            })?;
            Ok((code.to_owned(), name.to_owned()))
        };
        let pairs = text.split(',').map(pair).collect::<Result<Vec<_>, _>>()?;
        Self::new(pairs.iter().map(|(code, name)| (code.as_str(), name.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Jurisdictions {
        text.parse().unwrap()
    }

    #[test]
    fn the_usual_ones_are_two() {
        assert_eq!(list("US=United States, CA = Canada"), Jurisdictions::default());
        assert_eq!(Jurisdictions::default().usual(), Jurisdiction::US);
    }

    #[test]
    fn with_one_or_none_nothing_is_asked_or_shown_and_all_are_the_same() {
        for (few, usual) in [("none", ""), ("", ""), ("DE=Germany", "DE")] {
            let few = list(few);
            assert_eq!((few.choices().len(), few.usual().as_str()), (0, usual));
            assert_eq!(few.shown(Jurisdiction::CA), None);
            assert_eq!(few.meant(Jurisdiction::CA), few.meant(Jurisdiction::US));
        }
    }

    #[test]
    fn what_was_made_without_one_counts_as_the_usual_one() {
        let two = list("DE=Germany,AT=Austria");
        let usual = "DE".parse().unwrap();
        assert_eq!(two.meant(Jurisdiction::NONE), usual);
        assert_eq!(two.shown(Jurisdiction::NONE), Some(usual));
        assert_eq!(two.shown(Jurisdiction::CA), Some(Jurisdiction::CA));
    }

    #[test]
    fn a_code_is_stored_as_its_text() {
        let stored = |code: Jurisdiction| serde_json::to_string(&code).unwrap();
        assert_eq!(
            (stored(Jurisdiction::CA), stored(Jurisdiction::NONE)),
            (r#""CA""#.into(), r#""""#.into())
        );
        for code in ["CA", "", "NSW-2026_long_x1"] {
            let read: Jurisdiction = serde_json::from_str(&format!("{code:?}")).unwrap();
            assert_eq!(read.as_str(), code);
        }
        assert!(serde_json::from_str::<Jurisdiction>(r#""seventeen-letters""#).is_err());
        assert!(serde_json::from_str::<Jurisdiction>(r#""a b""#).is_err());
    }

    #[test]
    fn what_is_wrong_with_a_list_is_told() {
        for (text, why) in [
            ("US", "is not a code and a name"),
            ("US=", "must have 1 to 60 characters"),
            ("U S=x", "must be 1 to 16 letters"),
            ("US=a,US=b", "comes twice"),
        ] {
            let told = text.parse::<Jurisdictions>().unwrap_err();
            assert!(told.contains(why), "{told}");
        }
    }
}
