use std::time::Duration;

use bytes::Bytes;
use domain::{
    Timestamp,
    signing::{Signing, SigningKey, signature_header},
};
use http::{HeaderMap, Method};

use super::*;

mod forwarding;

fn key(signing: Signing) -> SigningKey {
    SigningKey::from_entropy(signing, [7; 32])
}

fn secret() -> Verifier {
    Verifier::parse(key(Signing::Hmac).for_receiver().expose()).unwrap()
}

fn delivery(body: &'static str, signed: &str, now: Timestamp) -> Arrived {
    signed_with(Signing::Hmac, body, signed, now)
}

fn signed_with(signing: Signing, body: &'static str, signed: &str, now: Timestamp) -> Arrived {
    let mut headers = HeaderMap::new();
    let signature =
        signature_header(&[&key(signing)], "evt_1", now.as_seconds(), signed.as_bytes());
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
fn a_delivery_signed_with_the_secret_is_verified() {
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
fn headers_of_another_prefix_are_verified_as_well() {
    let mut svix = delivery(BODY, BODY, NOW);
    for name in ["id", "timestamp", "signature"] {
        let value = svix.headers.remove(format!("webhook-{name}")).unwrap();
        let name: http::HeaderName = format!("svix-{name}").parse().unwrap();
        svix.headers.insert(name, value);
    }
    let report = Report::of(&svix, Some(&secret()), NOW);
    assert!(printed(&report, true).contains("evt_1  verified"));
}

#[test]
fn a_changed_body_a_late_arrival_and_a_missing_header_are_not_verified() {
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
fn a_delivery_signed_with_a_private_key_is_verified_by_the_public_one() {
    let public = key(Signing::Ed25519).for_receiver();
    let verifier = Verifier::parse(public.expose()).unwrap();
    let is_trusted = |signing, signed: &str| {
        let report = Report::of(&signed_with(signing, BODY, signed, NOW), Some(&verifier), NOW);
        serde_json::to_value(&report).unwrap()["verified"] == true
    };
    assert!(is_trusted(Signing::Ed25519, BODY));
    assert!(!is_trusted(Signing::Ed25519, "{}"));
    assert!(!is_trusted(Signing::Hmac, BODY));
    for wrong in ["whpk_AAAA", "whsec_", "whsk_AAAA"] {
        let complaint = Verifier::parse(wrong).unwrap_err();
        assert!(complaint.starts_with("must be wh"), "{complaint}");
    }
}

#[test]
fn without_a_secret_no_verdict_is_shown() {
    let report = Report::of(&delivery(BODY, "{}", NOW), None, NOW);
    assert!(printed(&report, true).contains("unverified"));
    assert_eq!(serde_json::to_value(&report).unwrap()["verified"], serde_json::Value::Null);
}

#[test]
fn the_body_is_shown_unchanged_but_for_terminal_escapes() {
    let report = Report::of(&delivery("ring \u{7} ring", "", NOW), None, NOW);
    assert!(printed(&report, false).ends_with("\n    ring \\u0007 ring"));
    let body = r#"{"z":1.10,"a":12345678901234567890123,"z":"\u0041"}"#;
    let report = Report::of(&delivery(body, "", NOW), None, NOW);
    let shown = "\n    {\n      \"z\": 1.10,\n      \"a\": 12345678901234567890123,\n      \
                 \"z\": \"\\u0041\"\n    }";
    assert!(printed(&report, false).ends_with(shown), "{}", printed(&report, false));
}

#[test]
fn json_output_contains_the_exact_body_bytes() {
    let json = |body| serde_json::to_string(&Report::of(&delivery(body, "", NOW), None, NOW));
    let body = r#"{"z": 1.10,"a":12345678901234567890123,"z":"\u0041"}"#;
    assert!(json(body).unwrap().contains(&format!(r#""body":{body}}}"#)));
    assert!(json("{\"z\":").unwrap().ends_with(r#""body":"{\"z\":"}"#));
    let mut arrived = delivery("", "", NOW);
    arrived.body = Bytes::from_static(b"a\xff");
    let report = serde_json::to_value(Report::of(&arrived, None, NOW)).unwrap();
    assert_eq!((&report["body"], &report["body_base64"]), (&r"a\xff".into(), &"Yf8=".into()));
}
