//! Configuration file: a flat TOML table.

use std::{collections::BTreeMap, path::Path};

use toml::Value;

use crate::{Names, Problems};

/// Reads the file's settings as texts; a key that is not in `taken`, or a value of another type, is
/// a problem.
pub(crate) fn read(
    path: &Path,
    taken: &[Names],
    problems: &mut Problems,
) -> BTreeMap<String, String> {
    let parsed = std::fs::read_to_string(path)
        .map_err(|why| why.to_string())
        .and_then(|text| text.parse::<toml::Table>().map_err(|why| fault(&text, &why)));
    let table = match parsed {
        Ok(table) => table,
        Err(why) => {
            problems.add(path.display(), why.trim());
            return BTreeMap::new();
        }
    };
    let mut settings = BTreeMap::new();
    for (name, value) in table {
        match check(&name, &value, taken) {
            Ok(text) => drop(settings.insert(name, text)),
            Err(why) => problems.add(format_args!("{}: {name}", path.display()), why),
        }
    }
    settings
}

/// Describes a fault by its place. An error's own text repeats the whole line, which may be the
/// operator token's.
fn fault(text: &str, why: &toml::de::Error) -> String {
    let before = why.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|letter| *letter != '\n').count() + 1;
    format!("not TOML, at line {line} column {column}: {}", why.message())
}

fn check(name: &str, value: &Value, taken: &[Names]) -> Result<String, &'static str> {
    if !taken.iter().any(|names| names.key == name) {
        return Err("there is no such setting; `latchhook serve --help` lists them");
    }
    text(value).ok_or("must be a text, a number, or a list of texts or tables")
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(choice) => Some(choice.to_string()),
        Value::Array(items) => {
            let texts = items.iter().map(Value::as_str).collect::<Option<Vec<_>>>();
            texts.map(|texts| texts.join(",")).or_else(|| tables(items))
        }
        _ => None,
    }
}

/// Writes a list of tables as JSON.
fn tables(items: &[Value]) -> Option<String> {
    let are_tables = items.iter().all(Value::is_table);
    are_tables.then(|| serde_json::to_string(items).ok()).flatten()
}
