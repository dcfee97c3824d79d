//! JSON documents that keep their text, so that the output is exactly what the server answered.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// JSON value, kept as its text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Document(Box<RawValue>);

impl Document {
    /// Parses `text`; `None` if it is not JSON.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text).ok().map(Self)
    }

    /// Returns its text.
    pub(crate) fn text(&self) -> &str {
        self.0.get()
    }

    /// Converts the value to another type; `None` if it does not fit.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.text()).ok()
    }

    /// Returns the fields of an object in their order, repeated ones as often as they occur; none
    /// of any other value.
    pub(crate) fn fields(&self) -> Vec<(Cow<'_, str>, &RawValue)> {
        fields(&self.0)
    }

    /// Returns the text at `place`, a JSON pointer through objects: a string without its quotes,
    /// any other value as it is written. Empty if there is nothing, or `null`.
    pub(crate) fn at(&self, place: &str) -> String {
        let mut names = place.split('/').skip(1);
        let found = names.try_fold(&*self.0, |value, name| {
            fields(value).into_iter().find(|(found, _)| found == name).map(|(_, value)| value)
        });
        found.map(plain).unwrap_or_default()
    }
}

/// Returns a value as text for one cell: a string without its quotes, a list of scalars with
/// commas, any other value as it is written.
pub(crate) fn plain(value: &RawValue) -> String {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'n') => String::new(),
        Some(b'"') => serde_json::from_str(text).unwrap_or_else(|_| text.to_owned()),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            if items.iter().any(|item| is_nested(item)) {
                return text.to_owned();
            }
            items.into_iter().map(plain).collect::<Vec<_>>().join(",")
        }
        _ => text.to_owned(),
    }
}

/// Returns whether a value is an object or a list.
pub(crate) fn is_nested(value: &RawValue) -> bool {
    value.get().starts_with(['{', '['])
}

fn fields(value: &RawValue) -> Vec<(Cow<'_, str>, &RawValue)> {
    serde_json::from_str::<Fields<'_>>(value.get()).map(|fields| fields.0).unwrap_or_default()
}

/// Fields of an object in their order.
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// Name of a field, borrowed unless it has escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some((Name(name), value)) = map.next_entry()? {
                    fields.push((name, value));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn fields_keep_their_order_their_text_and_repetitions() {
        let text = r#"{"z":1.10,"a":12345678901234567890123,"z":{"b":"\u0041"}}"#;
        let document = document(text);
        let fields = document.fields();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, value.get())).collect();
        let expected =
            [("z", "1.10"), ("a", "12345678901234567890123"), ("z", r#"{"b":"\u0041"}"#)];
        assert_eq!(fields, expected);
        assert_eq!(document.text(), text);
    }

    #[test]
    fn cells_are_short_texts() {
        let text = r#"{"s":"a\nb","n":null,"l":["report.*","*"],"o":[{"a":1.0}],"in":{"t":true}}"#;
        let document = document(text);
        for (place, cell) in [
            ("/s", "a\nb"),
            ("/n", ""),
            ("/none/at/all", ""),
            ("/l", "report.*,*"),
            ("/o", r#"[{"a":1.0}]"#),
            ("/in/t", "true"),
        ] {
            assert_eq!(document.at(place), cell, "{place}");
        }
    }
}
