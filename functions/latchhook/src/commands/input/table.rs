//! Tables: CSV files with a header.

use serde_json::Value;

/// Object of a file that is imported: the body that the API takes, and the place at which it stands.
#[derive(Debug, PartialEq)]
pub(in crate::commands) struct Found {
    pub(in crate::commands) place: String,
    pub(in crate::commands) body: Value,
}

/// Field of a row: its column and its value.
pub(in crate::commands) type Field<'a> = (&'a str, &'a str);

/// Reads the rows of a CSV file as objects, each from its fields that are not empty.
///
/// # Errors
/// The line and what is wrong with it; never what stands there, which can be a secret.
pub(in crate::commands) fn rows(
    text: &str,
    is_known: impl Fn(&str) -> bool,
    object: impl Fn(&[Field<'_>]) -> Result<Value, String>,
) -> Result<Vec<Found>, String> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|_| "the header can't be read".to_owned())?.clone();
    if let Some(unknown) = header.iter().position(|column| !is_known(column)) {
        return Err(format!("column {} of the header is not one of those in --help", unknown + 1));
    }
    let mut found = Vec::new();
    for record in reader.records() {
        let line = |position: Option<&csv::Position>| position.map_or(0, csv::Position::line);
        let record = record.map_err(|why| {
            format!("line {} has not as many fields as the header", line(why.position()))
        })?;
        let place = format!("line {}", line(record.position()));
        let fields: Vec<Field<'_>> =
            header.iter().zip(&record).filter(|(_, value)| !value.is_empty()).collect();
        let body = object(&fields).map_err(|why| format!("{place}: {why}"))?;
        found.push(Found { place, body });
    }
    Ok(found)
}
