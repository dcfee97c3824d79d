//! Pages of API keys.

mod limits;
mod rolled;

use std::borrow::Cow;

use askama::Template;
use axum::{
    Router,
    extract::Path,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::HeaderMap;
use serde_json::{Value, json};

use super::{
    confirm::{Confirmation, ask, is_sure},
    expiry::Expiry,
    secret::SecretPage,
};
use crate::{
    client::{
        Refusal, encoded,
        resources::{ApiKey, KeySecret, List},
    },
    html::{Frame, Problems, Section, Shown, page, see_other, shown, told},
    session::{Fields, Form, Portal},
    state::Page,
    words::KeyWords,
};

/// The fields of the form for a new key.
const NEW_FIELDS: &[&str] = &["type", "environment", "name", "expires_at"];
/// The fields of the forms that end a key.
const ENDING_FIELDS: &[&str] = &["expires_at"];

/// Adds the routes of API keys.
pub(super) fn add(to: Router<Page>) -> Router<Page> {
    to.route("/dashboard/keys", get(list).post(create))
        .route("/dashboard/keys/{id}", get(one))
        .route("/dashboard/keys/{id}/reveal", post(reveal))
        .route("/dashboard/keys/{id}/expire", post(expire))
        .route("/dashboard/keys/{id}/roll", post(roll))
        .route("/dashboard/keys/{id}/undo", post(rolled::undo))
        .route("/dashboard/keys/{id}/limits", get(limits::show).post(limits::change))
}

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage<'a> {
    frame: Frame<'a>,
    keys: List<ApiKey>,
    /// Filters of the list.
    query: &'a Fields,
    /// Input of the form for a new key.
    form: &'a Fields,
    problems: Problems,
    once: String,
}

impl KeysPage<'_> {
    /// Link to the next page.
    fn next(&self) -> Option<String> {
        let cursor = self.keys.next()?;
        Some(self.query.query(&["cursor", "done", "key"], &[("cursor", &cursor)]))
    }

    /// Link to this list, in another environment.
    fn of_environment(&self, environment: &str) -> String {
        self.query.query(
            &["cursor", "done", "key", "environment", "new"],
            &[("environment", environment)],
        )
    }

    /// Link to this list, with or without expired keys.
    fn with_expired(&self, expired: bool) -> String {
        let more: &[(&str, &str)] = if expired { &[("expired", "1")] } else { &[] };
        self.query.query(&["cursor", "done", "key", "expired", "new"], more)
    }
}

async fn list(portal: Portal, query: Fields) -> Shown {
    // Signing in leads here; a session that may not see keys begins elsewhere.
    if !portal.terms.reads_keys() {
        return Ok(see_other("/dashboard/"));
    }
    let nothing = Fields::default();
    shown(&keys_page(&portal, &query, &nothing, Problems::default()).await?)
}

async fn keys_page<'a>(
    portal: &'a Portal,
    query: &'a Fields,
    form: &'a Fields,
    problems: Problems,
) -> Result<KeysPage<'a>, Refusal> {
    let mut asked = vec![];
    if let Some(environment @ ("test" | "live")) = query.some("environment") {
        asked.push(("environment", environment));
    }
    if query.some("expired").is_some() {
        asked.push(("include_expired", "true"));
    }
    asked.extend(query.some("cursor").map(|cursor| ("cursor", cursor)));
    let path = format!("/v1/api_keys?{}", Fields::default().query(&[], &asked));
    Ok(KeysPage {
        frame: Frame::new(portal, Section::Keys, portal.say().keys.title())
            .after(query.get("done")),
        keys: portal.api.get(&path).await?,
        query,
        form,
        problems,
        once: portal.page.once(),
    })
}

async fn create(Form { who: portal, fields }: Form<Portal>) -> Shown {
    match created(&portal, &fields).await {
        Ok(key) => {
            let environment = encoded(&key.environment);
            let (done, id) = ("key-created", &key.id);
            Ok(told(&format!("/dashboard/keys?environment={environment}&key={id}"), done))
        }
        Err(refusal) => {
            let status = refusal.status;
            let problems = Problems::new(refusal, NEW_FIELDS, 0, &portal.say().forms);
            let nothing = Fields::default();
            Ok(page(status, &keys_page(&portal, &nothing, &fields, problems).await?))
        }
    }
}

async fn created(portal: &Portal, fields: &Fields) -> Result<ApiKey, Refusal> {
    let say = &portal.say().forms;
    let mut wrong = vec![];
    if fields.get("name").chars().count() > 255 {
        wrong.push(Refusal::of("name", &say.too_long(255)));
    }
    let expiry = Expiry::read(fields, portal.now, say);
    wrong.extend(expiry.as_ref().err().cloned());
    Refusal::all(wrong)?;
    let mut body = json!({ "type": fields.get("type"), "environment": fields.get("environment") });
    if let Some(name) = fields.some("name") {
        body["name"] = json!(name);
    }
    if let Expiry::At(at) = expiry? {
        body["expires_at"] = json!(at);
    }
    portal.api.post_once("/v1/api_keys", &body, fields.get("once")).await
}

#[derive(Template)]
#[template(path = "key.html")]
struct KeyPage<'a> {
    frame: Frame<'a>,
    key: &'a ApiKey,
    expiring: Problems,
    rolling: Problems,
    form: &'a Fields,
    pair: Option<rolled::Pair<'a>>,
    once: String,
}

