//! Filter that a caller sends.

use domain::{redaction, webhook::Filter};
use serde_json::value::RawValue;

use crate::{
    checks::NO_SECRET,
    problem::{Code, Param, Problem},
};

/// Reads the filter that a caller sends.
///
/// # Errors
/// [`Code::InvalidFilter`] with the path, as far as that can be shown.
pub(super) fn filter(sent: &RawValue) -> Result<Filter, Problem> {
    if redaction::has_secret(sent.get()) {
        return Err(Code::InvalidFilter.of_which("filter", NO_SECRET));
    }
    Filter::parse(sent).map_err(|why| {
        let shown = Param::around(&why.path).unwrap_or("filter").to_owned();
        let what =
            if shown == why.path { why.what } else { format!("has a part that {}", why.what) };
        Code::InvalidFilter.of_which(shown, what)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (Code, String, String) {
        let sent: Box<RawValue> = serde_json::from_str(text).unwrap();
        let problem = filter(&sent).unwrap_err();
        (problem.code, problem.param.unwrap().as_str().to_owned(), problem.message.into_owned())
    }

    #[test]
    fn a_filter_is_refused_with_the_path_that_can_be_shown() {
        for (text, path, sentence) in [
            (
                r#"{"data":{"a":[{"prefix":5}]}}"#,
                "filter.data.a[0].prefix",
                "filter.data.a[0].prefix must be a text.",
            ),
            (
                r#"{"data":{"$or":[{"a":[1]}]}}"#,
                "filter.data",
                "filter.data has a part that must be a list of two patterns or more.",
            ),
            (
                r#"{"a b":5}"#,
                "filter",
                "filter has a part that must be a list of values, or an object.",
            ),
            ("5", "filter", "filter must be an event pattern: an object."),
        ] {
            assert_eq!(refused(text), (Code::InvalidFilter, path.to_owned(), sentence.to_owned()));
        }
    }

    #[test]
    fn a_filter_has_no_secret() {
        let text = format!(r#"{{"a":["whsec_{}"]}}"#, "A".repeat(43));
        assert_eq!(refused(&text).1, "filter");
    }
}
