use std::time::Duration;

use proptest::{collection::vec, prelude::*};
use serde::Deserialize;

use super::*;
use crate::time::Timestamp;

#[derive(Deserialize)]
struct Vectors {
    standard_webhooks: Vec<Standard>,
    legacy_hex: Vec<Legacy>,
}

#[derive(Deserialize)]
struct Standard {
    secret: String,
    webhook_id: String,
    webhook_timestamp: i64,
    body: String,
    signature: String,
}

#[derive(Deserialize)]
struct Legacy {
    key: Secret,
    body: String,
    signature: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("../../tests/data/signature_vectors.json")).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

#[test]
fn the_reference_vectors_are_reproduced_and_verify() {
    let vectors = vectors().standard_webhooks;
    assert_eq!(vectors.len(), 2);
    for vector in vectors {
        let secret = SigningSecret::parse(&vector.secret).unwrap();
        let body = vector.body.as_bytes();
        let signature = secret.sign(&vector.webhook_id, vector.webhook_timestamp, body);
        assert_eq!(signature, vector.signature);

        let timestamp = vector.webhook_timestamp.to_string();
        let headers =
            SignedHeaders { id: &vector.webhook_id, timestamp: &timestamp, signature: &signature };
        assert_eq!(headers.verify(&secret, body, at(vector.webhook_timestamp), TOLERANCE), Ok(()));
    }
}

#[test]
fn the_legacy_vectors_are_reproduced() {
    let vectors = vectors().legacy_hex;
    assert_eq!(vectors.len(), 1);
    for vector in vectors {
        assert_eq!(legacy_signature(&vector.key, vector.body.as_bytes()), vector.signature);
    }
}

/// RFC 4231, test case 6: a key longer than a block of SHA-256.
#[test]
fn a_key_longer_than_a_block_is_hashed_first() {
    let key = [0xaa; 131];
    let mac = keyed(&key)
        .chain_update(b"Test Using Larger Than Block-Size Key - Hash Key First")
        .finalize()
        .into_bytes();
    assert_eq!(
        hex::encode(mac),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    );
}

#[test]
fn malformed_signing_secrets_are_rejected() {
    let base64_of = |length: usize| BASE64_STANDARD.encode(vec![7; length]);
    for text in [
        String::new(),
        "whsec_".to_owned(),
        base64_of(32),
        format!("WHSEC_{}", base64_of(32)),
        format!("whsec_{}", base64_of(23)),
        format!("whsec_{}", base64_of(65)),
        format!("whsec_{}", base64_of(32).trim_end_matches('=')),
        format!("whsec_{} ", base64_of(32)),
        format!("whsec_-_{}", &base64_of(32)[2..]),
    ] {
        assert_eq!(SigningSecret::parse(&text), Err(NotASigningSecret), "{text}");
    }
}

#[test]
fn no_formatter_prints_a_signing_secret() {
    let secret = SigningSecret::from_entropy([7; 32]);
    assert_eq!(format!("{secret:?} {}", secret.text()), "[secret] [secret]");
}

#[test]
fn old_and_future_timestamps_are_rejected_to_the_second() {
    let secret = SigningSecret::from_entropy([7; 32]);
    let signature = secret.sign("evt_1", 1_000_000, b"{}");
    let headers = SignedHeaders { id: "evt_1", timestamp: "1000000", signature: &signature };
    let verify = |now| headers.verify(&secret, b"{}", at(now), TOLERANCE);
    assert_eq!(verify(1_000_300), Ok(()));
    assert_eq!(verify(1_000_301), Err(Unverified::TooOld));
    assert_eq!(verify(999_700), Ok(()));
    assert_eq!(verify(999_699), Err(Unverified::TooNew));
    for timestamp in ["", "soon", "1000000.0", "99999999999999999999"] {
        let headers = SignedHeaders { timestamp, ..headers };
        let refused = headers.verify(&secret, b"{}", at(1_000_000), TOLERANCE);
        assert_eq!(refused, Err(Unverified::NotATimestamp), "{timestamp}");
    }
    let extreme = SignedHeaders { timestamp: "-9223372036854775808", ..headers };
    let longest = Duration::from_secs(u64::MAX);
    assert_eq!(extreme.verify(&secret, b"{}", at(0), longest), Err(Unverified::NoMatch));
}

#[test]
fn signatures_of_other_schemes_are_ignored() {
    let secret = SigningSecret::from_entropy([7; 32]);
    let signature = secret.sign("evt_1", 60, b"{}").replace("v1,", "v1a,");
    let headers = SignedHeaders { id: "evt_1", timestamp: "60", signature: &signature };
    assert_eq!(headers.verify(&secret, b"{}", at(60), TOLERANCE), Err(Unverified::NoMatch));
    let none = SignedHeaders { signature: "", ..headers };
    assert_eq!(none.verify(&secret, b"{}", at(60), TOLERANCE), Err(Unverified::NoMatch));
}