async fn one(portal: Portal, Path(id): Path<String>, query: Fields) -> Shown {
    let key: ApiKey = portal.api.get(&path(&id, "")).await?;
    let form = Fields::default();
    let (expiring, rolling) = (Problems::default(), Problems::default());
    let mut key_page = key_page(&portal, &key, &form, expiring, rolling);
    key_page.frame = key_page.frame.after(query.get("done"));
    key_page.pair = rolled::pair(&portal, &id, &query).await?;
    shown(&key_page)
}

fn key_page<'a>(
    portal: &'a Portal,
    key: &'a ApiKey,
    form: &'a Fields,
    expiring: Problems,
    rolling: Problems,
) -> KeyPage<'a> {
    let frame = Frame::new(portal, Section::Keys, key.title(&portal.say().keys));
    KeyPage { frame, key, expiring, rolling, form, pair: None, once: portal.page.once() }
}

/// Path of a key in the API.
fn path(id: &str, verb: &str) -> String {
    format!("/v1/api_keys/{}{verb}", encoded(id))
}

async fn reveal(
    Path(id): Path<String>,
    headers: HeaderMap,
    Form { who: portal, .. }: Form<Portal>,
) -> Shown {
    let secret: KeySecret = portal.api.post(&path(&id, "/reveal"), &json!({})).await?;
    let key: ApiKey = portal.api.get(&path(&id, "")).await?;
    let say = &portal.say().keys;
    let shown = SecretPage {
        frame: Frame::new(&portal, Section::Keys, key.title(say)),
        what: say.reveal(),
        of: key.title(say),
        advice: say.reveal_advice(),
        secret: &secret.key,
        back: format!("/dashboard/keys/{}", encoded(&id)),
    };
    Ok(shown.answer(&headers))
}

/// Question before a key ends at once.
struct Question<'a> {
    verb: &'static str,
    title: Cow<'a, str>,
    told: Cow<'a, str>,
    button: Cow<'a, str>,
}

fn expiring(say: &KeyWords) -> Question<'_> {
    let (title, told, button) = (say.expire_now(), say.expire_now_what(), say.expire_it());
    Question { verb: "expire", title, told, button }
}

fn rolling(say: &KeyWords) -> Question<'_> {
    let (title, told, button) = (say.roll_now(), say.roll_now_what(), say.roll_it());
    Question { verb: "roll", title, told, button }
}

/// Asks whether a key is to end at once.
async fn asked(
    portal: &Portal,
    (id, fields): (&str, &Fields),
    Question { verb, title, told, button }: Question<'_>,
) -> Shown {
    let key: ApiKey = portal.api.get(&path(id, "")).await?;
    let say = &portal.say().keys;
    let used = key.last_used_at;
    let used = used.map_or_else(|| say.never_used(), |at| say.used(portal.times().words(at)));
    let name = key.title(say);
    let what = if key.environment == "live" {
        say.a_live_key(name, &key.redacted)
    } else {
        say.a_test_key(name, &key.redacted)
    };
    ask(
        portal,
        Section::Keys,
        Confirmation {
            title,
            what: &what,
            told: &[&told, &used],
            action: format!("/dashboard/keys/{}/{verb}", key.id),
            back: format!("/dashboard/keys/{}#{verb}", key.id),
            button,
            destroys: true,
            fields,
        },
    )
}

/// Request body of the forms that roll or expire a key.
fn ending(fields: &Fields, portal: &Portal) -> Result<Value, Refusal> {
    Ok(match Expiry::read(fields, portal.now, &portal.say().forms)? {
        Expiry::Now => json!({}),
        Expiry::Never => json!({ "expires_at": null }),
        Expiry::At(at) => json!({ "expires_at": at }),
    })
}

async fn expire(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    if fields.get("expiry") == "now" && !is_sure(&fields) {
        return asked(&portal, (&id, &fields), expiring(&portal.say().keys)).await;
    }
    let ended: Result<ApiKey, Refusal> = match ending(&fields, &portal) {
        Ok(body) => portal.api.post(&path(&id, "/expire"), &body).await,
        Err(refusal) => Err(refusal),
    };
    match ended {
        Ok(key) => Ok(told(&format!("/dashboard/keys/{}", key.id), "key-expiry")),
        Err(refusal) => refused(&portal, &id, &fields, refusal, false).await,
    }
}

async fn roll(Path(id): Path<String>, form: Form<Portal>) -> Shown {
    let Form { who: portal, fields } = form;
    if fields.get("expiry") == "now" && !is_sure(&fields) {
        return asked(&portal, (&id, &fields), rolling(&portal.say().keys)).await;
    }
    let rolled: Result<ApiKey, Refusal> = match ending(&fields, &portal) {
        Ok(body) => portal.api.post_once(&path(&id, "/roll"), &body, fields.get("once")).await,
        Err(refusal) => Err(refusal),
    };
    match rolled {
        Ok(key) => {
            Ok(told(&format!("/dashboard/keys/{}?from={}", key.id, encoded(&id)), "key-rolled"))
        }
        Err(refusal) => refused(&portal, &id, &fields, refusal, true).await,
    }
}

/// Shows the key's page again, with the reason for the refusal.
async fn refused(
    portal: &Portal,
    id: &str,
    fields: &Fields,
    refusal: Refusal,
    rolling: bool,
) -> Result<Response, crate::html::Failure> {
    let key: ApiKey = portal.api.get(&path(id, "")).await?;
    let status = refusal.status;
    let problems = Problems::new(refusal, ENDING_FIELDS, 0, &portal.say().forms);
    let (expiring, rolling) =
        if rolling { (Problems::default(), problems) } else { (problems, Problems::default()) };
    Ok(page(status, &key_page(portal, &key, fields, expiring, rolling)).into_response())
}
