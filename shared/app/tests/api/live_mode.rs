//! Live mode that is closed again: nothing is begun there any more, what was accepted goes on, and
//! authority can still be taken away.

use serde_json::{Value, json};
use simulation::{Answer, Call, Simulation, hours, minutes};

const URL: &str = "https://ada.example/live";

/// Account whose live mode was closed, with one of everything that was made there before.
struct Closed {
    simulation: Simulation,
    account: String,
    session: String,
    key: String,
    webhook: String,
    event: String,
}

impl Closed {
    /// Closes live mode after an event was accepted; its receiver answers `status`.
    fn new(status: u16) -> Self {
        let mut simulation = Simulation::new(1);
        simulation.network.answers(URL, status);
        let account = simulation.open_account();
        simulation.credential(&account);
        let session = simulation.open_session(&account);
        let mut make = |path: &str, body: &Value| {
            let made = simulation.call(Call::post(path, body).on(&account));
            assert!(made.status < 300, "{}", made.json());
            made.text("/uri")
        };
        let key = make("/v1/api_keys", &json!({ "type": "secret", "environment": "live" }));
        let webhook = make("/v1/webhooks", &json!({ "webhook_url": URL, "environment": "live" }));
        let event = make("/v1/events", &event());
        simulation.run_for(minutes(2));
        let closing = json!({ "credentialed": false });
        let path = format!("/v1/accounts/{account}");
        _ = simulation.call(Call::patch(&path, &closing)).expect(200);
        Self { simulation, account, session, key, webhook, event }
    }

    /// Answers to `call` by the operator and by the portal session.
    fn answers(&mut self, call: &Call) -> [Answer; 2] {
        let operator = call.clone().on(&self.account);
        let portal = call.clone().bearer(&self.session);
        [operator, portal].map(|call| self.simulation.call(call))
    }
}

fn event() -> Value {
    json!({
        "type": "report.completed",
        "environment": "live",
        "data": { "object": { "id": "rep_1", "object": "report" } },
    })
}

#[test]
fn nothing_is_sent_or_made_in_live_mode_that_was_closed() {
    let mut closed = Closed::new(500);
    let (key, webhook, event_uri) = (&closed.key, &closed.webhook, &closed.event);
    let id = webhook.trim_start_matches("/v1/webhooks/");
    let another = json!({ "webhook_url": "https://ada.example/2", "environment": "live" });
    let nothing = json!({});
    let calls = [
        Call::post(&format!("{webhook}/ping"), &nothing),
        Call::post(&format!("{webhook}/recover"), &json!({ "since": "2026-01-01T00:00:00.000Z" })),
        Call::post(&format!("{event_uri}/resend"), &json!({ "webhook_id": id })),
        Call::post(&format!("{key}/roll"), &nothing),
        Call::post("/v1/api_keys", &json!({ "type": "secret", "environment": "live" })),
        Call::post("/v1/webhooks", &another),
    ];
    let waiting = closed.simulation.disk.waiting();
    for call in &calls {
        for answer in closed.answers(call) {
            let told = (answer.status, &*answer.text("/code"));
            assert_eq!(told, (403, "account_not_credentialed"), "{call:?}");
        }
    }
    let posted = Call::post("/v1/events", &event()).on(&closed.account);
    let refused = closed.simulation.call(posted);
    assert_eq!(refused.expect(403).text("/code"), "account_not_credentialed");
    assert_eq!(closed.simulation.disk.waiting(), waiting);
    closed.simulation.credential(&closed.account.clone());
    for call in calls {
        let [answer, _] = closed.answers(&call);
        assert!(answer.status < 300, "{call:?}: {}", answer.json());
    }
}

#[test]
fn authority_is_taken_away_in_live_mode_that_was_closed() {
    let mut closed = Closed::new(500);
    let (key, webhook) = (&closed.key, &closed.webhook);
    let nothing = json!({});
    for call in [
        Call::post(&format!("{key}/expire"), &nothing),
        Call::post(&format!("{webhook}/rotate_secret"), &nothing),
        Call::patch(webhook, &json!({ "status": "disabled" })),
        Call::delete(webhook),
    ] {
        _ = closed.simulation.call(call.on(&closed.account)).expect(200);
    }
}

/// 202 was a promise.
#[test]
fn what_was_accepted_before_live_mode_was_closed_is_delivered_by_its_schedule() {
    let mut closed = Closed::new(500);
    let before = closed.simulation.network.hits().len();
    closed.simulation.network.answers(URL, 200);
    closed.simulation.run_for(hours(1));
    assert_eq!(closed.simulation.network.hits().len(), before + 1);
    let event = closed.simulation.show(&closed.account, &closed.event);
    assert_eq!(event["deliveries"][0]["status"], "delivered");
}
