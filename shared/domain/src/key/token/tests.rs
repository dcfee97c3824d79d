use proptest::{prelude::*, sample::Index};

use super::*;

fn a_prefix() -> impl Strategy<Value = KeyPrefix> {
    "[a-z]([a-z0-9_]{0,14}[a-z0-9])?"
        .prop_filter_map("reserved", |text| text.parse::<KeyPrefix>().ok())
}

fn some_parts() -> impl Strategy<Value = TokenParts> {
    prop::sample::select(MARKS.map(|(_, parts)| parts).to_vec())
}

prop_compose! {
    fn a_key()(prefix in a_prefix(), parts in some_parts(), entropy: [u8; 32]) -> String {
        mint(&prefix, parts.key_type, parts.environment, entropy).expose().to_owned()
    }
}

/// The checksum is zlib's `crc32`, here computed with Python: `zlib.crc32(b"lh_sk_test_000…")`.
#[test]
fn a_key_has_the_documented_form() {
    let prefix = KeyPrefix::default();
    let key = mint(&prefix, KeyType::Secret, Environment::Test, [0; 32]);
    assert_eq!(key.expose(), "lh_sk_test_000000000000000000000000000000002wEIdL");
    let key = mint(&prefix, KeyType::Publishable, Environment::Live, [0xff; 32]);
    assert_eq!(key.expose(), "lh_pk_live_1AL1YmHWZWm8LLG7HjnuCA2j5rOw8Xp12Qr2A9");
}

#[test]
fn malformed_keys_are_rejected_and_shown_as_nothing() {
    for text in ["", "lh", "lh_sk_test_", "_sk_test_", "pässword", &"0".repeat(38), &"ä".repeat(40)]
    {
        assert_eq!(parse(text), Err(NotAKey), "{text}");
        assert_eq!(redacted(text), "****");
    }
}

#[test]
fn letters_of_several_bytes_in_the_place_of_digits_make_no_key() {
    for digits in ["ä".repeat(19), format!("0{}0", "ä".repeat(18)), format!("{}ä", "0".repeat(36))]
    {
        let text = format!("lh_sk_live_{digits}");
        assert_eq!(parse(&text), Err(NotAKey), "{text}");
        assert_eq!(redacted(&text), "****");
        assert!(!is_mistyped(&text, &KeyPrefix::default()));
    }
}

#[test]
fn a_valid_checksum_alone_does_not_make_a_key() {
    let parse_with_checksum = |before: String| {
        let checksum = checksum(&before).map(char::from);
        parse(&format!("{before}{}", String::from_iter(checksum)))
    };
    let zeros = "0".repeat(RANDOM_LEN);
    assert!(parse_with_checksum(format!("lh_sk_test_{zeros}")).is_ok());
    for prefix in ["", "LH", "lhop", "lhps", "abcdefghijklmnopq"] {
        let refused = parse_with_checksum(format!("{prefix}_sk_test_{zeros}"));
        assert_eq!(refused, Err(NotAKey), "{prefix}");
    }
    for wrong in ["_", "-", " ", "\0"] {
        let refused = parse_with_checksum(format!("lh_sk_test_{wrong}{}", &zeros[1..]));
        assert_eq!(refused, Err(NotAKey), "{wrong:?}");
    }
}

#[test]
fn a_test_key_edited_into_a_live_key_is_rejected() {
    let key = mint(&KeyPrefix::default(), KeyType::Secret, Environment::Test, [7; 32]);
    assert_eq!(parse(&key.expose().replace("test", "live")), Err(NotAKey));
}

#[test]
fn only_a_key_with_the_prefix_and_a_wrong_checksum_is_mistyped() {
    let prefix = KeyPrefix::default();
    let key = mint(&prefix, KeyType::Secret, Environment::Test, [7; 32]);
    let key = key.expose();
    let mistyped = key.replace("test", "live");
    assert!(is_mistyped(&mistyped, &prefix));
    let other = mistyped.replacen("lh", "acme", 1);
    for text in [key, &other, &mistyped[1..], &mistyped[..40], "lh_sk_test_abc", "12345678"] {
        assert!(!is_mistyped(text, &prefix), "{text}");
    }
}

proptest! {
    #[test]
    fn minted_keys_parse(prefix in a_prefix(), parts in some_parts(), entropy: [u8; 32]) {
        let key = mint(&prefix, parts.key_type, parts.environment, entropy);
        prop_assert_eq!(parse(key.expose()), Ok(parts));
        let (before, digits) = key.expose().rsplit_once('_').unwrap();
        prop_assert_eq!(digits.len(), 38);
        prop_assert_eq!(redacted(key.expose()), format!("{before}_****{}", &digits[34..]));
    }

    #[test]
    fn different_entropy_makes_different_keys(one: [u8; 32], other: [u8; 32]) {
        prop_assume!(one != other);
        let mint = |entropy| mint(&KeyPrefix::default(), KeyType::Secret, Environment::Test, entropy);
        prop_assert_ne!(mint(one), mint(other));
    }

    #[test]
    fn one_wrong_character_is_rejected(key in a_key(), place: Index, wrong in "[!-~é]") {
        let place = place.index(key.len());
        prop_assume!(key[place..=place] != wrong);
        let mut mistyped = key;
        mistyped.replace_range(place..=place, &wrong);
        prop_assert_eq!(parse(&mistyped), Err(NotAKey));
    }

    #[test]
    fn two_swapped_characters_are_rejected(key in a_key(), a: Index, b: Index) {
        let mut bytes = key.into_bytes();
        let (a, b) = (a.index(bytes.len()), b.index(bytes.len()));
        prop_assume!(bytes[a] != bytes[b]);
        bytes.swap(a, b);
        prop_assert_eq!(parse(&String::from_utf8(bytes).unwrap()), Err(NotAKey));
    }

    #[test]
    fn a_cut_or_extended_key_is_rejected(key in a_key(), cut: Index, extra in "[ -~é]{1,50}") {
        let cut = cut.index(key.len());
        prop_assert_eq!(parse(&key[..cut]), Err(NotAKey));
        prop_assert_eq!(parse(&key[cut + 1..]), Err(NotAKey));
        prop_assert_eq!(parse(&format!("{key}{extra}")), Err(NotAKey));
        prop_assert_eq!(parse(&format!("{extra}{key}")), Err(NotAKey));
    }
}
