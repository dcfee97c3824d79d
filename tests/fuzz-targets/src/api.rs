//! Requests: bodies and cursors, through the router of the whole API.

use std::cell::RefCell;

use simulation::{Answer, Call, Simulation};

/// Number of requests to one installation, before another takes its place: bodies create things.
const MOST: u32 = 200;

/// Installation that answers.
struct Installation {
    simulation: Simulation,
    account: String,
    answered: u32,
}

thread_local! {
    static INSTALLATION: RefCell<Option<Installation>> = const { RefCell::new(None) };
}

/// Routes that take bodies.
const ROUTES: [&str; 7] = [
    "/v1/events",
    "/v1/api_keys",
    "/v1/webhooks",
    "/v1/accounts",
    "/v1/api_keys/verify",
    "/v1/request_logs",
    "/v1/api_keys/import",
];
const MEDIA_TYPES: [&str; 3] =
    ["application/json", "application/x-www-form-urlencoded", "text/plain"];

/// Posts a body: the first byte says where to, the second of which media type it is. Whatever it
/// is, the answer is what the API says that answers are.
pub fn body(data: &[u8]) {
    let [route, media_type, body @ ..] = data else { return };
    let route = ROUTES[usize::from(*route) % ROUTES.len()];
    let media_type = MEDIA_TYPES[usize::from(*media_type) % MEDIA_TYPES.len()];
    let answer = ask(|account| {
        Call::post(route, &serde_json::Value::Null).on(account).body(media_type, body.to_vec())
    });
    is_an_answer(&answer);
}

/// Asks for a page of a list by a cursor: it is one of this list, or refused as none.
pub fn cursor(data: &[u8]) {
    let escaped: String = url::form_urlencoded::byte_serialize(data).collect();
    let answer = ask(|account| Call::get(&format!("/v1/webhooks?cursor={escaped}")).on(account));
    is_an_answer(&answer);
    if answer.status != 200 {
        assert_eq!((answer.status, &*answer.text("/code")), (400, "invalid_cursor"));
    }
    // A cursor says nothing of whose list it is: it must not lead into another.
    let other = ask(|account| Call::get(&format!("/v1/api_keys?cursor={escaped}")).on(account));
    assert!(answer.status != 200 || other.status != 200, "a cursor of two lists");
}

fn is_an_answer(answer: &Answer) {
    assert!(answer.status < 500, "{}: {:?}", answer.status, answer.body);
    let json = answer.json();
    if answer.status < 300 {
        assert!(json.is_object(), "{json}");
    } else {
        let has = |field: &str| json[field].as_str().is_some_and(|text| !text.is_empty());
        assert!(["error", "code", "request_id"].into_iter().all(has), "{json}");
    }
}

fn ask(call: impl FnOnce(&str) -> Call) -> Answer {
    INSTALLATION.with_borrow_mut(|installation| {
        if installation.as_ref().is_none_or(|used| used.answered >= MOST) {
            let mut simulation = Simulation::with(1, |settings| {
                let without = domain::Rate::per_minute(u32::MAX.into());
                settings.limits.key_requests = without;
                settings.limits.account_requests = without;
            });
            let account = simulation.open_account();
            *installation = Some(Installation { simulation, account, answered: 0 });
        }
        let used = installation.as_mut().unwrap();
        used.answered += 1;
        let call = call(&used.account);
        used.simulation.call(call)
    })
}
