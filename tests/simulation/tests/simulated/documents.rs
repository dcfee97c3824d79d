//! Documents of another form: what they are derived from is folded, and the next commit heals them.

use bytes::Bytes;
use futures_util::FutureExt as _;
use latchhook_simulation::{Answer, Call, NewWebhook, Simulation, live_and_derived, seconds};
use ports::{
    Commit, Store as _,
    store::{Collection, Condition, Document, IndexEntry, Write},
};
use serde_json::{Map, Value, json};

const URL: &str = "https://ada.example/hooks";

/// Collections of documents that are read as states, or as parts of one.
const STATES: [Collection; 6] = [
    Collection("accounts"),
    Collection("api_keys"),
    Collection("api_key_lookups"),
    Collection("webhooks"),
    Collection("event_types"),
    Collection("event_type_names"),
];

/// Installation with something of every kind.
struct House {
    simulation: Simulation,
    account: String,
    key: String,
    key_id: String,
    webhook: NewWebhook,
}

impl House {
    fn new() -> Self {
        let mut simulation = Simulation::new(1);
        let account = simulation.open_account();
        let key = simulation.create_key(&account, "secret", "test");
        let keys = simulation.list(&account, "/v1/api_keys");
        let key_id = keys[0]["id"].as_str().unwrap().to_owned();
        let webhook = simulation.create_webhook(&account, URL);
        simulation.network.answers(URL, 200);
        let schema = json!({ "schema": { "type": "object", "required": ["status"] } });
        for (name, registered) in [("report.completed", json!({})), ("report.created", schema)] {
            let path = format!("/v1/event_types/{name}");
            _ = simulation.call(Call::put(&path, &registered)).expect(200);
        }
        Self { simulation, account, key, key_id, webhook }
    }

    /// Replaces the documents of `collections`, and their index entries.
    fn replace(
        &self,
        collections: &[Collection],
        body: impl Fn(&Document) -> String,
        index: impl Fn(&IndexEntry) -> IndexEntry,
    ) {
        let documents = self.simulation.disk.documents(collections);
        assert!(documents.len() >= collections.len());
        let writes = documents.into_iter().map(|(document, entries)| Write::Put {
            body: Bytes::from(body(&document)),
            key: document.key,
            expires_at: document.expires_at,
            index: entries.iter().map(&index).collect(),
            condition: Condition::None,
        });
        let commit = Commit { writes: writes.collect(), ..Commit::default() };
        self.simulation.disk.commit(commit).now_or_never().unwrap().unwrap();
    }

    fn call(&mut self, call: Call) -> Answer {
        self.simulation.call(call.on(&self.account))
    }

    /// Returns everything that the API says of states, by the operator and by the key.
    fn said(&mut self) -> Vec<Value> {
        let (key, webhook) = (format!("/{}", self.key_id), format!("/{}", self.webhook.id));
        let by_operator = [
            "/v1/accounts".to_owned(),
            format!("/v1/accounts/{}", self.account),
            "/v1/account".to_owned(),
            "/v1/api_keys".to_owned(),
            format!("/v1/api_keys{key}"),
            "/v1/webhooks".to_owned(),
            format!("/v1/webhooks{webhook}"),
            "/v1/event_types".to_owned(),
        ];
        let calls = by_operator.iter().map(|path| Call::get(path));
        let verified = Call::post("/v1/api_keys/verify", &json!({ "key": self.key }));
        let by_key = Call::get("/v1/account").bearer(&self.key);
        let said: Vec<_> =
            calls.chain([verified]).map(|call| self.call(call).expect(200).json()).collect();
        let by_key = self.simulation.call(by_key).expect(200).json();
        said.into_iter().chain([by_key]).map(without_use).collect()
    }

    /// Posts events, one of which is delivered and two of which the registry refuses.
    fn events_are_checked_and_delivered(&mut self) {
        let event = |event_type: &str, object: &Value| {
            let data = json!({ "object": object });
            json!({ "type": event_type, "environment": "test", "data": data })
        };
        let broken = json!({ "id": "1", "object": "report", "uri": "/v1/reports/1" });
        let mut object = broken.clone();
        object["status"] = json!("done");
        let unknown = Call::post("/v1/events", &event("report.failed", &object));
        assert_eq!(self.call(unknown).expect(422).json()["code"], "unknown_event_type");
        let broken = Call::post("/v1/events", &event("report.created", &broken));
        assert_eq!(self.call(broken).expect(422).json()["code"], "invalid_field");
        let before = self.simulation.network.hits_at(URL).len();
        let good = Call::post("/v1/events", &event("report.created", &object));
        let id = self.call(good).expect(202).text("/id");
        self.simulation.run_for(seconds(1));
        assert_eq!(self.simulation.network.hits_at(URL).len(), before + 1);
        let account = self.account.clone();
        assert_eq!(self.simulation.delivery(&account, &id)["status"], "delivered");
    }

