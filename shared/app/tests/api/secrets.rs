//! Secrets appear only in the answers that were asked for them.

use std::{
    io,
    sync::{Arc, Mutex},
};

use ports::store::Collection;
use serde_json::{Value, json};
use simulation::{Answer, Call, OPERATOR_TOKEN, Simulation, hours};
use tracing_subscriber::fmt::MakeWriter;

use crate::world::{World, event};

const URL: &str = "https://user:hunter2hunter2@ada.example/hooks";
const MASKED: &str = "https://user:****@ada.example/hooks";

/// Log lines of every level.
#[derive(Clone, Default)]
pub(crate) struct Logged(pub(crate) Arc<Mutex<Vec<u8>>>);

impl io::Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logged {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Scenario in which every secret is created and used.
struct Life {
    simulation: Simulation,
    account: String,
    webhook: String,
    secrets: Vec<String>,
    /// Answers that must not contain secrets.
    answers: Vec<Answer>,
}

impl Life {
    /// Makes a call that returns secrets, at `pointers`.
    fn ask(&mut self, call: Call, pointers: &[&str]) -> Value {
        let answer = self.simulation.call(call.on(&self.account));
        assert!(answer.status < 300, "{}", answer.json());
        for pointer in pointers {
            let secret = answer.text(pointer);
            assert!(secret.len() > 20, "{pointer} of {}", answer.json());
            self.secrets.push(secret);
        }
        answer.json()
    }

    /// Makes a call that must not return secrets.
    fn do_it(&mut self, call: Call) {
        let answer = self.simulation.call(call.on(&self.account));
        self.answers.push(answer);
    }

    fn live() -> Self {
        let mut simulation = Simulation::with(1, |settings| {
            settings.legacy_signature_header = Some("X-Legacy-Signature".to_owned());
        });
        let account = simulation.open_account();
        let secrets = vec![OPERATOR_TOKEN.to_owned(), "hunter2hunter2".to_owned()];
        let (webhook, answers) = (String::new(), vec![]);
        let mut life = Self { simulation, account, webhook, secrets, answers };
        let new = json!({ "webhook_url": URL, "environment": "test" });
        let webhook = life.ask(Call::post("/v1/webhooks", &new).once("w"), &["/signing_secret"]);
        life.webhook = format!("/v1/webhooks/{}", webhook["id"].as_str().unwrap());
        let new = json!({ "type": "secret", "environment": "test" });
        let key = life.ask(Call::post("/v1/api_keys", &new).once("k"), &["/key"]);
        let key = format!("/v1/api_keys/{}", key["id"].as_str().unwrap());
        life.ask(Call::post("/v1/portal_sessions", &json!({})), &["/token", "/url"]);
        let code = life.secrets.pop().unwrap();
        life.secrets.push(code.split_once("code=").unwrap().1.to_owned());
        life.ask(Call::post(&format!("{key}/reveal"), &json!({})), &["/key"]);
        life.ask(
            Call::post(&format!("{}/reveal_secret", life.webhook), &json!({})),
            &["/signing_secret"],
        );
        life.ask(
            Call::post(&format!("{}/rotate_secret", life.webhook), &json!({})),
            &["/signing_secret"],
        );
        life.use_them(&key);
        life.ask(Call::post(&format!("{key}/roll"), &json!({})), &["/key"]);
        life
    }

