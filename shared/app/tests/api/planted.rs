//! Misplaced secrets: a secret in a field where it does not belong is stored nowhere.
//!
//! The fields are taken from the OpenAPI document, so new ones are covered as well.

use std::collections::BTreeSet;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ports::sender::{Answer as Received, Outcome};
use serde_json::{Value, json};
use simulation::{Answer, Call, Reply, minutes};

use crate::{
    secrets::Logged,
    world::{World, routes},
};

const DIGITS: &str = "7Qx2mZ9rT4bLkV8nJ3cWfY6hPd5sGa1eXuQKzq";
/// Text that is searched for: the middle of [`DIGITS`].
const MIDDLE: &str = "4bLkV8nJ3cWfY6hPd5sGa1";
const PASSWORD: &str = "correct horse/battery+staple";
const WITH_PASSWORD: &str = "https://user:correct%20horse%2Fbattery%2Bstaple@echo.example/hooks";
const SHOWN: &str = "https://user:****@echo.example/hooks";

/// Secrets of every kind, in every encoding that a reader would decode.
fn planted() -> Vec<String> {
    let key = format!("lh_sk_test_{DIGITS}");
    let percent = |text: &str| {
        text.bytes().fold(String::new(), |escaped, byte| format!("{escaped}%{byte:02x}"))
    };
    vec![
        key.clone(),
        format!("acme_pk_live_{DIGITS}"),
        format!("lhop_{DIGITS}"),
        format!("lhps_{DIGITS}"),
        format!("whsec_{DIGITS}"),
        format!("/x?key={}&y=z", key.replace('_', "%5F")),
        percent(&key),
        percent(&percent(&key)).replace("%25", "%2525"),
        format!("Basic {}", BASE64_STANDARD.encode(format!("{key}:"))),
        format!("https://user:{MIDDLE}@a.example/"),
    ]
}

/// Decodes every escape in a text.
fn plain(text: &str) -> String {
    let mut text = text.to_owned();
    while text.contains('%') {
        let mut parts = text.split('%');
        let first = parts.next().unwrap_or_default().as_bytes().to_vec();
        let undone = parts.fold(first, |mut undone, part| {
            match part.get(..2).map(|digits| u8::from_str_radix(digits, 16)) {
                Some(Ok(byte)) => undone.extend([&[byte], &part.as_bytes()[2..]].concat()),
                _ => undone.extend([b" ", part.as_bytes()].concat()),
            }
            undone
        });
        text = String::from_utf8_lossy(&undone).into_owned();
    }
    text
}

#[track_caller]
fn assert_clean(what: &str, text: &str, secrets: &[String]) {
    let plain = plain(text);
    for secret in secrets {
        assert!(!plain.contains(secret), "{secret} is in {what}: {text}");
    }
}

/// Texts that must be found nowhere.
fn hidden() -> Vec<String> {
    let basic = |shift: &str| BASE64_STANDARD.encode(format!("{shift}lh_sk_test_{DIGITS}:"));
    let mut hidden = vec![MIDDLE.to_owned(), MIDDLE.to_lowercase()];
    hidden.extend(["", "x", "xx"].map(|shift| basic(shift)[24..48].to_owned()));
    hidden
}

/// Example body of a route, with pointers to its text fields.
fn texts(document: &Value, method: &str, path: &str) -> (Value, Vec<String>) {
    let operation = &document["paths"][path][method];
    let schema =
        resolved(document, &operation["requestBody"]["content"]["application/json"]["schema"]);
    let mut found = Vec::new();
    collect(document, schema, String::new(), &mut found);
    (schema.get("example").cloned().unwrap_or_else(|| json!({})), found)
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let place = document.pointer(reference.trim_start_matches('#')).unwrap();
        return resolved(document, place);
    }
    let variants = schema["oneOf"].as_array().or(schema["anyOf"].as_array());
    let real = variants.and_then(|all| all.iter().find(|one| one["type"] != "null"));
    real.map_or(schema, |real| resolved(document, real))
}

fn collect(document: &Value, schema: &Value, place: String, found: &mut Vec<String>) {
    let schema = resolved(document, schema);
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        collect(document, field, format!("{place}/{name}"), found);
    }
    if schema["items"].is_object() {
        collect(document, &schema["items"], format!("{place}/0"), found);
    }
    let is_text = schema["type"] == "string"
        || schema["type"].as_array().is_some_and(|types| types.contains(&json!("string")));
    if is_text && schema["enum"].is_null() && schema["format"].is_null() {
        found.push(place);
    }
}

