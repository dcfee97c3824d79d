//! Form-encoded bodies, equivalent to JSON.

use serde_json::{Value, json};
use simulation::Call;

use crate::world::World;

const FORM: &str = "application/x-www-form-urlencoded";

pub(crate) fn form(path: &str, body: &str) -> Call {
    Call::post(path, &json!({})).body(FORM, body.to_owned())
}

#[test]
fn a_form_creates_what_json_does() {
    let mut world = World::new();
    let body = "webhook_url=https%3A%2F%2Fada.example%2Fform&live=false&include_object=true\
                &event_types=report.created&event_types=candidate.*&description=A+form";
    let created = world.simulation.call(form("/v1/webhooks", body).on(&world.account));
    let created = created.expect(201).json();
    assert_eq!(created["webhook_url"], "https://ada.example/form");
    assert_eq!(created["environment"], "test");
    assert_eq!(created["include_object"], true);
    assert_eq!(created["event_types"], json!(["report.created", "candidate.*"]));
    assert_eq!(created["description"], "A form");
}

#[test]
fn a_list_may_have_brackets_and_one_entry() {
    let mut world = World::new();
    let body = "webhook_url=https://ada.example/form&environment=test&event_types[]=report.*";
    let created = world.simulation.call(form("/v1/webhooks", body).on(&world.account)).expect(201);
    assert_eq!(created.json()["event_types"], json!(["report.*"]));
}

#[test]
fn a_form_changes_what_json_does() {
    let mut world = World::new();
    let path = format!("/v1/accounts/{}", world.account);
    let change = Call::patch(&path, &json!({})).body(FORM, "webhook_quota=7&credentialed=true");
    let changed = world.simulation.call(change).expect(200).json();
    assert_eq!((&changed["webhook_quota"], &changed["credentialed"]), (&json!(7), &json!(true)));
}

#[test]
fn a_form_is_refused_as_json_is() {
    let mut world = World::new();
    for (body, code, param) in [
        ("", "missing_field", "webhook_url"),
        ("webhook_url=https://a.example&environment=prod", "invalid_field", "environment"),
        ("webhook_url=https://a.example&live=maybe", "invalid_field", "live"),
    ] {
        let refused = world.refused(form("/v1/webhooks", body));
        assert_eq!(refused, (422, code.to_owned(), Value::from(param)), "{body}");
    }
}

#[test]
fn a_duplicate_field_is_refused_unless_it_is_a_list() {
    let mut world = World::new();
    for body in ["name=first&name=last", "name=same&name=same", "name=first&name[]=last"] {
        let refused = world.refused(form("/v1/accounts", body));
        assert_eq!(refused, (422, "invalid_field".to_owned(), json!("name")), "{body}");
    }
}