    /// Uses the secrets, correctly and incorrectly.
    fn use_them(&mut self, key: &str) {
        let (webhook, secrets) = (self.webhook.clone(), self.secrets.clone());
        for secret in &secrets {
            self.do_it(Call::get("/v1/webhooks").bearer(secret));
            self.do_it(Call::get("/v1/webhooks").basic(secret));
            self.do_it(Call::post("/v1/api_keys/verify", &json!({ "key": secret })));
            self.do_it(Call::post("/v1/accounts", &json!({ "name": { "x": secret } })));
            let wrong = json!({ "webhook_url": format!("nonsense://{secret}") });
            self.do_it(Call::patch(&webhook, &wrong));
            let wrong = format!("{{\"key\": \"{secret}\"");
            let call = Call::post("/v1/api_keys/verify", &json!({}));
            self.do_it(call.body("application/json", wrong));
        }
        for status in [500, 410, 200] {
            self.simulation.network.answers(MASKED, status);
            self.do_it(Call::post("/v1/events", &event()));
            self.simulation.run_for(hours(1));
            self.do_it(Call::patch(&webhook, &json!({ "status": "enabled" })));
        }
        let moved = json!({ "webhook_url": format!("{URL}/moved") });
        self.do_it(Call::patch(&webhook, &moved));
        let taken = json!({ "webhook_url": format!("{URL}/moved"), "environment": "test" });
        self.do_it(Call::post("/v1/webhooks", &taken));
        for path in [key, &webhook, "/v1/account", "/v1/accounts"] {
            self.do_it(Call::get(path));
        }
        let now = self.simulation.now();
        for list in
            ["webhooks", "api_keys", "events", "logs", "audit_events", "logs?kind=api_request"]
        {
            self.do_it(Call::get(&format!("/v1/{list}")));
        }
        for list in ["webhooks", "api_keys"] {
            self.do_it(Call::get(&format!("/v1/{list}?as_of={now}")));
        }
    }

    fn assert_without_secrets(&self, what: &str, text: &str) {
        for secret in &self.secrets {
            assert!(!text.contains(secret.as_str()), "{secret} is in {what}: {text}");
        }
    }
}

#[test]
fn no_answer_header_log_line_or_document_has_a_secret_that_was_not_asked_for() {
    let logged = Logged::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(logged.clone())
        .finish();
    let life = tracing::subscriber::with_default(subscriber, Life::live);
    assert!(life.secrets.len() > 8 && life.answers.len() > 40);
    for answer in &life.answers {
        life.assert_without_secrets("an answer", &String::from_utf8_lossy(&answer.body));
        life.assert_without_secrets("a header", &format!("{:?}", answer.headers));
    }
    let logged = String::from_utf8(logged.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("attempt failed"), "{logged}");
    life.assert_without_secrets("the log", &logged);
    for kept in life.simulation.disk.everything() {
        life.assert_without_secrets("what is kept", &kept);
    }
    let hits = life.simulation.network.hits();
    assert!(hits.len() > 3);
    for hit in hits {
        life.assert_without_secrets("a delivery", &format!("{:?}", hit.outgoing));
    }
}

#[test]
fn a_publishable_key_is_always_shown_and_a_secret_one_never_again() {
    let mut simulation = Simulation::new(1);
    let account = simulation.open_account();
    let publishable = simulation.create_key(&account, "publishable", "test");
    let secret = simulation.create_key(&account, "secret", "test");
    let keys = simulation.list(&account, "/v1/api_keys");
    assert_eq!(keys[0].get("key"), None);
    assert_eq!(keys[1]["key"], publishable);
    let redacted = keys[0]["redacted"].as_str().unwrap();
    let (start, end) = redacted.split_once("****").unwrap();
    assert!(secret.starts_with(start) && secret.ends_with(end) && end.len() == 4, "{redacted}");
}

/// A number that was forgotten is never reused for another URL: a stale reference must find
/// nothing, not another webhook's credentials.
#[test]
fn numbers_of_urls_with_credentials_are_never_reused() {
    let mut world = World::new();
    let (account, webhook) = (world.account.clone(), world.webhook.clone());
    let mut seen = std::collections::BTreeSet::new();
    for number in 0..3 {
        for url in ["https://ada.example/plain", &format!("https://u:p@ada.example/{number}")] {
            let change = json!({ "webhook_url": url });
            world.simulation.change_webhook(&account, &webhook, &change);
        }
        let secrets = world.simulation.disk.documents(&[Collection("secrets")]);
        let names = secrets.into_iter().map(|(document, _)| document.key.sort);
        let urls: Vec<String> = names.filter(|name| name.contains("/url/")).collect();
        assert_eq!(urls.len(), 1, "{urls:?}");
        assert!(seen.insert(urls[0].clone()), "{urls:?} was there before");
    }
}
