//! Keys that somebody else made: imported, verified and used like ours.

use domain::key::foreign;
use serde_json::{Value, json};
use simulation::{Answer, Call, Simulation};

use crate::world::World;

/// Key of a common form.
const FOREIGN: &str = "sk_live_51Habcdefghijklmnopqrstu";

fn by_value(key: &str) -> Value {
    json!({ "type": "secret", "environment": "test", "key": key })
}

fn by_hash(key: &str) -> Value {
    let value = foreign::kept(&foreign::hash(key)).expose().to_owned();
    let hash = json!({ "algorithm": "sha256", "value": value });
    json!({ "type": "secret", "environment": "test", "hash": hash })
}

fn import(keys: &[Value]) -> Call {
    Call::post("/v1/api_keys/import", &json!({ "api_keys": keys }))
}

/// As many different keys.
fn many(number: usize) -> Vec<Value> {
    (0..number).map(|number| by_value(&format!("{FOREIGN}{number}"))).collect()
}

impl World {
    fn import(&mut self, keys: &[Value]) -> Answer {
        self.simulation.call(import(keys).on(&self.account)).expect(201)
    }

    fn code_of(&mut self, key: &str) -> String {
        code_of(&mut self.simulation, key)
    }

    fn number_of_keys(&mut self) -> u64 {
        let list = Call::get("/v1/api_keys").on(&self.account);
        self.simulation.call(list).expect(200).json()["count"].as_u64().unwrap()
    }
}

fn code_of(simulation: &mut Simulation, key: &str) -> String {
    let verify = Call::post("/v1/api_keys/verify", &json!({ "key": key }));
    simulation.call(verify).expect(200).text("/code")
}

#[test]
fn an_imported_key_works_like_one_of_ours() {
    let mut world = World::new();
    assert_eq!(world.code_of(FOREIGN), "not_found");
    let named = json!({ "name": "CI", "type": "secret", "environment": "test", "key": FOREIGN });
    let imported = world.import(&[named]).json();
    let key = &imported["data"][0];
    assert_eq!((&imported["object"], &imported["count"]), (&json!("list"), &json!(1)));
    assert_eq!((&key["imported"], &key["revealable"]), (&json!(true), &json!(true)));
    assert_eq!((&key["name"], &key["redacted"]), (&json!("CI"), &json!("sk_live_****rstu")));
    assert_eq!(key.get("key"), None);
    assert_eq!(world.code_of(FOREIGN), "valid");
    let reveal = format!("/v1/api_keys/{}/reveal", key["id"].as_str().unwrap());
    let reveal = Call::post(&reveal, &json!({})).on(&world.account);
    assert_eq!(world.simulation.call(reveal).expect(200).text("/key"), FOREIGN);
    for call in
        [Call::get("/v1/webhooks").bearer(FOREIGN), Call::get("/v1/webhooks").basic(FOREIGN)]
    {
        _ = world.simulation.call(call).expect(200);
    }
}

#[test]
fn a_key_imported_by_its_hash_is_verified_and_never_shown() {
    let mut world = World::new();
    let key = world.import(&[by_hash(FOREIGN)]).json()["data"][0].clone();
    assert_eq!((&key["imported"], &key["revealable"]), (&json!(true), &json!(false)));
    assert_eq!(key["redacted"], "****");
    assert_eq!(world.code_of(FOREIGN), "valid");
    let reveal = format!("/v1/api_keys/{}/reveal", key["id"].as_str().unwrap());
    let refused = world.refused(Call::post(&reveal, &json!({})));
    assert_eq!(refused, (409, "not_revealable".to_owned(), Value::Null));
}

#[test]
fn a_publishable_key_is_shown_if_it_is_known() {
    let mut world = World::new();
    let publishable = |mut key: Value| {
        key["type"] = "publishable".into();
        key
    };
    let keys = [publishable(by_value("pk_one_12345")), publishable(by_hash("pk_two_12345"))];
    let imported = world.import(&keys).json();
    assert_eq!(imported["data"][0]["key"], "pk_one_12345");
    assert_eq!(imported["data"][1].get("key"), None);
    let listed = world.simulation.list(&world.account, "/v1/api_keys");
    assert_eq!(listed.iter().filter(|key| key["key"] == "pk_one_12345").count(), 1);
}