    /// Changes every stream once.
    fn change_everything(&mut self) {
        let account = Call::patch(
            &format!("/v1/accounts/{}", self.account),
            &json!({ "name": "Ada Lovelace" }),
        );
        let key = Call::post(
            &format!("/v1/api_keys/{}/expire", self.key_id),
            &json!({ "expires_at": "2099-01-01T00:00:00.000Z" }),
        );
        let webhook = Call::patch(
            &format!("/v1/webhooks/{}", self.webhook.id),
            &json!({ "description": "Reports" }),
        );
        for call in [account, key, webhook] {
            _ = self.call(call).expect(200);
        }
        for name in ["report.completed", "report.created"] {
            let change = json!({ "description": "A report." });
            let put = Call::put(&format!("/v1/event_types/{name}"), &change);
            _ = self.call(put).expect(200);
        }
    }
}

/// Returns an answer without what asking changes: the time of a key's last use, and what is left of its
/// rate limit.
fn without_use(mut answer: Value) -> Value {
    let rows = answer.get_mut("data").and_then(Value::as_array_mut);
    for row in rows.into_iter().flatten() {
        row.as_object_mut().unwrap().remove("last_used_at");
    }
    let answered = answer.as_object_mut().unwrap();
    answered.remove("last_used_at");
    answered.remove("rate_limit");
    answer
}

/// Returns a document in which every field of the state has another name, but those that name the
/// stream of a key.
fn renamed(document: &Document, number: Option<u64>) -> String {
    let mut body: Map<String, Value> = serde_json::from_slice(&document.body).unwrap();
    assert!(body.remove("format").is_some_and(|number| number.is_u64()));
    let another = |fields: Map<String, Value>| -> Map<String, Value> {
        let kept = ["id", "account", "version", "state"];
        let name = |name: String| if kept.contains(&&*name) { name } else { format!("new_{name}") };
        fields.into_iter().map(|(field, value)| (name(field), value)).collect()
    };
    body = another(body);
    if let Some(Value::Object(state)) = body.get_mut("state") {
        *state = another(std::mem::take(state));
    } else if let Some(state) = body.get_mut("state") {
        *state = json!({ "all": state });
    }
    body.extend(number.map(|number| ("format".to_owned(), json!(number))));
    Value::from(body).to_string()
}

/// Returns a document as version 0.1.0 stored it: without a number, and a key without what later
/// versions know of it. What later versions know of a webhook is left out where there is none.
fn of_version_0_1_0(document: &Document) -> String {
    let body = String::from_utf8(document.body.to_vec()).unwrap();
    if let Some(rest) = body.strip_prefix(r#"{"format":1,"#) {
        return format!("{{{rest}");
    }
    let mut body: Map<String, Value> = serde_json::from_str(&body).unwrap();
    assert_eq!(body.remove("format"), Some(json!(2)), "{:?}", document.key);
    let state = match body.get_mut("state") {
        Some(state) => state.as_object_mut().unwrap(),
        None => &mut body,
    };
    if !state.contains_key("include_object") {
        let later =
            ["imported", "revealable", "scopes", "metadata", "rate_limit", "allowed_networks"];
        for field in later {
            assert!(state.remove(field).is_some(), "{field}");
        }
    }
    Value::from(body).to_string()
}

fn folded_and_healed(collections: &[Collection], body: impl Fn(&Document) -> String) {
    let mut house = House::new();
    let before = house.said();
    house.replace(collections, &body, Clone::clone);
    assert_eq!(house.said(), before);
    house.events_are_checked_and_delivered();
    assert_eq!(house.said(), before);
    // Another form can be listed elsewhere, too.
    house.replace(
        collections,
        |document| String::from_utf8(document.body.to_vec()).unwrap(),
        |entry| IndexEntry { sort: format!("0{}", entry.sort), ..entry.clone() },
    );
    let (live, derived) = live_and_derived(&house.simulation.disk);
    assert_ne!(live, derived);
    house.change_everything();
    let (live, derived) = live_and_derived(&house.simulation.disk);
    assert_eq!(live, derived);
    _ = house.said();
}

