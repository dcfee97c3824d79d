//! Roll of a key that is not over: both keys side by side, what still uses the old one, and its end by
//! undoing it.

use std::borrow::Cow;

use axum::extract::Path;
use serde_json::json;

use super::{Question, asked, path, refused};
use crate::{
    client::{
        Refusal, encoded,
        resources::{ApiKey, List},
    },
    html::{Shown, told},
    pages::confirm::is_sure,
    session::{Fields, Form, Portal},
    words::KeyWords,
};

/// Key that was rolled, and the one that replaces it.
pub(super) struct Pair<'a> {
    pub(super) old: ApiKey,
    pub(super) new: ApiKey,
    /// Number of requests made with the old key since; none if that can't be told.
    pub(super) still: Option<Cow<'a, str>>,
}

impl<'a> Pair<'a> {
    async fn of(portal: &'a Portal, old: ApiKey, new: ApiKey) -> Self {
        let still = if portal.terms.reads_logs() { still(portal, &old, &new).await } else { None };
        Self { old, new, still }
    }
}

/// Counts the requests made with the old key since the new one was created, up to a hundred.
async fn still<'a>(portal: &'a Portal, old: &ApiKey, new: &ApiKey) -> Option<Cow<'a, str>> {
    let path = format!(
        "/v1/logs?kind=api_request&api_key_id={}&since={}&per_page=100",
        encoded(&old.id),
        new.created_at
    );
    let requests: List<serde::de::IgnoredAny> = portal.api.get(&path).await.ok()?;
    let say = &portal.say().keys;
    Some(match requests.data.len() {
        count if requests.next_href.is_some() => say.still_at_least(count),
        0 => say.still_none(),
        count => say.still(count),
    })
}

/// Finds the other key of a roll: the successor, or the one that the address says it came `from`.
pub(super) async fn pair<'a>(
    portal: &'a Portal,
    id: &str,
    query: &Fields,
) -> Result<Option<Pair<'a>>, Refusal> {
    let key: ApiKey = portal.api.get(&path(id, "")).await?;
    if let Some(next) = &key.replaced_by {
        let new = portal.api.get(&path(next, "")).await?;
        return Ok(Some(Pair::of(portal, key, new).await));
    }
    let Some(from) = query.some("from") else { return Ok(None) };
    match portal.api.get::<ApiKey>(&path(from, "")).await {
        Ok(old) if old.replaced_by.as_ref() == Some(&key.id) => {
            Ok(Some(Pair::of(portal, old, key).await))
        }
        _ => Ok(None),
    }
}

fn undoing(say: &KeyWords) -> Question<'_> {
    let (title, told, button) = (say.undo_now(), say.undo_now_what(), say.undo_it());
    Question { verb: "undo", title, told, button }
}

/// Undoes a roll: the key goes on, and its successor ends.
pub(super) async fn undo(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    if !is_sure(&fields) {
        return asked(&portal, (&id, &fields), undoing(&portal.say().keys)).await;
    }
    match undone(&portal, &id).await {
        Ok(()) => Ok(told(&format!("/dashboard/keys/{}", encoded(&id)), "key-restored")),
        Err(refusal) => refused(&portal, &id, &fields, refusal, true).await,
    }
}

/// Lets the old key go on before the new one ends, so that one of them works at any time.
async fn undone(portal: &Portal, id: &str) -> Result<(), Refusal> {
    let old: ApiKey = portal.api.get(&path(id, "")).await?;
    let Some(new) = old.replaced_by else { return Err(Refusal::not_found()) };
    let keep = json!({ "expires_at": null });
    portal.api.post::<ApiKey>(&path(id, "/expire"), &keep).await?;
    match portal.api.post::<ApiKey>(&path(&new, "/expire"), &json!({})).await {
        Err(refusal) if refusal.code != "key_already_expired" => Err(refusal),
        _ => Ok(()),
    }
}