#[test]
fn a_known_key_is_taken_wherever_it_is_known() {
    let mut world = World::new();
    let other = world.simulation.open_account();
    let ours = world.secret_key.clone();
    _ = world.simulation.call(import(&[by_value(FOREIGN)]).on(&other)).expect(201);
    let new = || by_value("another_key_1");
    for (keys, at) in [
        (vec![by_value(FOREIGN)], 0),
        (vec![new(), by_hash(FOREIGN)], 1),
        (vec![new(), by_value(&ours)], 1),
        (vec![new(), by_hash(&ours)], 1),
        (vec![new(), by_value("another_key_2"), by_hash("another_key_1")], 2),
    ] {
        let expected = (409, "key_taken".to_owned(), format!("api_keys[{at}]").into());
        assert_eq!(world.refused(import(&keys)), expected);
    }
    assert_eq!(world.code_of("another_key_1"), "not_found");
}

#[test]
fn each_part_of_a_key_is_checked() {
    let mut world = World::new();
    let changed = |name: &str, value: Value| {
        let mut key = by_value(FOREIGN);
        key[name] = value;
        vec![by_value("another_key_1"), key]
    };
    let both = by_hash(FOREIGN)["hash"].clone();
    let neither = json!({ "type": "secret", "environment": "test" });
    for (keys, code, param) in [
        (vec![], "invalid_field", "api_keys"),
        (many(101), "invalid_field", "api_keys"),
        (changed("key", "short".into()), "invalid_field", "api_keys[1].key"),
        (changed("key", "with space".into()), "invalid_field", "api_keys[1].key"),
        (changed("key", "lhop_12345678".into()), "invalid_field", "api_keys[1].key"),
        (changed("hash", both), "invalid_field", "api_keys[1].hash"),
        (vec![neither], "missing_field", "api_keys[0].key"),
        (changed("type", "public".into()), "invalid_field", "api_keys[1].type"),
        (changed("x", "y".into()), "unknown_field", "api_keys[1].x"),
        (
            changed("expires_at", "2020-01-01T00:00:00Z".into()),
            "invalid_field",
            "api_keys[1].expires_at",
        ),
        (
            changed("environment", "live".into()),
            "account_not_credentialed",
            "api_keys[1].environment",
        ),
    ] {
        let (_, refused, at) = world.refused(import(&keys));
        assert_eq!((refused.as_str(), &at), (code, &json!(param)));
    }
    let mut hashed = by_hash(FOREIGN);
    hashed["hash"]["value"] = "abc".into();
    let refused = world.refused(import(&[hashed.clone()]));
    assert_eq!(refused, (422, "invalid_field".to_owned(), "api_keys[0].hash.value".into()));
    hashed["hash"]["algorithm"] = "md5".into();
    let refused = world.refused(import(&[hashed]));
    assert_eq!(refused, (422, "invalid_field".to_owned(), "api_keys[0].hash.algorithm".into()));
    assert_eq!(world.code_of("another_key_1"), "not_found");
}

#[test]
fn a_hundred_keys_are_imported_at_once() {
    let mut world = World::new();
    let before = world.number_of_keys();
    let imported = world.import(&many(100)).json();
    assert_eq!(imported["data"].as_array().unwrap().len(), 100);
    assert_eq!(world.number_of_keys(), before + 100);
    for number in [0, 8, 99] {
        assert_eq!(world.code_of(&format!("{FOREIGN}{number}")), "valid");
    }
}

#[test]
fn an_import_is_repeated_by_its_idempotency_key() {
    let mut world = World::new();
    let call = import(&many(20)).on(&world.account).once("import");
    let first = world.simulation.call(call.clone()).expect(201);
    let again = world.simulation.call(call).expect(201);
    assert_eq!(first.json(), again.json());
    assert_eq!(again.header("idempotent-replayed"), "true");
}

#[test]
fn the_quota_of_keys_holds_for_all_of_an_import() {
    let simulation = Simulation::with(1, |settings| settings.limits.keys = 12);
    let mut world = World::of(simulation);
    let (_, code, _) = world.refused(import(&many(11)));
    assert_eq!(code, "quota_limit_exceeded");
    assert_eq!(world.code_of(&format!("{FOREIGN}0")), "not_found");
    _ = world.import(&many(10));
    let (_, code, _) = world.refused(import(&[by_value("another_key_1")]));
    assert_eq!(code, "quota_limit_exceeded");
}

#[test]
fn the_successor_of_an_imported_key_is_ours() {
    let mut world = World::new();
    let key = world.import(&[by_hash(FOREIGN)]).json()["data"][0].clone();
    let roll = format!("/v1/api_keys/{}/roll", key["id"].as_str().unwrap());
    let roll = Call::post(&roll, &json!({})).on(&world.account);
    let successor = world.simulation.call(roll).expect(201).json();
    assert_eq!((&successor["imported"], &successor["revealable"]), (&json!(false), &json!(true)));
    assert!(successor["key"].as_str().unwrap().starts_with("lh_sk_test_"));
    assert_eq!(world.code_of(FOREIGN), "expired");
}
