//! How the API's objects are printed.

use serde_json::Value;

use crate::{context::Context, failure::Failure, output::Table};

/// A table's columns: a header, and where in the object the cell stands (a JSON pointer).
pub(crate) type Columns = &'static [(&'static str, &'static str)];

/// Prints objects: a table for people, or JSON lines.
pub(crate) fn list(
    context: &Context,
    json: bool,
    objects: &[Value],
    columns: Columns,
) -> Result<(), Failure> {
    if json {
        return objects.iter().try_for_each(|object| Ok(context.output.json(object)?));
    }
    let mut table = Table::new(columns.iter().map(|(header, _)| *header).collect::<Vec<_>>());
    for object in objects {
        table.row(columns.iter().map(|(_, place)| cell(object.pointer(place))));
    }
    Ok(context.output.line(table)?)
}

/// Prints one object: a line for each field, or JSON.
pub(crate) fn object(context: &Context, json: bool, object: &Value) -> Result<(), Failure> {
    if json {
        return Ok(context.output.json(object)?);
    }
    let mut table = Table::new(["FIELD", "VALUE"]);
    if let Some(id) = object.get("id") {
        table.row(["id".to_owned(), cell(Some(id))]);
    }
    for (name, value) in object.as_object().into_iter().flatten() {
        if !matches!(name.as_str(), "id" | "object" | "uri") {
            table.row([name.clone(), cell(Some(value))]);
        }
    }
    Ok(context.output.line(table)?)
}

/// A value in a table's cell.
pub(crate) fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.iter().all(|item| !item.is_object()) => {
            items.iter().map(|item| cell(Some(item))).collect::<Vec<_>>().join(",")
        }
        Some(other) => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cells_are_short_texts() {
        assert_eq!(cell(None), "");
        assert_eq!(cell(Some(&json!(null))), "");
        assert_eq!(cell(Some(&json!(["report.*", "*"]))), "report.*,*");
        assert_eq!(cell(Some(&json!(true))), "true");
    }
}
