//! Page of what a key may do: its name, its scopes and its networks.

use askama::Template;
use axum::extract::Path;
use http::Method;
use serde::Deserialize;
use serde_json::json;

use super::path;
use crate::{
    client::{
        Refusal, encoded,
        resources::{ApiKey, List},
    },
    html::{Frame, Problems, Section, Shown, page, shown, told},
    session::{Fields, Form, Portal},
};

/// The fields of the form.
const FIELDS: &[&str] = &["name", "scopes", "allowed_networks"];

#[derive(Template)]
#[template(path = "key_limits.html")]
struct LimitsPage<'a> {
    frame: Frame<'a>,
    key: &'a ApiKey,
    choices: Choices,
    problems: Problems,
}

/// A registered scope.
#[derive(Debug, Deserialize)]
struct KeyScope {
    name: String,
    description: Option<String>,
}

/// Choices that the form offers.
struct Choices {
    name: String,
    /// True if the key may do everything.
    everything: bool,
    /// Registered scopes.
    scopes: Vec<Choice>,
    /// Scopes that are not registered, separated by commas.
    others: String,
    /// Networks, one on each line.
    networks: String,
}

/// Scope to choose.
struct Choice {
    name: String,
    description: String,
    chosen: bool,
}

/// Shows the form with the key's settings.
pub(super) async fn show(portal: Portal, Path(id): Path<String>) -> Shown {
    let key: ApiKey = portal.api.get(&path(&id, "")).await?;
    let choices = Choices {
        name: key.name.clone().unwrap_or_default(),
        everything: key.scopes.is_none(),
        networks: key.allowed_networks.as_deref().unwrap_or_default().join("\n"),
        ..choices(&portal, key.scopes.as_deref().unwrap_or_default()).await?
    };
    let frame = Frame::new(&portal, Section::Keys, key.title(&portal.say().keys));
    shown(&LimitsPage { frame, key: &key, choices, problems: Problems::default() })
}

/// Changes the key's settings to those of the form.
pub(super) async fn change(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    let asked = asked(&fields);
    let everything = fields.get("may") == "all";
    let networks: Vec<&str> = words(fields.get("allowed_networks")).collect();
    let body = json!({
        "name": fields.some("name"),
        "scopes": (!everything).then_some(&asked),
        "allowed_networks": (!networks.is_empty()).then_some(&networks),
    });
    let changed: Result<ApiKey, Refusal> =
        portal.api.send(Method::PATCH, &path(&id, ""), &body).await;
    let refusal = match changed {
        Ok(key) => return Ok(told(&format!("/dashboard/keys/{}", encoded(&key.id)), "key-limits")),
        Err(refusal) => refusal,
    };
    let key: ApiKey = portal.api.get(&path(&id, "")).await?;
    let status = refusal.status;
    let choices = Choices {
        name: fields.get("name").to_owned(),
        everything,
        networks: fields.get("allowed_networks").to_owned(),
        ..choices(&portal, &asked).await?
    };
    let problems = Problems::new(refusal, FIELDS, 0, &portal.say().forms);
    let frame = Frame::new(&portal, Section::Keys, key.title(&portal.say().keys));
    Ok(page(status, &LimitsPage { frame, key: &key, choices, problems }))
}

/// Reads the catalogue, of which `chosen` are checked.
async fn choices(portal: &Portal, chosen: &[String]) -> Result<Choices, Refusal> {
    let mut registered: List<KeyScope> = portal.api.get("/v1/key_scopes?per_page=100").await?;
    registered.data.reverse();
    let is_registered = |name: &String| registered.data.iter().any(|scope| scope.name == *name);
    let others: Vec<String> = chosen.iter().filter(|name| !is_registered(name)).cloned().collect();
    let scopes = registered.data.into_iter().map(|scope| Choice {
        chosen: chosen.contains(&scope.name),
        description: scope.description.unwrap_or_default(),
        name: scope.name,
    });
    Ok(Choices {
        name: String::new(),
        everything: false,
        scopes: scopes.collect(),
        others: others.join(", "),
        networks: String::new(),
    })
}

/// Returns the scopes that the form asks for.
fn asked(fields: &Fields) -> Vec<String> {
    let others = words(fields.get("other_scopes"));
    fields.all("scopes").into_iter().chain(others).map(str::to_owned).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\n', '\r', '\t']).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_asks_for_what_is_chosen_and_written() {
        let fields = Fields::parse(b"scopes=reports%3Aread&other_scopes=a%3Ab,+c");
        assert_eq!(asked(&fields), ["reports:read", "a:b", "c"]);
        assert!(asked(&Fields::parse(b"may=some")).is_empty());
    }
}
