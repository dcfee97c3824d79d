//! Sealing under a passphrase.

use domain::Secret;
use latchhook_sealed::passphrase::{Cost, CostRefused, PassphraseKeys, SALT_LEN};

use crate::support::CountingIds;

const CHEAP: Cost = Cost { memory: 8, passes: 1 };

fn keys(passphrase: &str, salt: u8) -> PassphraseKeys {
    PassphraseKeys::derive(&Secret::new(passphrase), &[salt; SALT_LEN], CHEAP).unwrap()
}

#[test]
fn opening_needs_the_same_passphrase_salt_and_label() {
    let sealed = keys("open sesame", 1).seal(&CountingIds::default(), "door", b"gold");
    let opened = |keys: PassphraseKeys, label| keys.open(label, sealed.clone());
    assert_eq!(&**opened(keys("open sesame", 1), "door").unwrap(), b"gold");
    assert!(opened(keys("open barley", 1), "door").is_none());
    assert!(opened(keys("open sesame", 2), "door").is_none());
    assert!(opened(keys("open sesame", 1), "window").is_none());
}

#[test]
fn the_seal_depends_on_every_byte_and_the_passphrase() {
    let seal = |passphrase, parts: &[&[u8]]| {
        let mut vouching = keys(passphrase, 1).vouch();
        for part in parts {
            vouching.take(part);
        }
        vouching.seal()
    };
    assert_eq!(seal("a", &[b"one", b"two"]), seal("a", &[b"onetwo"]));
    assert_ne!(seal("a", &[b"one"]), seal("a", &[b"two"]));
    assert_ne!(seal("a", &[b"one"]), seal("b", &[b"one"]));
}

#[test]
fn excessive_costs_in_a_file_are_refused() {
    let passphrase = Secret::new("open sesame");
    for (memory, passes) in [(u32::MAX, 1), (8, u32::MAX), (0, 1), (8, 0)] {
        let refused = PassphraseKeys::derive(&passphrase, &[0; SALT_LEN], Cost { memory, passes });
        assert_eq!(refused.map(|_| ()), Err(CostRefused));
    }
}
