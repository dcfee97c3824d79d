//! Environment that `infra/template.yaml` gives the functions, for tests: a variable that is added there needs no
//! other change.

#![expect(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use yaml_rust2::{Yaml, YamlLoader};

const TEMPLATE: &str = include_str!("../../../infra/template.yaml");

/// Returns the variables that every function is told, with all parameters at their defaults. One that refers
/// to a resource of the template or to the stack has its name there as its value: `Views`, `AWS::StackName`.
#[must_use]
pub fn environment() -> BTreeMap<String, String> {
    let template = &YamlLoader::load_from_str(TEMPLATE).unwrap()[0];
    let variables = &template["Globals"]["Function"]["Environment"]["Variables"];
    let variables = variables.as_hash().unwrap().iter();
    let value = |value| resolved(&template["Parameters"], value);
    variables.map(|(name, of)| (name.as_str().unwrap().to_owned(), value(of))).collect()
}

/// Returns the value of a variable, of which the loader leaves `X` of `!Ref X`, and a list of `!If`.
fn resolved(parameters: &Yaml, value: &Yaml) -> String {
    let name = match value {
        // Tables are the stack's own, unless their parameters say otherwise.
        Yaml::Array(condition) => condition[1].as_str().unwrap(),
        name => name.as_str().unwrap(),
    };
    match &parameters[name]["Default"] {
        Yaml::BadValue => name.to_owned(),
        Yaml::Integer(number) => number.to_string(),
        default => default.as_str().unwrap().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_those_of_the_template_with_its_defaults() {
        let environment = environment();
        assert_eq!(environment["LATCHHOOK_VIEWS_TABLE"], "Views");
        assert_eq!(environment["LATCHHOOK_STACK"], "AWS::StackName");
        assert_eq!(environment["LATCHHOOK_RETRY_SCHEDULE"], "10x1m,24x1h");
        assert_eq!(environment["LATCHHOOK_RATE_LIMIT"], "1200");
        assert_eq!(environment["LATCHHOOK_KMS_KEY"], "");
        assert_eq!(environment["LATCHHOOK_ROOT_TOKEN"], "on");
    }
}