#[test]
fn documents_of_a_newer_release_are_folded_and_healed() {
    folded_and_healed(&STATES, |document| renamed(document, Some(999)));
}

#[test]
fn documents_whose_fields_had_other_names_are_folded_and_healed() {
    folded_and_healed(&STATES, |document| renamed(document, Some(1)));
}

#[test]
fn documents_without_a_number_whose_fields_had_other_names_are_folded_and_healed() {
    folded_and_healed(&STATES, |document| renamed(document, None));
}

#[test]
fn damaged_documents_are_folded_and_healed() {
    // Under a fingerprint, a damaged document does not say whose it is.
    let others: Vec<_> =
        STATES.into_iter().filter(|collection| collection.0 != "api_key_lookups").collect();
    folded_and_healed(&others, |document| {
        String::from_utf8_lossy(&document.body[..document.body.len() / 2]).into_owned()
    });
}

#[test]
fn documents_of_version_0_1_0_are_read_and_healed() {
    let mut house = House::new();
    let before = house.said();
    house.replace(&STATES, of_version_0_1_0, Clone::clone);
    assert_eq!(house.said(), before);
    house.events_are_checked_and_delivered();
    let ((live, live_counts), (derived, counts)) = live_and_derived(&house.simulation.disk);
    assert_eq!(live_counts, counts);
    for (key, (body, index)) in &live {
        let (expected, entries) = &derived[key];
        assert!(app::documents::are_same(expected, body) && index == entries, "{key:?}");
    }
}

#[test]
fn a_deleted_webhook_stays_deleted_if_a_document_of_it_is_left() {
    let mut house = House::new();
    let documents = house.simulation.disk.documents(&[Collection("webhooks")]);
    let path = format!("/v1/webhooks/{}", house.webhook.id);
    _ = house.call(Call::delete(&path)).expect(200);
    let (document, _) = documents.into_iter().next().unwrap();
    let left = Write::Put {
        body: renamed(&document, Some(999)).into(),
        key: document.key,
        expires_at: None,
        index: vec![],
        condition: Condition::Absent,
    };
    let commit = Commit { writes: vec![left], ..Commit::default() };
    house.simulation.disk.commit(commit).now_or_never().unwrap().unwrap();
    _ = house.call(Call::get(&path)).expect(404);
    assert_eq!(house.call(Call::get("/v1/webhooks")).expect(200).json()["data"], json!([]));
}

fn of_a_newer_form(document: &Document) -> String {
    let body = String::from_utf8(document.body.to_vec()).unwrap();
    let number = body.strip_prefix(r#"{"format":"#).and_then(|rest| rest.split_once(','));
    format!(r#"{{"format":999,{}"#, number.unwrap().1)
}

#[test]
fn what_has_no_stream_is_refused_in_a_newer_form_and_not_asked_for_again() {
    let mut house = House::new();
    house.events_are_checked_and_delivered();
    for (collection, path) in [("delivery_logs", "/v1/logs"), ("events", "/v1/events")] {
        house.replace(&[Collection(collection)], of_a_newer_form, Clone::clone);
        let refused = house.call(Call::get(path)).expect(500);
        assert_eq!(refused.json()["code"], "internal");
        assert_eq!(refused.header("retry-after"), "");
    }
}

#[test]
fn an_event_in_a_newer_form_waits_for_a_release_that_reads_it() {
    let mut house = House::new();
    house.simulation.workers_rest = true;
    let account = house.account.clone();
    let event = house.simulation.post_event(&account);
    let events = [Collection("events")];
    let as_it_was = house.simulation.disk.documents(&events)[0].0.clone();
    house.replace(&events, of_a_newer_form, Clone::clone);
    house.simulation.workers_rest = false;
    house.simulation.run_for(seconds(2));
    assert_eq!(house.simulation.network.hits().len(), 0);
    let body = String::from_utf8(as_it_was.body.to_vec()).unwrap();
    house.replace(&events, |_| body.clone(), Clone::clone);
    house.simulation.run_until_quiet();
    assert_eq!(house.simulation.network.hits_at(URL).len(), 1);
    assert_eq!(house.simulation.delivery(&account, &event)["status"], "delivered");
}
