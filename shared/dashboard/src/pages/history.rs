//! Settings history: who changed which setting, with the values before and after.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use askama::Template;
use axum::{Router, routing::get};
use domain::Timestamp;
use serde_json::Value;

use crate::{
    client::{
        Client, Refusal, encoded,
        resources::{AuditEvent, List},
    },
    html::{Frame, Section, Shown, shown},
    session::{Fields, Portal},
    state::Page,
    words::{HistoryWords, Words},
};

/// Number of older events of the same resource that are searched for the value before a change.
const LOOK_BACK: usize = 100;

/// Adds the routes of the history.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/dashboard/history", get(list))
}

/// Entry of the history: an audit event, with the settings that it changed.
struct Entry {
    event: AuditEvent,
    changes: Vec<Change>,
}

/// A setting that changed, by its name in the API.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    name: String,
    before: Option<String>,
    after: String,
}

impl Change {
    /// Parses a value as a time, if the setting is a time.
    fn instant(&self, text: &str) -> Option<Timestamp> {
        self.name.ends_with("_at").then(|| text.parse().ok()).flatten()
    }
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage<'a> {
    frame: Frame<'a>,
    query: &'a Fields,
    entries: Vec<Entry>,
    next: Option<String>,
}

async fn list(portal: Portal, query: Fields) -> Shown {
    let mut asked = vec![];
    for filter in ["subject", "type", "cursor"] {
        asked.extend(query.some(filter).map(|text| (filter, text)));
    }
    let path = format!("/v1/audit_events?{}", Fields::default().query(&[], &asked));
    let events: List<AuditEvent> = portal.api.get(&path).await?;
    let next = events.next().map(|cursor| query.query(&["cursor"], &[("cursor", &cursor)]));
    let say = &portal.say().history;
    let before = before(&portal.api, &events.data).await?;
    let entries = events.data.into_iter().map(|event| {
        let changes = changes(&event, &before, say);
        Entry { event, changes }
    });
    let frame = Frame::new(&portal, Section::History, say.title());
    shown(&HistoryPage { frame, query: &query, entries: entries.collect(), next })
}

/// Reads older events of every resource that changed on this page.
async fn before(api: &Client, events: &[AuditEvent]) -> Result<Vec<AuditEvent>, Refusal> {
    let changed = events.iter().filter_map(|event| {
        let types = earlier(&event.r#type)?;
        Some(types.iter().map(move |r#type| (event.subject.as_str(), *r#type)))
    });
    let asked: BTreeSet<(&str, &str)> = changed.flatten().collect();
    let mut before = Vec::new();
    for (subject, r#type) in asked {
        let subject = encoded(subject);
        let path = format!("/v1/audit_events?subject={subject}&type={type}&per_page={LOOK_BACK}");
        before.extend(api.get::<List<AuditEvent>>(&path).await?.data);
    }
    Ok(before)
}

/// Types of events that hold the values before an event of type `changed`, if that changes existing
/// ones. They are filtered by type, because an account's own events stand among all its sign-ins.
fn earlier(changed: &str) -> Option<&'static [&'static str]> {
    Some(match changed {
        "account.renamed" => &["account.opened", "account.renamed"],
        "account.webhook_quota_changed" => &["account.opened", "account.webhook_quota_changed"],
        "api_key.expiry_set" => &["api_key.created", "api_key.expiry_set", "api_key.rolled"],
        "webhook.updated" => &["webhook.created", "webhook.updated"],
        "webhook.url_changed" => &["webhook.created", "webhook.url_changed"],
        _ => return None,
    })
}

/// Settings that `event` changed; all of its settings if there is no earlier event.
fn changes(event: &AuditEvent, older: &[AuditEvent], say: &HistoryWords) -> Vec<Change> {
    let is_older = |older: &&AuditEvent| older.subject == event.subject && older.id < event.id;
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let mut past: Vec<&AuditEvent> = older.iter().filter(is_older).collect();
    past.sort_by(|a, b| a.id.cmp(&b.id));
    for event in past {
        known.extend(settings(&event.data, say));
    }
    let told = settings(&event.data, say).into_iter();
    let changed = told.map(|(name, after)| Change { before: known.remove(&name), name, after });
    changed.filter(|change| change.before.as_ref() != Some(&change.after)).collect()
}

/// Settings in an event's data, by their names in the API.
fn settings(data: &Value, say: &HistoryWords) -> Vec<(String, String)> {
    let Value::Object(fields) = data else { return vec![] };
    let mut settings = Vec::new();
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("id" | "account", _) => {}
            ("endpoint", Value::Object(endpoint)) => {
                let url = endpoint.get("url").and_then(Value::as_str).unwrap_or_default();
                settings.push(("url".to_owned(), url.to_owned()));
            }
            _ => settings.push((name.clone(), text(value, say))),
        }
    }
    settings
}

