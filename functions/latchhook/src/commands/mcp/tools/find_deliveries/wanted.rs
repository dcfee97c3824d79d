//! Search text, read as what it is.

use serde::Deserialize;

use crate::{
    args,
    client::Query,
    commands::mcp::{
        api::{OnAccount, Page},
        refusal::Refusal,
    },
};

/// Most webhooks whose deliveries are listed for one URL.
const MOST_WEBHOOKS: usize = 3;
/// Most webhooks of an account that are looked at.
const LARGEST_PAGE: &str = "100";

/// Thing that is looked for.
pub(super) enum Wanted<'a> {
    /// The newest deliveries.
    Newest,
    Event(String),
    Webhook(String),
    /// Row of the log.
    Row(String),
    /// Identifier of an object or a request, or part of a webhook's URL.
    Named(&'a str),
}

/// Delivery that a row of the log is about; nothing of a request.
#[derive(Deserialize)]
pub(super) struct Place {
    pub(super) event_id: Option<String>,
    pub(super) webhook_id: Option<String>,
}

impl<'a> Wanted<'a> {
    /// Reads `text`.
    ///
    /// # Errors
    /// When it is an identifier of something that has no deliveries.
    pub(super) fn of(text: Option<&'a str>) -> Result<Self, Refusal> {
        let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(Self::Newest);
        };
        if let Some(other) = ["acct_", "key_", "ps_"].iter().find(|other| text.starts_with(**other))
        {
            let why = format!("search is an identifier that begins with {other}.");
            let next = "Pass an account as account. API keys and sessions have no deliveries.";
            return Err(Refusal::of_argument(why, next));
        }
        let found = args::event_id(text).map(Self::Event);
        let found = found.or_else(|_| args::webhook_id(text).map(Self::Webhook));
        let found = found.or_else(|_| args::log_id(text).map(Self::Row));
        Ok(found.unwrap_or(Self::Named(text)))
    }

    /// Returns whether only one account can have it.
    pub(super) const fn is_of_one_account(&self) -> bool {
        matches!(self, Self::Event(_) | Self::Webhook(_) | Self::Row(_))
    }
}

/// Returns the account's webhooks whose URL has `part` in it; none if that names no place.
pub(super) async fn webhooks_at(
    on: &OnAccount,
    part: &str,
    environment: Option<&str>,
) -> Result<Vec<String>, Refusal> {
    #[derive(Deserialize)]
    struct Webhook {
        id: String,
        webhook_url: String,
    }
    // A host or a URL; a shorter word may stand in any.
    if !part.contains(['.', '/', ':']) {
        return Ok(vec![]);
    }
    let query = Query::new("/v1/webhooks")
        .with("environment", environment)
        .with("per_page", Some(LARGEST_PAGE));
    let page: Page<Webhook> = on.get(query).await?;
    let part = place(part).to_lowercase();
    let is_at = |webhook: &Webhook| place(&webhook.webhook_url).to_lowercase().contains(&part);
    let at = page.data.into_iter().filter(is_at).take(MOST_WEBHOOKS);
    Ok(at.map(|webhook| webhook.id).collect())
}

/// Returns a URL without its scheme and credentials, which are masked where it is shown.
fn place(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or_default();
    authority.rfind('@').map_or(rest, |at| &rest[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_compared_without_scheme_and_credentials() {
        for url in ["https://user:****@a.example/b@c", "http://a.example/b@c", "a.example/b@c"] {
            assert_eq!(place(url), "a.example/b@c");
        }
    }

    #[test]
    fn identifiers_are_told_from_names() {
        fn wanted(text: &str) -> Result<Wanted<'_>, String> {
            Wanted::of(Some(text)).map_err(|refusal| refusal.code)
        }
        let id = "2v6nv6e0w5dj3c5rqm8ta";
        assert!(matches!(wanted(&format!("evt_{id}")), Ok(Wanted::Event(_))));
        assert!(matches!(wanted(&format!(" wh_{id} ")), Ok(Wanted::Webhook(_))));
        assert!(matches!(wanted(&format!("log_{id}")), Ok(Wanted::Row(_))));
        assert!(matches!(wanted("rep_1"), Ok(Wanted::Named("rep_1"))));
        assert!(matches!(wanted("evt_../accounts"), Ok(Wanted::Named(_))));
        assert!(matches!(wanted(" "), Ok(Wanted::Newest)));
        assert!(matches!(wanted("key_1"), Err(code) if code == "invalid_argument"));
    }
}
