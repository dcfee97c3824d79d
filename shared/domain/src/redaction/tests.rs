use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD},
};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode_byte, utf8_percent_encode};
use proptest::prelude::*;

use super::*;
use crate::{
    key::token,
    kinds::{Environment, KeyType},
    secret::Secret,
    signing::{Signing, SigningKey},
    webhook::WebhookUrl,
};

const DIGITS: &str = "7Qx2mZ9rT4bLkV8nJ3cWfY6hPd5sGa1eXuQKzq";

fn key() -> String {
    token::mint(&"lh".parse().unwrap(), KeyType::Secret, Environment::Test, [7; 32])
        .expose()
        .to_owned()
}

/// Returns the part that must not survive: the digits of `key()` except the four that lists show.
fn secret_part(key: &str) -> &str {
    &key[key.len() - token::DIGITS..key.len() - token::SHOWN_LEN]
}

#[test]
fn tokens_are_masked_and_their_kind_stays_visible() {
    for (text, masked) in [
        (format!("/v1/x?key=lh_sk_test_{DIGITS}&a=b"), "/v1/x?key=lh_sk_test_****QKzq&a=b"),
        (format!("acme_corp_pk_live_{DIGITS}"), "acme_corp_pk_live_****QKzq"),
        (format!("unknown9_sk_live_{DIGITS}."), "unknown9_sk_live_****QKzq."),
        (format!("sk_live_{}", &DIGITS[..20]), "sk_live_****"),
        (format!("LH_SK_TEST_{}!", &DIGITS[..8]), "LH_SK_TEST_****!"),
        (format!("lh_sk_test_{DIGITS}x"), "lh_sk_test_****"),
        (format!("lh-sk-test-{DIGITS}"), "lh-sk-test-****QKzq"),
        (format!("LH-SK_LIVE-{DIGITS}!"), "LH-SK_LIVE-****QKzq!"),
        (format!("lhop-{DIGITS}."), "lhop-****."),
        (
            format!("lh&lowbar;pk&lowbar;live&UnderBar;{DIGITS}"),
            "lh&lowbar;pk&lowbar;live&UnderBar;****QKzq",
        ),
        (format!("lh\\_sk\\_test\\_{DIGITS}"), "lh\\_sk\\_test\\_****QKzq"),
        (format!("a\\nlhop_{DIGITS}\\\\twhsec_{DIGITS}"), "a\\nlhop_****\\\\twhsec_****"),
        (format!("\\rsk_live_{DIGITS}\\n"), "\\rsk_live_****QKzq\\n"),
        (format!("(lhop_{DIGITS})"), "(lhop_****)"),
        (format!("/dashboard?code=lhps_{DIGITS}"), "/dashboard?code=lhps_****"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw==".to_owned(), "whsec_****"),
        (format!("a lh_sk_test_{DIGITS} b lhop_{DIGITS}"), "a lh_sk_test_****QKzq b lhop_****"),
        ("https://user:hunter2@example.com/x".to_owned(), "https://user:****@example.com/x"),
        ("sns://AKIA:wJal/K7M+x@us-east-1/1/t".to_owned(), "sns://AKIA:****@us-east-1/1/t"),
        ("Basic dXNlcjpodW50ZXIy, x".to_owned(), "Basic ****, x"),
        ("a=Basic+dXNlcjpodW50ZXIy+b".to_owned(), "a=Basic+****+b"),
        ("bearer eyJhbGciOiJIUzI1NiJ9.e30.Zm9vYmFy".to_owned(), "bearer ****"),
        (format!("Bearer lh_sk_live_{DIGITS}"), "Bearer lh_sk_live_****QKzq"),
    ] {
        assert_eq!(redact(&text), masked, "{text}");
        assert_eq!(redact(masked), masked, "masking again changes nothing");
        assert!(has_secret(&text) && !has_secret(masked));
    }
}

#[test]
fn a_key_is_masked_whatever_its_digits_are_broken_by() {
    let key = key();
    let first = key.len() - token::DIGITS;
    for gap in
        ["\"", "' '", "\\n", "\u{200b}", "\\\"", "%22", "+", "\" + \"", "' .\n    '", "=\r\n", "-"]
    {
        for at in [first, first + 1, first + 7, first + 20, key.len() - 1] {
            let text = format!("say({}{gap}{}) x", &key[..at], &key[at..]);
            assert_eq!(redact(&text), "say(lh_sk_test_****) x", "{text}");
        }
    }
    for at in 1..first {
        let text = format!("say({}\" + \"{}) x", &key[..at], &key[at..]);
        let masked = redact(&text);
        assert!(!masked.contains(&secret_part(&key)[..8]), "{masked}");
    }
    let everywhere: Vec<_> = key[first..].split("").collect();
    let text = format!("ab{}{}", &key[..first], everywhere.join(" "));
    assert!(redact(&text).starts_with("ablh_sk_test_****"), "{}", redact(&text));
    let words = "lh_sk_test_ is what the keys that are made for tests begin with, and live ones";
    assert_eq!(redact(words), words);
}

#[test]
fn what_is_no_secret_is_left_alone_and_not_copied() {
    for text in [
        "",
        "/v1/api_keys/key_01jgz2v6nv6e0w5dj3c5rqm8ta/reveal",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)",
        "lh_sk_test_****QKzq",
        "lh_sk_test_2Hn8…",
        "task_test_environments is a table",
        "/sk-live-streaming/whsec-generation-and-rotation/lhop-2026-11-29",
        "Basic authentication is asked for, or a bearer token.",
        "Bearer authentication_required",
        "https://example.com:8443/a@b?c=https://d",
        "https://user@example.com/",
        "https://user:****@example.com/",
        "100 % \\ & &c; %zz \\u12 &#99999999999;",
        "webhook-signature v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
        "é✓ 🦀 %C3%A9 \\u00e9",
    ] {
        assert!(matches!(redact(text), Cow::Borrowed(same) if same == text), "{}", redact(text));
    }
}

