//! Fields of spans as JSON, for log lines in that format.

use std::fmt::{self, Write as _};

use tracing::{
    field::{Field, Visit},
    span::Record,
};
use tracing_subscriber::{
    field::RecordFields,
    fmt::{FormatFields, FormattedFields, format::Writer},
};

/// Writer of a span's fields as one JSON object, to which later fields are appended. The subscriber's
/// own parses that object and writes it anew for each, which took longer than the rest of a span.
pub(super) struct JsonSpans;

impl<'writer> FormatFields<'writer> for JsonSpans {
    fn format_fields<R: RecordFields>(
        &self,
        mut writer: Writer<'writer>,
        fields: R,
    ) -> fmt::Result {
        let mut members = Members(String::with_capacity(USUAL));
        fields.record(&mut members);
        ["{", &members.0, "}"].into_iter().try_for_each(|part| writer.write_str(part))
    }

    fn add_fields(
        &self,
        current: &'writer mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> fmt::Result {
        let mut members = Members(std::mem::take(&mut current.fields));
        members.0.pop();
        if members.0 == "{" {
            members.0.clear();
        }
        let is_first = members.0.is_empty();
        fields.record(&mut members);
        if is_first {
            members.0.insert(0, '{');
        }
        members.0.push('}');
        current.fields = members.0;
        Ok(())
    }
}

/// Usual length of a span's fields, in bytes.
const USUAL: usize = 256;

/// Members of a JSON object, with commas between them.
struct Members(String);

impl Members {
    /// Adds a member whose value needs no quotes.
    fn add(&mut self, field: &Field, value: impl fmt::Display) {
        self.name(field);
        // Writing to a `String` can't fail.
        let _ = write!(self.0, "{value}");
    }

    fn add_text(&mut self, field: &Field, text: fmt::Arguments<'_>) {
        self.name(field);
        let from = self.0.len();
        let _ = self.0.write_fmt(text);
        let written = &self.0[from..];
        // Hardly any text has to be escaped.
        if written.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
            let escaped = serde_json::Value::from(written).to_string();
            self.0.truncate(from);
            self.0.push_str(&escaped);
        } else {
            self.0.insert(from, '"');
            self.0.push('"');
        }
    }

    /// Names of fields are Rust's, and need no escaping.
    fn name(&mut self, field: &Field) {
        let comma = if self.0.is_empty() { "\"" } else { ",\"" };
        self.0.extend([comma, field.name(), "\":"]);
    }
}

impl Visit for Members {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add_text(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add_text(field, format_args!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use serde_json::{Value, json};
    use tracing::field::{Empty, display};
    use tracing_subscriber::fmt::layer;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, line: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(line);
            Ok(line.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_has_the_fields_of_its_span_however_late_they_came() {
        let lines = Lines::default();
        let written = lines.clone();
        let layer = layer().json().fmt_fields(JsonSpans).with_writer(move || written.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let span = tracing::info_span!("work", who = "a \"b\"", n = 1, late = Empty);
            span.record("late", display("c\n"));
            span.in_scope(|| tracing::info!("done"));
            let empty = tracing::info_span!("empty", late = Empty);
            empty.record("late", true);
            empty.in_scope(|| tracing::info!("done"));
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let spans: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["span"].take())
            .collect();
        let work = json!({"name": "work", "who": "a \"b\"", "n": 1, "late": "c\n"});
        assert_eq!(spans, [work, json!({"name": "empty", "late": true})]);
    }
}
