//! Automatic disabling of a webhook that fails everything for 60 days.

use latchhook_simulation::{NewWebhook, Simulation, days, hours, minutes};
use serde_json::{Value, json};

const URL: &str = "https://ada.example/hooks";

struct Patient {
    simulation: Simulation,
    account: String,
    webhook: NewWebhook,
}

impl Patient {
    /// Creates a webhook whose receiver fails everything.
    fn new() -> Self {
        let mut simulation = Simulation::new(1);
        let account = simulation.open_account();
        let webhook = simulation.create_webhook(&account, URL);
        simulation.network.answers(URL, 500);
        Self { simulation, account, webhook }
    }

    /// Posts an event a day, the first now.
    fn live(&mut self, number_of_days: u64) {
        for _ in 0..number_of_days {
            self.simulation.post_event(&self.account);
            self.simulation.run_for(days(1));
        }
    }

    fn shown(&mut self) -> Value {
        let path = format!("/v1/webhooks/{}", self.webhook.id);
        self.simulation.show(&self.account, &path)
    }

    fn assert_enabled(&mut self) {
        let shown = self.shown();
        assert_eq!(
            (&shown["status"], &shown["disabled_reason"]),
            (&json!("enabled"), &Value::Null)
        );
    }

    fn assert_failing(&mut self) {
        let shown = self.shown();
        assert_eq!(
            (&shown["status"], &shown["disabled_reason"]),
            (&json!("disabled"), &json!("failing"))
        );
    }
}

#[test]
fn sixty_days_of_failing_disable_a_webhook_and_not_a_minute_less() {
    let mut patient = Patient::new();
    let began = patient.simulation.now();
    patient.live(59);
    patient.assert_enabled();
    // Another one fails until five minutes before the limit.
    patient.simulation.run_until(began.plus(days(60)).minus(minutes(5)));
    patient.simulation.post_event(&patient.account);
    patient.simulation.run_for(minutes(4));
    patient.assert_enabled();
    patient.simulation.run_until(began.plus(days(60)));
    patient.assert_failing();

    let path = format!("/v1/audit_events?type=webhook.disabled&subject={}", patient.webhook.id);
    let history = patient.simulation.list(&patient.account, &path);
    assert_eq!(history.len(), 1);
    assert_eq!(history[0]["created_at"], began.plus(days(60)).to_string());
    assert_eq!(history[0]["actor"], json!({ "type": "system", "id": null }));
    assert_eq!(history[0]["data"], json!({ "reason": "failing" }));
}

#[test]
fn one_success_restarts_the_60_days() {
    let mut patient = Patient::new();
    patient.live(30);
    patient.simulation.run_until_quiet();
    patient.simulation.network.answers(URL, 200);
    patient.live(1);
    patient.simulation.network.answers(URL, 500);
    patient.live(59);
    patient.assert_enabled();
    patient.live(2);
    patient.assert_failing();
}

#[test]
fn pending_deliveries_of_a_disabled_webhook_are_cancelled() {
    let mut patient = Patient::new();
    patient.live(60);
    patient.simulation.run_for(hours(1));
    let event = patient.simulation.post_event(&patient.account);
    patient.assert_failing();
    patient.simulation.run_until_quiet();
    let hits = patient.simulation.network.hits().len();
    let last = patient.simulation.post_event(&patient.account);
    patient.simulation.run_until_quiet();
    assert_eq!(patient.simulation.network.hits().len(), hits);
    for event in [event, last] {
        let delivery = patient.simulation.delivery(&patient.account, &event);
        assert_eq!(delivery["status"], "cancelled");
    }
}

#[test]
fn enabling_a_webhook_restarts_the_60_days() {
    let mut patient = Patient::new();
    patient.live(61);
    patient.assert_failing();
    let enable = json!({ "status": "enabled" });
    patient.simulation.change_webhook(&patient.account, &patient.webhook, &enable);
    patient.live(59);
    patient.assert_enabled();
    patient.live(2);
    patient.assert_failing();
}

#[test]
fn changing_the_url_restarts_the_60_days() {
    let mut patient = Patient::new();
    patient.live(50);
    let change = json!({ "webhook_url": "https://ada.example/elsewhere" });
    patient.simulation.change_webhook(&patient.account, &patient.webhook, &change);
    patient.live(59);
    patient.assert_enabled();
    patient.live(2);
    patient.assert_failing();
}
