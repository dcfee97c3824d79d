//! Jurisdictions: those of the settings, or none.

use serde_json::{Value, json};
use simulation::{Call, Simulation};

use crate::world::{URL, World, event, refused};

/// World with these jurisdictions.
fn world(jurisdictions: &str) -> World {
    let jurisdictions = jurisdictions.parse().unwrap();
    World::of(Simulation::with(1, move |settings| settings.jurisdictions = jurisdictions))
}

fn event_in(jurisdiction: Value) -> Value {
    let mut event = event();
    event["jurisdiction"] = jurisdiction;
    event
}

fn webhook_in(jurisdiction: &Value) -> Value {
    let url = "https://other.example/hooks";
    json!({ "webhook_url": url, "environment": "test", "jurisdiction": jurisdiction })
}

#[test]
fn without_a_choice_its_very_name_is_unknown() {
    for few in ["none", "DE=Germany"] {
        let mut world = world(few);
        let unknown = (400, "unknown_field".to_owned(), json!("jurisdiction"));
        for value in [json!("US"), json!("DE"), Value::Null, json!(1), json!(["DE"]), json!({})] {
            let posted = world.refused(Call::post("/v1/events", &event_in(value.clone())));
            assert_eq!(posted, unknown, "{few}: {value}");
            let created = world.refused(Call::post("/v1/webhooks", &webhook_in(&value)));
            assert_eq!(created, unknown, "{few}: {value}");
        }
        let form = "webhook_url=https://x.example/&environment=test&jurisdiction=US";
        let call = crate::forms::form("/v1/webhooks", form).on(&world.account);
        assert_eq!(refused(&mut world.simulation, call), unknown);
    }
}

#[test]
fn without_a_choice_nothing_shows_one_and_every_webhook_hears() {
    for few in ["none", "DE=Germany"] {
        let mut world = world(few);
        let posted = world.simulation.call(Call::post("/v1/events", &event()).on(&world.account));
        let posted = posted.expect(202).json();
        assert_eq!(posted["deliveries"][0]["webhook_id"], json!(world.webhook.id));
        let mut shown = vec![posted];
        for path in ["/v1/webhooks", "/v1/events", "/v1/audit_events"] {
            shown.extend(world.simulation.list(&world.account, path));
        }
        assert!(shown.len() > 3);
        for one in shown {
            assert!(!one.to_string().contains("jurisdiction"), "{one}");
        }
        let document = world.simulation.app().openapi().to_string();
        let found = document.find("urisdiction\":").map(|at| &document[at.saturating_sub(300)..at]);
        assert_eq!(found, None, "{few}");
    }
}

#[test]
fn among_several_the_first_is_the_usual_one() {
    let mut world = world("DE=Germany,AT=Austria");
    let must = "jurisdiction must be one of: DE, AT.";
    for wrong in [json!("US"), json!("de"), json!(1), json!([])] {
        let call = Call::post("/v1/events", &event_in(wrong)).on(&world.account);
        let answer = world.simulation.call(call).expect(422);
        assert_eq!(
            (answer.text("/code"), answer.text("/error")),
            ("invalid_field".into(), must.into())
        );
    }
    let created = Call::post("/v1/webhooks", &webhook_in(&json!("AT"))).on(&world.account);
    let austrian = world.simulation.call(created).expect(201).json();
    assert_eq!(austrian["jurisdiction"], "AT");
    for (value, usual, receiver) in
        [(json!("AT"), "AT", austrian["id"].clone()), (Value::Null, "DE", json!(world.webhook.id))]
    {
        let call = Call::post("/v1/events", &event_in(value)).on(&world.account);
        let posted = world.simulation.call(call).expect(202).json();
        assert_eq!(
            (&posted["jurisdiction"], posted["deliveries"].as_array().unwrap().len()),
            (&json!(usual), 1)
        );
        assert_eq!(posted["deliveries"][0]["webhook_id"], receiver);
    }
    let document = world.simulation.app().openapi();
    let schema = &document["components"]["schemas"]["Jurisdiction"];
    assert_eq!(schema["enum"], json!(["DE", "AT"]));
    assert!(schema["description"].as_str().unwrap().contains("`AT`: Austria"));
    let field = "/components/schemas/CreateWebhook/properties/jurisdiction/default";
    assert_eq!(document.pointer(field), Some(&json!("DE")));
    assert_eq!(
        world.simulation.show(&world.account, "/v1/webhooks")["data"][1]["webhook_url"],
        URL
    );
}
