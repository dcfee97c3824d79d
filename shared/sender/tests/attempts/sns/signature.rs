//! Signature Version 4, verified as the service does it
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>).

use ring::{digest, hmac};

use crate::support::Request;

/// Asserts that `request` is signed with `access_key`.
pub(crate) fn assert_signed(request: &Request, access_key: &str) {
    let parts = request.headers["authorization"].strip_prefix("AWS4-HMAC-SHA256 ").unwrap();
    let part = |name: &str| {
        let found = parts.split(", ").find_map(|part| part.strip_prefix(name)).unwrap();
        found.strip_prefix('=').unwrap()
    };
    let (_, scope) = part("Credential").split_once('/').unwrap();
    let date = &request.headers["x-amz-date"];
    let canonical = digest_hex(&canonical(request, part("SignedHeaders")));
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{canonical}");
    let signature = sign(signing_key(scope, access_key).as_ref(), &to_sign);
    assert_eq!(hex::encode(signature), part("Signature"));
}

fn canonical(request: &Request, signed: &str) -> String {
    let lines = signed.split(';').map(|name| format!("{name}:{}\n", request.headers[name]));
    let headers: String = lines.collect();
    format!("POST\n/\n\n{headers}\n{signed}\n{}", digest_hex(&request.body))
}

fn signing_key(scope: &str, access_key: &str) -> hmac::Tag {
    let mut parts = scope.split('/');
    let first = sign(format!("AWS4{access_key}").as_bytes(), parts.next().unwrap());
    parts.fold(first, |key, part| sign(key.as_ref(), part))
}

fn sign(key: &[u8], text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
}

fn digest_hex(text: &str) -> String {
    hex::encode(digest::digest(&digest::SHA256, text.as_bytes()))
}
