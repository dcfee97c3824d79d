//! Jurisdiction in a request: asked for only where there are several.

use std::fmt;

use domain::{Jurisdiction, Jurisdictions};
use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::problem::{Code, Problem};

/// Field that may name a jurisdiction. What it holds is judged by [`among`](Self::among), because where
/// there is no choice its very name is wrong.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) enum NamedJurisdiction {
    /// The field is not there.
    #[default]
    Absent,
    /// The field is `null`.
    Null,
    /// A code.
    Code(Jurisdiction),
    /// Something else.
    Wrong,
}

impl NamedJurisdiction {
    /// Returns the jurisdiction that is meant, `among` those that there are.
    ///
    /// # Errors
    /// [`Code::UnknownField`] where there is no choice, [`Code::InvalidField`] for none of them.
    pub(crate) fn among(self, among: &Jurisdictions) -> Result<Jurisdiction, Problem> {
        const FIELD: &str = "jurisdiction";
        let choices = among.choices();
        match self {
            Self::Absent => Ok(among.usual()),
            _ if choices.is_empty() => Err(Code::UnknownField.of(FIELD)),
            Self::Null => Ok(among.usual()),
            Self::Code(code) if choices.iter().any(|(known, _)| *known == code) => Ok(code),
            Self::Code(_) | Self::Wrong => {
                let codes: Vec<&str> = choices.iter().map(|(code, _)| code.as_str()).collect();
                let must = format_args!("must be one of: {}", codes.join(", ")).to_string();
                Err(Problem::invalid(FIELD, must))
            }
        }
    }
}

impl<'de> Deserialize<'de> for NamedJurisdiction {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Named)
    }
}

struct Named;

impl<'de> Visitor<'de> for Named {
    type Value = NamedJurisdiction;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a jurisdiction's code")
    }

    fn visit_str<E>(self, text: &str) -> Result<NamedJurisdiction, E> {
        Ok(text.parse().map_or(NamedJurisdiction::Wrong, NamedJurisdiction::Code))
    }

    fn visit_unit<E>(self) -> Result<NamedJurisdiction, E> {
        Ok(NamedJurisdiction::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<NamedJurisdiction, E> {
        Ok(NamedJurisdiction::Wrong)
    }

    fn visit_u64<E>(self, _: u64) -> Result<NamedJurisdiction, E> {
        Ok(NamedJurisdiction::Wrong)
    }

    fn visit_i64<E>(self, _: i64) -> Result<NamedJurisdiction, E> {
        Ok(NamedJurisdiction::Wrong)
    }

    fn visit_f64<E>(self, _: f64) -> Result<NamedJurisdiction, E> {
        Ok(NamedJurisdiction::Wrong)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rest: A) -> Result<NamedJurisdiction, A::Error> {
        while rest.next_element::<IgnoredAny>()?.is_some() {}
        Ok(NamedJurisdiction::Wrong)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut rest: A) -> Result<NamedJurisdiction, A::Error> {
        while rest.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(NamedJurisdiction::Wrong)
    }
}
