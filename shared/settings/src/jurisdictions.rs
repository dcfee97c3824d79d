//! Jurisdictions, as a short text or as JSON.

use domain::Jurisdictions;
use serde::Deserialize;

/// Jurisdiction in JSON, and in the configuration file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    code: String,
    name: String,
}

/// Parses `US=United States,CA=Canada`, `none`, or `[{"code":"US","name":"United States"}]`.
pub(crate) fn parse(text: &str) -> Result<Jurisdictions, String> {
    if !text.starts_with('[') {
        return text.parse();
    }
    let all: Vec<Named> = serde_json::from_str(text)
        .map_err(|_| "must be a list of objects with code and name".to_owned())?;
    Jurisdictions::new(all.iter().map(|one| (one.code.as_str(), one.name.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_say_the_same() {
        let json = r#"[{"code":"US","name":"United States"},{"code":"CA","name":"Canada"}]"#;
        assert_eq!(parse(json), Ok(Jurisdictions::default()));
        assert_eq!(parse("US=United States,CA=Canada"), Ok(Jurisdictions::default()));
        assert_eq!(parse("[]"), parse("none"));
        for wrong in [r#"[{"code":"US"}]"#, r#"[{"code":"US","name":"x","more":1}]"#, "[1", "US"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
