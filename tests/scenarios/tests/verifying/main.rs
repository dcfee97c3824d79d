//! Test of the code for receivers in `docs/verifying.md`, run on real deliveries.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod language;

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit as _, Mac as _};
use latchhook_scenarios::{Account, Backend, Receiver, Value, clock, json};
use sha2::Sha256;

use self::language::{LANGUAGES, RECONCILE, Signed, Verdict};

/// Error of the code for a timestamp that is too old or too new.
const TOO_OLD: &str = "too old or too new";
/// Error of the code for a wrong body or secret.
const NO_MATCH: &str = "no signature matches";

#[tokio::test]
async fn the_papers_code_accepts_deliveries_and_nothing_else() {
    // Built before anything is signed: a compiler may take longer than a signature is good for.
    let languages = LANGUAGES.iter().filter(|language| language.is_here());
    let built: Vec<_> = languages.map(|language| (language, language.prepare())).collect();
    let account = Account::open(&Backend::visit()).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let path = format!("{}/rotate_secret", hook.path);
    let rotated = account.operator.post(&path, json!({})).await.is(200);
    let secret = rotated["signing_secret"].as_str().unwrap();
    let mut ran = Vec::new();
    for (language, verify) in built {
        // A delivery each, for it is good for five minutes only.
        account.event("report.completed").await;
        let delivery = receiver.next().await;
        let delivered = Signed {
            secret: secret.to_owned(),
            id: delivery.header("webhook-id").to_owned(),
            sent_at: delivery.header("webhook-timestamp").to_owned(),
            signature: delivery.header("webhook-signature").to_owned(),
            body: delivery.body.to_vec(),
        };
        let before = Signed { secret: hook.secret.clone(), ..delivered.clone() };
        let other = Signed { secret: "whsec_AAAAAAAAAAAAAAAA".to_owned(), ..delivered.clone() };
        let changed = Signed { body: b"{}".to_vec(), ..delivered.clone() };
        let none = Signed { signature: "v1,".to_owned(), ..delivered.clone() };
        for (signed, verdict) in [
            (&delivered, Verdict::Verified),
            (&before, Verdict::Verified),
            (&other, Verdict::Refused(NO_MATCH)),
            (&changed, Verdict::Refused(NO_MATCH)),
            (&none, Verdict::Refused(NO_MATCH)),
        ] {
            verify.judges(signed, verdict);
        }
        for (minutes_ago, verdict) in [
            (4, Verdict::Verified),
            (6, Verdict::Refused(TOO_OLD)),
            (-6, Verdict::Refused(TOO_OLD)),
        ] {
            let at = clock::now().as_second() - 60 * minutes_ago;
            verify.judges(&signed_by_us(&delivered, at), verdict);
        }
        ran.push(language.fence);
    }
    assert!(ran.contains(&"python"), "tests/run needs Python, and yet only {ran:?} ran");
}

#[tokio::test]
async fn the_papers_code_finds_what_never_came() {
    assert!(RECONCILE.is_here(), "tests/run needs Python");
    let backend = Backend::visit();
    let account = Account::open(&backend).await;
    let key = account.secret_key("test").await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&receiver.url("/")).await;
    let earlier = account.event("report.completed").await;
    clock::past(clock::now()).await;
    let since = clock::text(clock::now());
    let lost = account.event("report.completed").await;
    let kept = account.event("report.completed").await;
    for event in [&earlier, &lost, &kept] {
        account.delivery_at("delivered", event, &hook).await;
    }
    let until = clock::now();
    clock::past(until).await;
    // The receiver acknowledged all of them, and one got lost behind it.
    let bodies = receiver.all().into_iter().map(|delivery| delivery.json());
    let came: BTreeMap<String, Value> = bodies
        .map(|body| (body["id"].as_str().unwrap().to_owned(), body["created_at"].clone()))
        .collect();
    let mut got = came.clone();
    got.remove(&lost);
    let path = format!("{}/statement?since={since}&until={}", hook.path, clock::text(until));
    let statement = account.operator.get(&path).await.is(200);
    assert_eq!(statement["events"], 2, "{statement}");
    let reconcile = RECONCILE.prepare();
    let missing = |got: &BTreeMap<String, Value>| {
        reconcile.prints(&[
            ("API", &backend.base()),
            ("KEY", &key.key),
            ("STATEMENT", &statement.to_string()),
            ("GOT", &json!(got).to_string()),
        ])
    };
    assert_eq!(missing(&got), [lost]);
    assert_eq!(missing(&came), Vec::<String>::new());
}

/// Signs a delivery again, correctly but at another time.
fn signed_by_us(delivered: &Signed, at: i64) -> Signed {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let key = STANDARD.decode(delivered.secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mac = Hmac::<Sha256>::new_from_slice(&key)
        .unwrap()
        .chain_update(format!("{}.{at}.", delivered.id))
        .chain_update(&delivered.body)
        .finalize();
    let signature = format!("v1,{}", STANDARD.encode(mac.into_bytes()));
    Signed { sent_at: at.to_string(), signature, ..delivered.clone() }
}