fn text(value: &Value, say: &HistoryWords) -> String {
    match value {
        Value::Null => say.none().into_owned(),
        Value::Bool(true) => say.yes().into_owned(),
        Value::Bool(false) => say.no().into_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            items.iter().map(|item| text(item, say)).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

impl AuditEvent {
    /// Title of the entry: what happened, in words.
    fn told<'a>(&self, say: &'a Words) -> Cow<'a, str> {
        let say = &say.history;
        match self.r#type.as_str() {
            "account.opened" => say.account_opened(),
            "account.credentialed" => say.account_credentialed(),
            "account.credential_withdrawn" => say.account_credential_withdrawn(),
            "account.renamed" => say.account_renamed(),
            "account.webhook_quota_changed" => say.account_webhook_quota_changed(),
            "account.portal_session_opened" => say.account_portal_session_opened(),
            "account.portal_session_shown" => say.account_portal_session_shown(),
            "account.portal_session_ended" => say.account_portal_session_ended(),
            "account.event_erased" => say.account_event_erased(),
            "account.closed" => say.account_closed(),
            "api_key.created" => say.api_key_created(),
            "api_key.updated" => say.api_key_updated(),
            "api_key.import_undone" => say.api_key_import_undone(),
            "api_key.expiry_set" => say.api_key_expiry_set(),
            "api_key.revealed" => say.api_key_revealed(),
            "api_key.fingerprint_renewed" => say.api_key_fingerprint_renewed(),
            "api_key.rolled" => say.api_key_rolled(),
            "webhook.created" => say.webhook_created(),
            "webhook.updated" => say.webhook_updated(),
            "webhook.url_changed" => say.webhook_url_changed(),
            "webhook.enabled" => say.webhook_enabled(),
            "webhook.disabled" => say.webhook_disabled(),
            "webhook.deleted" => say.webhook_deleted(),
            "webhook.fingerprint_renewed" => say.webhook_fingerprint_renewed(),
            "webhook.secret_revealed" => say.webhook_secret_revealed(),
            "webhook.overlap_ended" => say.webhook_overlap_ended(),
            "webhook.secret_restored" => say.webhook_secret_restored(),
            "webhook.secret_rotated" => say.webhook_secret_rotated(),
            other => Cow::Owned(other.replace(['.', '_'], " ")),
        }
    }

    /// Actor, in words.
    fn by<'a>(&'a self, say: &'a Words) -> Cow<'a, str> {
        if let Some(person) = &self.actor.person {
            return Cow::Borrowed(person.title());
        }
        let say = &say.history;
        match self.actor.r#type.as_str() {
            "operator" => say.operator(),
            "portal_session" => say.dashboard(),
            "api_key" => say.api_key(),
            _ => say.system(),
        }
    }

    /// Link to the page of the resource.
    fn href(&self) -> Option<String> {
        if self.subject.starts_with("key_") {
            Some(format!("/dashboard/keys/{}", self.subject))
        } else if self.subject.starts_with("wh_") {
            Some(format!("/dashboard/webhooks/{}", self.subject))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(id: &str, data: &Value) -> AuditEvent {
        serde_json::from_value(json!({
            "id": id, "type": "webhook.updated", "created_at": "2026-01-31T09:30:00.000Z",
            "actor": {"type": "operator", "id": null}, "ip": null, "request_id": null,
            "subject": "wh_1", "data": data,
        }))
        .unwrap()
    }

    #[test]
    fn a_change_tells_what_was_before_it_by_the_events_before_it() {
        let older = [
            event("aud_3", &json!({"description": "later"})),
            event("aud_1", &json!({"description": null, "include_object": false})),
        ];
        let changed = event("aud_2", &json!({"description": "new", "include_object": false}));
        assert_eq!(
            changes(&changed, &older, &Words::default().history),
            [Change {
                name: "description".to_owned(),
                before: Some("none".to_owned()),
                after: "new".to_owned(),
            }]
        );
    }
}
