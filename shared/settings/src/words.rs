//! File of words: a TOML file with a table for each group of sentences.

use dashboard::Words;
use toml::{Table, Value};

/// Reads the words in the file at `path`: those that it does not name stay as they are.
pub(crate) fn words_file(path: &str) -> Result<Words, String> {
    let wrong = |why: &dyn std::fmt::Display| format!("{path:?}: {why}");
    let text = std::fs::read_to_string(path).map_err(|why| wrong(&why))?;
    let table: Table = text.parse().map_err(|why: toml::de::Error| wrong(&why.message()))?;
    let sentences = sentences(&table).map_err(|why| wrong(&why))?;
    let pairs = sentences.iter().map(|(name, text)| (name.as_str(), *text));
    Words::with(pairs).map_err(|why| wrong(&why.join("; ")))
}

/// Flattens the tables: each sentence by its group, a dot, and its own name.
fn sentences(table: &Table) -> Result<Vec<(String, &str)>, String> {
    let mut sentences = Vec::new();
    for (group, value) in table {
        let Value::Table(group_of) = value else {
            return Err(format!("{group}: must be a table of sentences"));
        };
        for (name, value) in group_of {
            let name = format!("{group}.{name}");
            let text = value.as_str().ok_or_else(|| format!("{name}: must be a text"))?;
            sentences.push((name, text));
        }
    }
    Ok(sentences)
}