#[test]
fn masks_are_recognized_in_any_spelling() {
    for text in ["a?k=lh_sk_test_****abcd", "lhop_****", "lh%5Fsk_live_%2a%2A%2a%2A", "/?auth=****"]
    {
        assert!(has_mask(text), "{text}");
    }
    for text in ["https://example.com/***", "lh_sk_test_", "**,**", ""] {
        assert!(!has_mask(text), "{text}");
    }
}

#[test]
fn a_path_segment_that_is_a_key_is_masked_whole() {
    let path = format!("/v1/webhooks/{}", key());
    assert_eq!(Redacted::path(&path).as_str(), "/v1/webhooks/****");
    let path = format!("/v1/webhooks/{}", key().replace('_', "%5F"));
    assert!(!Redacted::path(&path).as_str().contains(secret_part(&key())));
}

#[test]
fn rows_of_older_releases_are_masked_when_read() {
    let kept = serde_json::to_string(&format!("curl {}", key())).unwrap();
    let read: Redacted = serde_json::from_str(&kept).unwrap();
    assert!(read.as_str().starts_with("curl lh_sk_test_****"), "{read}");
}

#[test]
fn cutting_keeps_whole_characters() {
    assert_eq!(Redacted::new("aé").cut(2).as_str(), "a");
    assert_eq!(Redacted::new("aé").cut(3).as_str(), "aé");
}

fn signing_key(entropy: [u8; 32]) -> SigningKey {
    SigningKey::from_entropy(Signing::Hmac, entropy)
}

fn known(url: &str) -> (KnownSecrets, SigningKey) {
    let url = WebhookUrl::parse(url, Environment::Test).unwrap();
    let secret = signing_key([9; 32]);
    (KnownSecrets::of_webhook(&url, [&secret], []), secret)
}

#[test]
fn a_webhooks_own_credentials_are_masked() {
    let (known, signing) = known("https://us%C3%A9r:p%2F%22w%20d%25x@example.com/");
    let password = "p/\"w d%x";
    let basic = BASE64_STANDARD.encode(format!("usér:{password}"));
    let digits = signing.text().expose()["whsec_".len()..].to_owned();
    let json = serde_json::to_string(&format!("got Basic {basic} {password} {digits}")).unwrap();
    for echo in [
        json.clone(),
        json.replace('/', "\\/"),
        serde_json::to_string(&json).unwrap(),
        utf8_percent_encode(&json, NON_ALPHANUMERIC).to_string(),
        json.replace('&', "&amp;").replace('"', "&quot;").replace('/', "&#x2F;"),
        BASE64_STANDARD.encode(format!("x{password} {digits}")),
    ] {
        let masked = Redacted::with(&known, &echo).into_string();
        let plain = Unescaped::of(&masked);
        let plain = String::from_utf8_lossy(plain.as_bytes());
        for secret in [password, "w d%x", &basic[..basic.len() - 2], &digits[..20]] {
            assert!(!plain.contains(secret), "{echo}\n{masked}");
        }
        assert!(masked.contains(MASK));
    }
}