/// Sets `text` at `place` in `body`, whether or not something is there.
fn with(body: &Value, place: &str, text: &str) -> Value {
    let mut body = body.clone();
    let mut at = &mut body;
    for part in place.split('/').skip(1) {
        at = if let Ok(index) = part.parse::<usize>() {
            if !at.is_array() {
                *at = json!([]);
            }
            let all = at.as_array_mut().unwrap();
            all.resize(all.len().max(index + 1), Value::Null);
            &mut all[index]
        } else {
            if !at.is_object() {
                *at = json!({});
            }
            &mut at[part]
        };
    }
    *at = json!(text);
    body
}

struct Planting {
    world: World,
    answers: Vec<(String, Answer)>,
    /// Fields that accepted a text with a secret.
    taken: BTreeSet<String>,
}

impl Planting {
    fn call(&mut self, what: &str, call: Call) -> u16 {
        let answer = self.world.simulation.call(call);
        let status = answer.status;
        self.answers.push((what.to_owned(), answer));
        status
    }

    fn filled(&self, path: &str) -> String {
        let id = match path.split('/').nth(2) {
            Some("accounts") => self.world.account.clone(),
            Some("webhooks") => self.world.webhook.id.clone(),
            _ => "evt_01jgz2v6nv6e0w5dj3c5rqm8ta".to_owned(),
        };
        path.replace("{id}", &id).replace("{name}", "report.completed")
    }

    /// Plants secrets in every text field of a route's body.
    fn in_bodies(&mut self, document: &Value, method: &str, path: &str) {
        let (body, places) = texts(document, method, path);
        for place in places.iter().filter(|place| !is_payload(path, place)) {
            for (index, secret) in planted().iter().enumerate() {
                let call = Call::new(method.to_uppercase().parse().unwrap(), &self.filled(path));
                let call = call.json(&with(&body, place, secret)).on(&self.world.account);
                let call = call.bearer(simulation::OPERATOR_TOKEN);
                let call = call.once(&format!("{secret}-{place}-{index}").replace(' ', "-"));
                let what = format!("{method} {path} {place}");
                if self.call(&what, call) < 300 {
                    self.taken.insert(what);
                }
            }
        }
    }

    /// Plants secrets in the headers, path and query of a request with a key.
    fn around(&mut self, path: &str) {
        for secret in planted() {
            let key = self.world.secret_key.clone();
            let header = |name| Call::get(&self.filled(path)).bearer(&key).header(name, &secret);
            let calls =
                ["user-agent", "latchhook-account", "idempotency-key", "cookie", "x-forwarded-for"]
                    .map(header);
            for call in calls {
                self.call(path, call);
            }
            self.call(path, Call::get(&self.filled(path)).header("authorization", &secret));
            // Stays within the key's rate limit.
            self.world.simulation.run_for(minutes(1));
            if secret.contains("://") {
                continue;
            }
            let in_path = secret.replace([' ', '?', '/'], "-");
            for uri in [
                path.replace("{id}", &in_path).replace("{name}", &in_path),
                format!("{}/{in_path}", self.filled(path)),
                format!("{}?since={in_path}", self.filled(path)),
                format!("{}?{in_path}=1", self.filled(path)),
            ] {
                self.call(path, Call::get(&uri).bearer(&key));
            }
        }
    }
}

/// Returns whether a text is the customer's own payload, which is not masked.
fn is_payload(path: &str, place: &str) -> bool {
    path.starts_with("/v1/events") && place.contains("/data")
}

