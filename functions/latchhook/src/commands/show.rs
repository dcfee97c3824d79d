//! Output of the API's objects.

use domain::json_layout;

use crate::{
    client::{Document, is_nested, plain},
    context::Context,
    failure::Failure,
    output::{Table, Tone, harmless},
};

/// Columns of a table: header, and place of the cell in the object (a JSON pointer).
pub(crate) type Columns = &'static [(&'static str, &'static str)];

/// Fields that tell nothing to a person who has just asked for the object.
const OF_NO_INTEREST: [&str; 2] = ["object", "uri"];

/// Prints objects: a table for people, or JSON as it came, one object a line.
pub(crate) fn list(
    context: &Context,
    json: bool,
    objects: &[Document],
    columns: Columns,
) -> Result<(), Failure> {
    if json {
        return objects.iter().try_for_each(|one| Ok(context.output.json_text(one.text())?));
    }
    let mut table = Table::new(columns.iter().map(|(header, _)| *header).collect::<Vec<_>>());
    for object in objects {
        table.row(columns.iter().map(|(_, place)| object.at(place)));
    }
    Ok(context.output.table(&table)?)
}

/// Prints one object: JSON as it came, or a line for each field, beginning with `first`, the field
/// for which the command is used.
pub(crate) fn object(
    context: &Context,
    json: bool,
    object: &Document,
    first: &[&str],
) -> Result<(), Failure> {
    if json {
        return Ok(context.output.json_text(object.text())?);
    }
    let mut fields = object.fields();
    fields.retain(|(name, _)| !OF_NO_INTEREST.contains(&name.as_ref()));
    fields.sort_by_key(|(name, _)| first.iter().position(|it| it == name).unwrap_or(first.len()));
    let (nested, flat): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(_, value)| {
        context.output.is_terminal() && is_nested(value) && plain(value) == value.get()
    });
    let mut table = Table::new(["FIELD", "VALUE"]);
    for (name, value) in flat {
        table.row([name.into_owned(), plain(value)]);
    }
    context.output.whole_table(&table)?;
    for (name, value) in nested {
        block(context, &name, &readable(value.get()))?;
    }
    Ok(())
}

/// Prints `text` under its name, indented.
pub(crate) fn block(context: &Context, name: &str, text: &str) -> Result<(), Failure> {
    let name = context.output.paint(Tone::Strong, harmless(name));
    let text = text.lines().collect::<Vec<_>>().join("\n  ");
    Ok(context.output.line(format_args!("{name}\n  {text}"))?)
}

/// Returns JSON indented, its tokens as they were sent; any other text as it is. Escapes characters
/// that could drive a terminal.
pub(crate) fn readable(text: &str) -> String {
    harmless(json_layout::indented(text).as_deref().unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{context::Printed, output::Output};

    fn document(text: &str) -> Document {
        Document::parse(text.as_bytes()).unwrap()
    }

    const KEY: &str =
        r#"{"id":"key_1","object":"api_key","uri":"/v1","name":null,"key":"lh_sk_1"}"#;

    #[test]
    fn the_requested_field_is_printed_first() {
        let (context, printed) = Context::for_test(std::collections::BTreeMap::new());
        object(&context, false, &document(KEY), &["key"]).unwrap();
        assert_eq!(printed.text(), "key\tlh_sk_1\nid\tkey_1\nname\t\n");
    }

    #[test]
    fn json_output_is_the_servers_answer() {
        let (context, printed) = Context::for_test(std::collections::BTreeMap::new());
        let text = r#"{"z":1.10,"a":12345678901234567890123,"z":"\u0041"}"#;
        object(&context, true, &document(text), &["a"]).unwrap();
        list(&context, true, &[document(text)], &[]).unwrap();
        assert_eq!(printed.text(), format!("{text}\n{text}\n"));
    }

    #[test]
    fn nested_json_is_indented_on_a_terminal_with_its_tokens_unchanged() {
        let (context, _) = Context::for_test(std::collections::BTreeMap::new());
        let printed = Printed::default();
        let output = Output::to_terminal(printed.clone(), 80);
        let context = Context { output, ..context };
        let event =
            document(r#"{"id":"evt_1","data":{"z":1.10,"a":"\u0041\u009b"},"n":["a","b"]}"#);
        object(&context, false, &event, &[]).unwrap();
        let shown = "FIELD  VALUE\nid     evt_1\nn      a,b\ndata\n  {\n    \"z\": 1.10,\n    \
                     \"a\": \"\\u0041\\u009b\"\n  }\n";
        assert_eq!(printed.text(), shown);
    }
}