#[test]
fn a_webhooks_credentials_are_masked_in_any_case_and_in_hex() {
    let (known, signing) = known("https://user:Corr3ct%20Horse@example.com/");
    let basic = BASE64_STANDARD_NO_PAD.encode("user:Corr3ct Horse");
    let text = signing.text();
    let digits = text.expose()["whsec_".len()..].trim_end_matches('=');
    let of_key = hex::encode(BASE64_STANDARD.decode(&text.expose()["whsec_".len()..]).unwrap());
    for secret in ["Corr3ct Horse", &basic, digits, &hex::encode("Corr3ct Horse"), &of_key] {
        for echo in [secret.to_owned(), secret.to_uppercase(), secret.to_lowercase()] {
            let masked = Redacted::with(&known, &format!("x-{echo}: {echo}"));
            assert_eq!(masked.as_str(), "x-****: ****", "{echo}");
            let cut = format!("({}", &echo[..echo.len() - 1]);
            assert_eq!(Redacted::with(&known, &cut).as_str(), "(****", "{echo}");
        }
    }
}

#[test]
fn values_of_a_webhooks_own_headers_are_masked() {
    let url = WebhookUrl::parse("https://example.com/", Environment::Test).unwrap();
    let values = [Secret::new("Bearer t0ken-of-ours"), Secret::new("plain.value")];
    let known = KnownSecrets::of_webhook(&url, [], &values);
    for echo in ["Bearer t0ken-of-ours", "PLAIN.VALUE", &hex::encode("plain.value")] {
        assert_eq!(Redacted::with(&known, &format!("<{echo}>")).as_str(), "<****>", "{echo}");
    }
    assert_eq!(Redacted::with(&known, "token=t0ken-of-ours;").as_str(), "token=****;");
}

#[test]
fn a_password_is_masked_in_other_charsets() {
    let (known, _) = known("https://user:p%40ssw0rd-%C3%A9-secret@example.com/");
    for echo in
        ["p@ssw0rd-\u{fffd}-secret", "P@SSW0RD-\u{c9}-SECRET", "p@ssw0rd-\u{c3}\u{a9}-secret"]
    {
        let masked = Redacted::with(&known, echo).into_string().to_lowercase();
        assert!(!masked.contains("ssw0") && !masked.contains("secret"), "{masked}");
    }
}

#[test]
fn a_password_is_masked_as_forms_send_it() {
    let (known, _) = known("https://us%20er:correct%20%2B%20horse@example.com/");
    for echo in ["correct+%2B+horse", "correct+%2b+horse", "us+er%3Acorrect+%2B+horse"] {
        let masked = Redacted::with(&known, &format!("p={echo}&then=something")).into_string();
        assert!(masked.ends_with("****&then=something") && !masked.contains("corr"), "{masked}");
    }
}

#[test]
fn secrets_are_masked_in_either_alphabet_of_base64() {
    let url =
        WebhookUrl::parse("https://user:~~~%3F%3F%3F~~~@example.com/", Environment::Test).unwrap();
    let secret = signing_key([0xfb; 32]);
    let known = KnownSecrets::of_webhook(&url, [&secret], []);
    let digits = secret.text().expose()["whsec_".len()..].trim_end_matches('=').to_owned();
    for text in [digits, BASE64_STANDARD_NO_PAD.encode("user:~~~???~~~")] {
        assert!(text.contains(['+', '/']), "{text}");
        for spelling in [text.clone(), text.replace('+', "-").replace('/', "_")] {
            assert_eq!(Redacted::with(&known, &format!("<{spelling}>")).as_str(), "<****>");
        }
    }
}

#[test]
fn a_short_password_is_masked_with_its_user_only() {
    let (known, _) = known("https://me:pw@example.com/");
    let masked = Redacted::with(&known, "pw is short: me:pw or bWU6cHc=");
    assert_eq!(masked.as_str(), "pw is short: **** or ****=");
}