/// RFC 8032, section 7.1: the key of test 1, and the signature of its message without a byte.
#[test]
fn the_reference_key_signs_as_the_rfc_says() {
    let seed =
        hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
    let key = Ed25519Key::from_seed(&seed.try_into().unwrap());
    // RFC 8037, appendix A.2, has it as a JWK.
    assert_eq!(key.public().jwk_x(), "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    assert_eq!(key.public().to_string(), "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
}

#[test]
fn an_asymmetric_signature_verifies_by_the_public_key_alone() {
    let key = SigningKey::from_entropy(Signing::Ed25519, [7; 32]);
    let public: PublicKey = key.for_receiver().expose().parse().unwrap();
    assert_eq!(key.public(), Some(public));
    let other = Ed25519Key::from_seed(&[8; 32]).public();
    let hmac = SigningKey::from_entropy(Signing::Hmac, [7; 32]);
    let signature = signature_header(&[&hmac, &key], "evt_1", 60, b"{}");
    let asymmetric = signature.split(' ').nth(1).unwrap();
    assert!(asymmetric.starts_with("v1a,"));
    assert_eq!(asymmetric.len(), Signing::Ed25519.signature_len());
    assert_eq!(signature.split(' ').next().unwrap().len(), Signing::Hmac.signature_len());
    let headers = SignedHeaders { id: "evt_1", timestamp: "60", signature: &signature };
    let verify = |headers: SignedHeaders<'_>, key, body: &[u8], now| {
        headers.verify_asymmetric(key, body, at(now), TOLERANCE)
    };
    assert_eq!(verify(headers, &public, b"{}", 60), Ok(()));
    assert_eq!(verify(headers, &public, b"{}", 361), Err(Unverified::TooOld));
    for refused in [
        verify(headers, &other, b"{}", 60),
        verify(headers, &public, b"[]", 60),
        verify(SignedHeaders { id: "evt_2", ..headers }, &public, b"{}", 60),
        verify(SignedHeaders { timestamp: "61", ..headers }, &public, b"{}", 60),
        verify(SignedHeaders { signature: "v1a,x v1a,", ..headers }, &public, b"{}", 60),
    ] {
        assert_eq!(refused, Err(Unverified::NoMatch));
    }
}

#[test]
fn a_signing_key_is_kept_as_its_text() {
    for signing in Signing::ALL {
        let key = SigningKey::from_entropy(*signing, [7; 32]);
        let again = SigningKey::parse(key.text().expose()).unwrap();
        assert_eq!(again.text(), key.text());
        assert_eq!(again.public(), key.public());
        assert!(!format!("{key:?}").contains("wh"));
    }
    for text in ["", "whsk_", "whsk_AAAA", "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="] {
        assert!(SigningKey::parse(text).is_err(), "{text}");
    }
}

#[test]
fn malformed_public_keys_are_rejected() {
    for text in
        ["", "whpk_", "whpk_AAAA", "whsec_AAAA", "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="]
    {
        assert_eq!(text.parse::<PublicKey>(), Err(NotAPublicKey), "{text}");
    }
}

#[test]
fn the_header_is_empty_without_secrets() {
    assert_eq!(signature_header(&[], "evt_1", 60, b"{}"), "");
}

proptest! {
    #[test]
    fn the_text_of_a_secret_parses_to_the_same_secret(bytes in vec(any::<u8>(), 24..=64)) {
        let text = format!("whsec_{}", BASE64_STANDARD.encode(&bytes));
        let secret = SigningSecret::parse(&text).unwrap();
        prop_assert_eq!(secret.0.as_slice(), &bytes);
        prop_assert_eq!(secret.text(), Secret::new(text));
    }

    #[test]
    fn one_matching_signature_of_several_verifies(
        keys: [[u8; 32]; 3],
        body in vec(any::<u8>(), 0..300),
        seconds in 0..4_000_000_000_i64,
    ) {
        let [old, new, other] = keys.map(SigningSecret::from_entropy);
        prop_assume!(other != old && other != new);
        let both = [&new, &old].map(|secret| SigningKey::Hmac(secret.clone()));
        let signature = signature_header(&both.each_ref(), "evt_1", seconds, &body);
        prop_assert_eq!(
            &signature,
            &[new.sign("evt_1", seconds, &body), old.sign("evt_1", seconds, &body)].join(" ")
        );
        let timestamp = seconds.to_string();
        let headers = SignedHeaders { id: "evt_1", timestamp: &timestamp, signature: &signature };
        prop_assert_eq!(headers.verify(&old, &body, at(seconds), TOLERANCE), Ok(()));
        prop_assert_eq!(headers.verify(&new, &body, at(seconds), TOLERANCE), Ok(()));
        prop_assert_eq!(
            headers.verify(&other, &body, at(seconds), TOLERANCE),
            Err(Unverified::NoMatch)
        );
    }

    #[test]
    fn a_changed_byte_of_the_body_id_or_time_does_not_verify(
        mut body in vec(any::<u8>(), 1..300),
        place: prop::sample::Index,
        flip in 1..=u8::MAX,
    ) {
        let secret = SigningSecret::from_entropy([7; 32]);
        let signature = secret.sign("evt_1", 60, &body);
        let headers = SignedHeaders { id: "evt_1", timestamp: "60", signature: &signature };
        let refused = Err(Unverified::NoMatch);
        let later = SignedHeaders { timestamp: "61", ..headers };
        prop_assert_eq!(later.verify(&secret, &body, at(60), TOLERANCE), refused);
        let another = SignedHeaders { id: "evt_2", ..headers };
        prop_assert_eq!(another.verify(&secret, &body, at(60), TOLERANCE), refused);
        let place = place.index(body.len());
        body[place] ^= flip;
        prop_assert_eq!(headers.verify(&secret, &body, at(60), TOLERANCE), refused);
    }

    #[test]
    fn the_reference_library_makes_the_same_signature(
        bytes in vec(any::<u8>(), 24..=64),
        id in "[ -~]{1,40}",
        seconds: i64,
        body in ".{0,200}",
    ) {
        let secret = SigningSecret::parse(&format!("whsec_{}", BASE64_STANDARD.encode(bytes))).unwrap();
        let reference = standardwebhooks::Webhook::new(secret.text().expose()).unwrap();
        prop_assert_eq!(
            secret.sign(&id, seconds, body.as_bytes()),
            reference.sign(&id, seconds, body.as_bytes()).unwrap()
        );
    }
}
