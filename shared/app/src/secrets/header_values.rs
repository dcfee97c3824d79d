//! Values of a webhook's own headers, as the vault keeps them.

use std::collections::BTreeMap;

use domain::Secret;

/// Values of a webhook's own headers, by their names: a JSON object in the vault.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct HeaderValues(pub(crate) BTreeMap<String, Secret>);

impl HeaderValues {
    /// Reads what [`text`](Self::text) wrote; none if it is damaged.
    pub(crate) fn read(text: &Secret) -> Option<Self> {
        serde_json::from_str(text.expose()).ok().map(Self)
    }

    /// Returns the text that the vault keeps.
    pub(crate) fn text(&self) -> Secret {
        let plain: BTreeMap<&str, &str> =
            self.0.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
        // Reserve the whole length: growing would leave a copy behind in freed memory.
        let length: usize =
            plain.iter().map(|(name, value)| 2 * (name.len() + value.len()) + 6).sum();
        let mut text = Vec::with_capacity(length + 2);
        // Writing texts into memory never fails.
        let _ = serde_json::to_writer(&mut text, &plain);
        Secret::new(String::from_utf8(text).unwrap_or_default())
    }

    /// Returns the value of the header `name`, in any case.
    pub(crate) fn get(&self, name: &str) -> Option<&Secret> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_were_written() {
        let pairs = [("X-A", "a \"quoted\" \\ value"), ("x-b", "Bearer b")];
        let values = pairs.map(|(name, value)| (name.to_owned(), Secret::new(value)));
        let values = HeaderValues(values.into());
        assert_eq!(HeaderValues::read(&values.text()), Some(values.clone()));
        assert_eq!(values.get("x-a"), Some(&Secret::new(pairs[0].1)));
        assert_eq!(HeaderValues::read(&Secret::new("[]")), None);
    }
}
