//! Input of commands besides their arguments: files, and standard input for `-`.

mod table;

use std::{
    io::{self, Read},
    path::Path,
};

use serde_json::value::RawValue;

pub(super) use table::{Field, Found, rows};

use crate::{client::Document, failure::Failure};

/// Longest secret that is read from standard input, in bytes.
const LONGEST_SECRET: u64 = 4096;

/// Returns the given secret, or for `-` the one on standard input, which other users of the machine
/// can't see.
///
/// # Errors
/// [`Failure::Failed`] when standard input can't be read.
pub(super) fn secret(given: String) -> Result<String, Failure> {
    if given != "-" {
        return Ok(given);
    }
    let mut secret = String::new();
    let read = io::stdin().take(LONGEST_SECRET).read_to_string(&mut secret);
    read.map_err(|why| Failure::of("reading standard input", why))?;
    Ok(secret.trim().to_owned())
}

/// The text of a JSON or CSV file, or of standard input for `-`, without the byte order mark that some
/// editors put before it.
///
/// # Errors
/// As [`text`].
pub(super) fn json(file: &Path) -> Result<String, Failure> {
    let mut text = text(file)?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

/// The text of a file, or of standard input for `-`.
///
/// # Errors
/// [`Failure::Usage`] when there is no such file, or it is not text.
pub(super) fn text(file: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    let wrong = |why: &dyn std::fmt::Display| Failure::Usage(format!("{}: {why}", file.display()));
    read.map_err(|why| wrong(&why))?;
    String::from_utf8(bytes).map_err(|why| wrong(&why.utf8_error()))
}

/// Returns the JSON objects in a text: one object, several in sequence, a list of them, or an
/// object with such a list as its field `list`. Each keeps its own text.
///
/// # Errors
/// The place in the text where something else was found.
pub(super) fn objects(text: &str, list: &str) -> Result<Vec<Document>, String> {
    let mut objects = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Document>() {
        let value = value.map_err(|why| why.to_string())?;
        let items =
            if value.text().starts_with('[') { value.read() } else { listed(&value, list)? };
        match items {
            Some(items) => objects.extend::<Vec<Document>>(items),
            None => objects.push(value),
        }
    }
    if objects.is_empty() {
        return Err("there is nothing in it".to_owned());
    }
    match objects.iter().position(|object| !object.text().starts_with('{')) {
        Some(place) => Err(format!("item {} is not a JSON object", place + 1)),
        None => Ok(objects),
    }
}

/// Returns the items of the field `list` of an object; `None` if it has no such field.
fn listed(object: &Document, list: &str) -> Result<Option<Vec<Document>>, String> {
    let fields = object.fields();
    let mut found = fields.iter().filter(|(name, _)| name == list).map(|(_, value)| *value);
    let (Some(items), second) = (found.next(), found.next()) else { return Ok(None) };
    if second.is_some() {
        return Err(format!("{list} stands twice"));
    }
    let items: Result<Vec<Document>, _> = serde_json::from_str(RawValue::get(items));
    items.map(Some).map_err(|_| format!("{list} is not a list"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        let objects = objects(text, "events").unwrap();
        objects.iter().map(|object| object.text().to_owned()).collect()
    }

    #[test]
    fn objects_keep_their_bytes_however_they_are_listed() {
        let one = r#"{"z": 1.10,"a":12345678901234567890123, "z":"\u0041"}"#;
        assert_eq!(texts(&format!(" {one}\n")), [one]);
        assert_eq!(texts(&format!("[{one} , {{}}]")), [one, "{}"]);
        assert_eq!(texts(&format!("{one}\n{one}")), [one, one]);
        assert_eq!(texts(&format!(r#"{{"about":"x","events":[{one}]}}"#)), [one]);
    }

    #[test]
    fn errors_name_the_place_of_a_value_that_is_not_an_object() {
        let wrong = |text| objects(text, "events").unwrap_err();
        assert_eq!(wrong(" "), "there is nothing in it");
        assert_eq!(wrong("[{}, 1]"), "item 2 is not a JSON object");
        assert_eq!(wrong(r#"{"events":{}}"#), "events is not a list");
        assert_eq!(wrong(r#"{"events":[],"events":[{}]}"#), "events stands twice");
        assert!(wrong("{\"type\":").contains("line 1 column 8"));
    }
}
