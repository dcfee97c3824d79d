use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};

use super::*;

/// Modulus of an RSA key that Node.js made.
const N: &str = "sbhQnUJPc9xDezuTzHir-_Fq114eQ9G_rYI67ovocklqtblk_A8Tmxa1NMq3IZrDpb4xxZkPcXsQ6aFDx-4-sa-0jd\
    jBRPY5KdsCMyYo07321a-dRXj3VGpThnW2vKWXSX7FBIc-V7vz6alDtyosTnwJgBIRoW-CCFJcZskAHHN63HfLPAFx\
    pYAKNYDEfrFOanqQE3kOjVT9V9QVuDSkONffFBQ852mKuiZ3qoQv4yAYNyNRDrEIxcbzaHT9uApd2ULaIGt77o_60U\
    ouonL1NLHKoLbcYQ3ubGjwBbhsTEyK3aCnlThuGHX8CFzxu8LxF3X2NvAZUkTvquB4fJENeQ";
/// Token that Node.js signed by that key: `{"sub":"ada"}`, by `RS256` and the key `r1`.
const SIGNED: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InIxIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhZGEifQ.gYzbYyIeM_CqE2AZFsJ\
    UBEr1WuyBrEslRPKc2fSYRBzUYFirF44O6fL_tqigt9Y2-MTSZZkjYApF2TqvyAOWhaB6YcaaeR-dYFx2xFUkXSeFn\
    VO0fMgifZz-DTKGHLrO6gYXCVkILRDVJE3FSq-_hJIYW-zZ0LwqXl-yi-E84ORyN5cnKiH5AAttIh8NeNVG7puaVNT\
    hpvHRddWYqExgGv2smnyqlhEhGbUEsYkSris_nXZmstzO5i5xnADdMWVMFACTCpyphiRXXjQNGPC0YG05jKlGLVhFZ\
    npGZRFyQp5RvA3o4Rr-tvhwojfcPv7vMFN_0uWxzBs5iGKMc-kH-Q";

fn rsa() -> Value {
    json!({"kty": "RSA", "kid": "r1", "use": "sig", "alg": "RS256", "n": N, "e": "AQAB"})
}

fn keys(keys: &[Value]) -> Keys {
    Keys::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

fn verified(set: &[Value], token: &str) -> Result<String, String> {
    let token = Token::parse(token)?;
    match keys(set).verify(&token) {
        Ok(payload) => Ok(String::from_utf8(payload.to_vec()).unwrap()),
        Err(why) => Err(format!("{why:?}")),
    }
}

/// Token with another header than the one that was signed.
fn under(header: &Value) -> String {
    let (_, rest) = SIGNED.split_once('.').unwrap();
    format!("{}.{rest}", BASE64.encode(header.to_string()))
}

#[test]
fn a_signature_by_rs256_is_verified() {
    let ada = Ok(r#"{"sub":"ada"}"#.to_owned());
    assert_eq!(verified(&[rsa()], SIGNED), ada);
    // Zeros in front are of no account.
    let mut padded = rsa();
    padded["n"] = json!(BASE64.encode([&[0][..], &BASE64.decode(N).unwrap()].concat()));
    assert_eq!(verified(&[padded], SIGNED), ada);
}

#[test]
fn a_signature_by_es256_is_verified() {
    let random = SystemRandom::new();
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair =
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let (x, y) = (BASE64.encode(x), BASE64.encode(y));
    let jwk = json!({"kty": "EC", "crv": "P-256", "kid": "e1", "x": x, "y": y});
    let header = json!({"alg": "ES256", "kid": "e1"}).to_string();
    let signed = format!("{}.{}", BASE64.encode(header), BASE64.encode("{}"));
    let signature = BASE64.encode(pair.sign(&random, signed.as_bytes()).unwrap());
    assert_eq!(verified(&[rsa(), jwk.clone()], &format!("{signed}.{signature}")), Ok("{}".into()));
    let other =
        format!("{}.{}.{signature}", signed.split_once('.').unwrap().0, BASE64.encode("{ }"));
    assert_eq!(verified(&[jwk], &other), Err("Wrong".to_owned()));
}

#[test]
fn a_token_by_another_algorithm_is_none() {
    for alg in ["none", "None", "HS256", "RS1", "RS512", "ES384", "PS256", "EdDSA", ""] {
        let refused = verified(&[rsa()], &under(&json!({"alg": alg, "kid": "r1"})));
        let why = "it is signed by another algorithm than RS256 and ES256";
        assert_eq!(refused, Err(why.to_owned()), "{alg}");
    }
    let unsigned = format!("{}.{}.", BASE64.encode(r#"{"alg":"none"}"#), BASE64.encode("{}"));
    assert!(verified(&[rsa()], &unsigned).is_err());
}

#[test]
fn a_key_signs_by_no_other_algorithm_than_its_own() {
    let confused = under(&json!({"alg": "ES256", "kid": "r1"}));
    assert_eq!(verified(&[rsa()], &confused), Err("Wrong".to_owned()));
    for (name, value) in [("use", "enc"), ("alg", "RS512"), ("alg", "RSA-OAEP"), ("kty", "oct")] {
        let mut other = rsa();
        other[name] = json!(value);
        assert_eq!(verified(&[other], SIGNED), Err("UnknownKey".to_owned()), "{name} {value}");
    }
}

#[test]
fn a_token_by_a_key_that_is_not_there_says_so() {
    let mut other = rsa();
    other["kid"] = json!("r2");
    assert_eq!(verified(&[other], SIGNED), Err("UnknownKey".to_owned()));
    assert_eq!(verified(&[], SIGNED), Err("UnknownKey".to_owned()));
}

#[test]
fn a_token_that_was_changed_is_refused() {
    let (signed, signature) = SIGNED.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let other = BASE64.encode(r#"{"sub":"eve"}"#);
    assert_eq!(verified(&[rsa()], &format!("{header}.{other}.{signature}")), Err("Wrong".into()));
    // The signature is of the header, too.
    let other = under(&json!({"alg": "RS256", "kid": "r1"}));
    assert_eq!(verified(&[rsa()], &other), Err("Wrong".to_owned()));
    assert_eq!(verified(&[rsa()], &format!("{signed}.")), Err("Wrong".to_owned()));
    for broken in ["", ".", "..", "a.b", "a.b.c.d", signed, &format!("{SIGNED}=")] {
        assert!(verified(&[rsa()], broken).is_err(), "{broken}");
    }
    let extended = under(&json!({"alg": "RS256", "kid": "r1", "crit": ["exp"]}));
    assert!(verified(&[rsa()], &extended).unwrap_err().contains("extension"));
}
