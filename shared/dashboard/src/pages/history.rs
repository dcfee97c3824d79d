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
        resources::{Actor, AuditEvent, List, Person},
    },
    html::{Frame, Section, Shown, shown},
    session::{Fields, Portal},
    state::Page,
    words::{HistoryWords, Words},
};

/// Number of older events of the same resource that are searched for the value before a change.
const LOOK_BACK: usize = 100;

/// Settings that limit, and don't if they are null.
const LIMITS: &[&str] = &["scopes", "allowed_networks", "rate_limit"];

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

/// Settings that `event` changed; those that somebody has set if there is no earlier event.
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
    let is_news = |change: &Change| match &change.before {
        Some(before) => *before != change.after,
        None => !event.data.get(&change.name).is_some_and(is_unset),
    };
    changed.filter(is_news).collect()
}

/// Returns whether a setting has the value of one that nobody has set.
fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// Settings in an event's data, by their names in the API.
fn settings(data: &Value, say: &HistoryWords) -> Vec<(String, String)> {
    let Value::Object(fields) = data else { return vec![] };
    let mut settings = Vec::new();
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("id" | "account", _) => {}
            (limit, Value::Null) if LIMITS.contains(&limit) => {
                settings.push((name.clone(), say.unlimited().into_owned()));
            }
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
        Value::Array(items) if items.is_empty() => say.nothing_at_all().into_owned(),
        Value::Object(fields) if fields.is_empty() => say.none().into_owned(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {}", text(value, say)));
            fields.collect::<Vec<_>>().join(", ")
        }
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

    /// Actor: the name, where there is one, or the kind.
    fn by<'a>(&'a self, say: &'a Words) -> Cow<'a, str> {
        self.actor.title().map_or_else(|| self.kind(say), Cow::Borrowed)
    }

    /// Kind of a named actor, in words.
    fn kind_of_named<'a>(&self, say: &'a Words) -> Option<Cow<'a, str>> {
        self.actor.title().map(|_| self.kind(say))
    }

    /// Kind of the actor, in words.
    fn kind<'a>(&self, say: &'a Words) -> Cow<'a, str> {
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

impl Actor {
    /// Name of the person or operator token, if the actor has one.
    fn title(&self) -> Option<&str> {
        self.person.as_ref().map(Person::title).or(self.name.as_deref())
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

    #[test]
    fn what_begins_tells_what_is_set_and_a_limit_that_goes_is_not_called_none() {
        let say = Words::default().history;
        let change = |name: &str, before: Option<&str>, after: &str| Change {
            name: name.to_owned(),
            before: before.map(str::to_owned),
            after: after.to_owned(),
        };
        let unset = json!({
            "name": "CI", "scopes": null, "metadata": {}, "imported": false, "expires_at": null,
            "revealable": true,
        });
        let made = changes(&event("aud_1", &unset), &[], &say);
        assert_eq!(made, [change("name", None, "CI"), change("revealable", None, "yes")]);
        let limited = json!({"scopes": [], "metadata": {"team": "a"}, "rate_limit": null});
        let made = changes(&event("aud_1", &limited), &[], &say);
        let expected = [change("metadata", None, "team: a"), change("scopes", None, "nothing")];
        assert_eq!(made, expected);
        let older = [event("aud_1", &limited)];
        let gone = changes(&event("aud_2", &json!({"scopes": null})), &older, &say);
        assert_eq!(gone, [change("scopes", Some("nothing"), "not limited")]);
    }

    #[test]
    fn whoever_has_a_name_is_named_with_their_kind() {
        let by = |actor: Value| {
            let mut event = event("aud_1", &json!({}));
            event.actor = serde_json::from_value(actor).unwrap();
            let say = Words::default();
            let kind = event.kind_of_named(&say).map(Cow::into_owned);
            (event.by(&say).into_owned(), kind)
        };
        let named = |name: &str, kind: &str| (name.to_owned(), Some(kind.to_owned()));
        let root = json!({"type": "operator", "id": null});
        assert_eq!(by(root), ("Operator".to_owned(), None));
        let token = json!({"type": "operator", "id": "optk_1", "name": "gateway"});
        assert_eq!(by(token), named("gateway", "Operator"));
        let customer = json!({
            "type": "portal_session", "id": "ps_1",
            "person": {"id": "user_7", "name": null, "email": "grace@example.com"},
        });
        assert_eq!(by(customer), named("grace@example.com", "Dashboard"));
        let unknown = json!({"type": "portal_session", "id": "ps_1"});
        assert_eq!(by(unknown), ("Dashboard".to_owned(), None));
    }
}