#[test]
fn a_misplaced_secret_is_neither_stored_nor_logged() {
    let logged = Logged::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(logged.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let mut planting = Planting { world: World::new(), answers: vec![], taken: BTreeSet::new() };
    let document = planting.world.simulation.app().openapi();
    for (method, path) in routes(&planting.world.simulation) {
        match method.as_str() {
            "get" => planting.around(&path),
            "delete" => {}
            _ => planting.in_bodies(&document, &method, &path),
        }
    }
    let world = &mut planting.world;
    for list in [
        "accounts",
        "api_keys",
        "webhooks",
        "events",
        "event_types",
        "audit_events",
        "logs",
        "logs?kind=api_request",
    ] {
        let glue = if list.contains('?') { '&' } else { '?' };
        for row in world.simulation.list(&world.account, &format!("/v1/{list}{glue}per_page=100")) {
            assert_clean(list, &row.to_string(), &hidden());
        }
    }
    let taken = planting.taken;
    for field in [
        "post /v1/api_keys/verify /request/path",
        "post /v1/request_logs /request_logs/0/user_agent",
        "post /v1/webhooks /description",
        "patch /v1/accounts/{id} /name",
        "put /v1/event_types/{name} /description",
    ] {
        assert!(taken.contains(field), "{field} is among {taken:?}");
    }
    for (what, answer) in planting.answers {
        // Successful answers may contain secrets that were asked for.
        if answer.status >= 400 {
            assert_clean(&what, &String::from_utf8_lossy(&answer.body), &hidden());
        }
    }
    let kept = world.simulation.disk.everything().join("\n");
    assert_clean("what is kept", &kept, &hidden());
    assert!(kept.contains("lh_sk_test_****") && kept.contains("\"user_agent\":"));
    let logged = String::from_utf8(logged.0.lock().unwrap().clone()).unwrap();
    assert_clean("the log", &logged, &hidden());
}

#[test]
fn a_receiver_that_repeats_what_it_got_leaves_no_secret_in_the_log() {
    let mut world = World::new();
    let new = json!({ "webhook_url": WITH_PASSWORD, "environment": "test" });
    let call = Call::post("/v1/webhooks", &new).on(&world.account);
    let signing = world.simulation.call(call).expect(201).text("/signing_secret");
    let digits = signing.trim_start_matches("whsec_").to_owned();
    let basic = BASE64_STANDARD.encode(format!("user:{PASSWORD}"));
    let (key, all) = (world.secret_key.clone(), [PASSWORD, &basic, &digits].map(str::to_owned));
    let echo = json!({ "Authorization": format!("Basic {basic}"), "password": PASSWORD,
        "secret": signing, "digits": digits, "key": key, "url": WITH_PASSWORD });
    let echo = echo.to_string();
    let bodies = [
        echo.clone(),
        echo.replace('/', "\\/"),
        format!("{}{echo}", "x".repeat(1000)),
        format!("{}{basic}", "x".repeat(1000)),
        format!("{}{digits}", "x".repeat(1000)),
        format!("{}{key}", "x".repeat(1000)),
    ];
    for body in &bodies {
        let header = ("x-echo".to_owned(), format!("Basic {basic}"));
        let headers = vec![header, (format!("x-{}", MIDDLE.to_lowercase()), digits.clone())];
        // The sender keeps no more than this.
        let body_excerpt = body.chars().take(1024).collect();
        let answer = Received { status: 500, headers, body_excerpt, ..Received::default() };
        let outcome = Outcome::Answered(answer);
        world
            .simulation
            .network
            .on(SHOWN, move |_| Reply { outcome: outcome.clone(), ..Reply::status(500) });
        world.simulation.post_event(&world.account);
        world.simulation.run_until_quiet();
    }
    let mut hidden: Vec<String> =
        all.iter().map(|secret| secret[..secret.len() - 6].to_owned()).collect();
    hidden.extend([digits[..12].to_owned(), basic[..16].to_owned(), key[11..25].to_owned()]);
    let kept = world.simulation.disk.everything();
    assert!(kept.iter().any(|document| document.contains("x-echo")));
    assert_clean("what is kept", &kept.join("\n"), &hidden);
    for row in world.simulation.list(&world.account, "/v1/logs?per_page=100") {
        assert_clean("a row", &row.to_string(), &hidden);
    }
}

#[test]
fn an_idempotency_key_with_a_secret_in_it_works_as_any_other() {
    let mut world = World::new();
    let key = format!("lh_sk_test_{DIGITS}");
    let body = json!({ "type": "secret", "environment": "test" });
    let mut create = |key: &str, body: &Value| {
        world.simulation.call(Call::post("/v1/api_keys", body).on(&world.account).once(key))
    };
    let first = create(&key, &body).expect(201);
    let again = create(&key, &body).expect(201);
    assert_eq!((again.header("idempotent-replayed"), &first.body), ("true", &again.body));
    let other = json!({ "type": "publishable", "environment": "test" });
    assert_eq!(create(&key, &other).expect(422).text("/code"), "idempotency_mismatch");
    let _ = create(&key.replace("7Qx", "8Qx"), &other).expect(201);
}

#[test]
fn names_that_are_looked_up_refuse_a_secret() {
    let mut world = World::new();
    let secret = format!("x.lh_sk_test_{DIGITS}");
    let event = json!({ "type": secret, "environment": "test", "data": { "object": { "id": "1", "object": "a" } } });
    let hook = json!({ "webhook_url": "https://b.example/", "environment": "test", "event_types": [secret] });
    for (call, param) in [
        (Call::post("/v1/accounts", &json!({ "name": "A", "external_id": secret })), "external_id"),
        (Call::post("/v1/events", &event), "type"),
        (Call::post("/v1/webhooks", &hook), "event_types"),
        (Call::put(&format!("/v1/event_types/{secret}"), &json!({})), "name"),
        (Call::put("/v1/event_types/a.b", &json!({ "schema": { "const": secret } })), "schema"),
    ] {
        assert_eq!(world.refused(call), (422, "invalid_field".into(), json!(param)));
    }
}
