//! Parser of counts.

/// Parses a number of at least one.
pub(crate) fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err("must be a number from 1 on".to_owned()),
    }
}