#[test]
fn a_credential_cut_at_the_end_of_an_excerpt_is_masked() {
    let (known, signing) = known("https://user:correct%20horse@example.com/");
    let basic = BASE64_STANDARD.encode("user:correct horse");
    for secret in ["correct horse", &basic, &signing.text().expose()["whsec_".len()..]] {
        let escaped = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
        for (echo, least) in [(secret, 4), (escaped.as_str(), 9)] {
            for cut in least..echo.len() {
                let text = format!("echo: {}", &echo[..cut]);
                let masked = Redacted::with(&known, &text);
                assert_eq!(masked.as_str(), "echo: ****", "{text}");
            }
        }
    }
    for short in ["", "c", "cor", "corx"] {
        assert_eq!(Redacted::with(&known, short).as_str(), short);
    }
}

#[test]
fn an_api_key_as_user_name_and_an_access_key_are_masked() {
    let (of_user, _) = known("https://secret-token@example.com/");
    assert_eq!(Redacted::with(&of_user, "<secret-token>").as_str(), "<****>");
    let (of_topic, _) = known("sns://AKIAIOSFODNN7EXAMPLE:wJalr%2FXU@us-east-1/123456789012/topic");
    assert_eq!(Redacted::with(&of_topic, "k=wJalr%2fXU").as_str(), "k=****");
    assert_eq!(format!("{of_topic:?}"), "KnownSecrets(4)");
}

/// Repeated beginnings of tokens, which make a naive search start over and over.
#[test]
fn hostile_text_takes_linear_time() {
    for part in [
        "%25",
        "\\",
        "&#",
        "_sk_test_a",
        "_sk_test_a b c d",
        "://",
        "sns://",
        "Basic ",
        "Basic+",
        "bearer+",
        "whsec_",
        "a+",
        "_",
    ] {
        let text = part.repeat((1 << 20) / part.len());
        assert!(redact(&text).len() < 2 * text.len(), "{part}");
    }
}

/// Generates spellings of a text that decoders undo.
fn spellings() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(0_u8..6, 0..3)
}

fn spelled(text: &str, how: u8) -> String {
    match how {
        0 => utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
        1 => text.bytes().map(percent_encode_byte).collect::<String>().to_lowercase(),
        2 => text.replace('_', "\\u005f"),
        3 => text.replace('_', "&#95;"),
        4 => serde_json::to_string(text).unwrap_or_default(),
        _ => text.replace('t', "%74").replace('5', "%35"),
    }
}

proptest! {
    #[test]
    fn no_spelling_hides_a_key(
        before in "[ -~é]{0,40}", after in "([^0-9A-Za-z%&\\\\][ -~]{0,40})?", how in spellings(),
        in_basic: bool,
    ) {
        let key = key();
        let core = if in_basic { BASE64_STANDARD.encode(format!("{key}:")) } else { key.clone() };
        // The text before must not merge with the key into a longer word, or into an escape.
        let text = format!("{before} {core}{after}");
        let text = how.iter().fold(text, |text, how| spelled(&text, *how));
        let masked = redact(&text);
        let plain = Unescaped::of(&masked);
        let plain = String::from_utf8_lossy(plain.as_bytes()).into_owned();
        let secret = secret_part(&key);
        let encoded = BASE64_STANDARD.encode(&key);
        for hidden in [&secret[..12], &secret[10..], &encoded[20..40]] {
            prop_assert!(!plain.contains(hidden), "{} became {}", text, masked);
        }
    }

    #[test]
    fn a_key_cut_anywhere_leaves_nothing_useful(before in "[a-z /]{0,20}", at in 20_usize..49) {
        let text = format!("{before} {}", key());
        let cut = &text[..text.len().min(before.len() + 1 + at)];
        prop_assert!(!redact(cut).contains(&secret_part(&key())[..8]));
    }

    #[test]
    fn masking_twice_changes_nothing(text in "([ -~é🦀]|%25|%5f|\\\\u005f|_sk_test_|lhop_|://|:|@){0,60}") {
        let once = redact(&text).into_owned();
        prop_assert_eq!(redact(&once), once.as_str());
    }
}
