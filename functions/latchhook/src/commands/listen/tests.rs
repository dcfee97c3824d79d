use std::time::Duration;

use bytes::Bytes;
use domain::Timestamp;
use http::{HeaderMap, Method};

use super::*;

fn secret() -> SigningSecret {
    SigningSecret::from_entropy([7; 32])
}

fn delivery(body: &'static str, signed: &str, now: Timestamp) -> Arrived {
    let mut headers = HeaderMap::new();
    let signature = secret().sign("evt_1", now.as_seconds(), signed.as_bytes());
    headers.insert("webhook-id", "evt_1".parse().unwrap());
    headers.insert("webhook-timestamp", now.as_seconds().to_string().parse().unwrap());
    headers.insert("webhook-signature", signature.parse().unwrap());
    let body = Bytes::from_static(body.as_bytes());
    Arrived { method: Method::POST, path: "/hooks".to_owned(), headers, body }
}

fn printed(report: &Report, brief: bool) -> String {
    report.for_people(&crate::output::Output::to(std::io::sink()), brief)
}

const NOW: Timestamp = Timestamp::EPOCH;
const BODY: &str = r#"{"type":"report.completed","id":"evt_1"}"#;

#[test]
fn a_delivery_by_the_secret_is_verified() {
    let report = Report::of(&delivery(BODY, BODY, NOW), Some(&secret()), NOW);
    assert_eq!(
        printed(&report, true),
        "1970-01-01T00:00:00.000Z  report.completed  evt_1  verified  -> 200"
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["verified"], true);
    assert_eq!(json["body"]["id"], "evt_1");
}

#[test]
fn a_changed_body_a_late_arrival_and_a_missing_header_are_not() {
    let changed = Report::of(&delivery(BODY, "{}", NOW), Some(&secret()), NOW);
    assert!(printed(&changed, true).contains("NOT VERIFIED: no signature matches"));
    let later = NOW.plus(Duration::from_mins(6));
    let late = Report::of(&delivery(BODY, BODY, NOW), Some(&secret()), later);
    assert!(printed(&late, true).contains("NOT VERIFIED: the timestamp is too old"));
    let mut bare = delivery(BODY, BODY, NOW);
    bare.headers.remove("webhook-id");
    let bare = Report::of(&bare, Some(&secret()), NOW);
    assert!(printed(&bare, true).contains("there is no webhook-id header"));
}

#[test]
fn without_a_secret_nothing_is_claimed() {
    let report = Report::of(&delivery(BODY, "{}", NOW), None, NOW);
    assert!(printed(&report, true).contains("unverified"));
    assert_eq!(serde_json::to_value(&report).unwrap()["verified"], serde_json::Value::Null);
}

#[test]
fn the_body_is_shown_indented_and_can_not_drive_the_terminal() {
    let report = Report::of(&delivery("ring \u{7} ring", "", NOW), None, NOW);
    assert!(printed(&report, false).ends_with("\n    ring \u{fffd} ring"));
}

/// A receiver on a port of its own that answers 418 to what still verifies, as a forward's target.
async fn target() -> (String, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let serving = receiver::serve(listener, |arrived| async move {
            let report = Report::of(&arrived, Some(&secret()), NOW);
            let verified = serde_json::to_value(&report).unwrap()["verified"] == true;
            if verified { StatusCode::IM_A_TEAPOT } else { StatusCode::BAD_REQUEST }
        });
        let _ = serving.await;
    });
    (url, task)
}

#[tokio::test]
async fn what_is_forwarded_still_verifies_and_its_answer_is_ours() {
    let (url, task) = target().await;
    let forward = Some(Forward::to(&url).unwrap());
    let listening = Listening { secret: None, forward, status: StatusCode::OK };
    let report = listening.take(delivery(BODY, BODY, NOW)).await;
    assert_eq!(report.status, StatusCode::IM_A_TEAPOT);
    task.abort();
}

#[tokio::test]
async fn a_target_that_is_down_is_a_bad_gateway_with_the_reason() {
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let forward = Some(Forward::to(&format!("http://{unused}/")).unwrap());
    let listening = Listening { secret: None, forward, status: StatusCode::OK };
    let report = listening.take(delivery(BODY, BODY, NOW)).await;
    assert_eq!(report.status, StatusCode::BAD_GATEWAY);
    assert!(report.forward_error.is_some_and(|why| why.contains("refused")));
}
