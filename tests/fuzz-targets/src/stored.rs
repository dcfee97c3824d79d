//! Stored data: events, key rings, and files to import.

use std::io::Cursor;

use domain::{
    Secret, StoredEvent, account::AccountEvent, event_types::EventTypesEvent, key::KeyEvent,
    webhook::WebhookEvent,
};
use moving::Export;
use sealed::KeyRing;

/// Largest memory cost, in KiB, of a file that is tried: the cost is the author's choice, up to
/// what the reader allows, and a fuzzer would do nothing else.
const CHEAP: u64 = 64;

/// Reads a stored event: the name, a blank, the schema version, a line end, and the payload. One
/// that is read is written so that it is read again as itself.
pub fn stored_event(data: &[u8]) {
    let Some((head, payload)) = crate::text(data).and_then(|text| text.split_once('\n')) else {
        return;
    };
    let Some((name, version)) = head.split_once(' ') else { return };
    let Ok(version) = version.parse() else { return };
    let read = [
        survives::<AccountEvent>(name, version, payload),
        survives::<KeyEvent>(name, version, payload),
        survives::<WebhookEvent>(name, version, payload),
        survives::<EventTypesEvent>(name, version, payload),
    ];
    assert!(read.iter().filter(|read| **read).count() <= 1, "{name} is an event of two kinds");
}

/// Returns whether the event is one of `E`.
fn survives<E: StoredEvent + PartialEq + std::fmt::Debug>(
    name: &str,
    version: u16,
    payload: &str,
) -> bool {
    let Ok(event) = E::read(name, version, payload) else { return false };
    assert!(E::STORED.contains(&(name, version)));
    let again = E::read(event.name(), event.schema_version(), event.payload().get());
    assert_eq!(again.unwrap(), event);
    true
}

/// Parses a key ring. One that is accepted is written so that it is accepted again as itself.
pub fn key_ring(data: &[u8]) {
    let Some(ring) = crate::text(data).and_then(|text| KeyRing::parse(text).ok()) else { return };
    let again = KeyRing::parse(ring.text().expose()).unwrap();
    assert_eq!(again.text(), ring.text());
    assert_eq!(again.pepper_text(), ring.pepper_text());
    let moved = again.with_pepper(&ring.pepper_text()).unwrap();
    assert_eq!(moved.text(), ring.text());
}

/// Opens an export. Only one that whoever has the passphrase has written is opened, so whatever is
/// opened still is with its last line as it is, and not with another passphrase.
pub fn export_file(data: &[u8]) {
    let header = data.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let cost = serde_json::from_slice::<serde_json::Value>(header).unwrap_or_default();
    if cost["cost"]["memory"].as_u64().unwrap_or(0) > CHEAP
        || cost["cost"]["passes"].as_u64().unwrap_or(0) > 1
    {
        return;
    }
    let open = |data: &[u8], passphrase: &str| {
        Export::open(Cursor::new(data.to_vec()), &Secret::new(passphrase)).map(drop)
    };
    if open(data, PASSPHRASE).is_err() {
        return;
    }
    assert!(open(data, "another passphrase").is_err());
    let mut changed = data.to_vec();
    changed[data.len() / 2] ^= 1;
    assert!(open(&changed, PASSPHRASE).is_err(), "a change is not noticed");
    assert!(open(&data[..data.len() / 2], PASSPHRASE).is_err(), "half a file is opened");
}

/// Passphrase of the exports in the corpus.
const PASSPHRASE: &str = "correct horse battery staple";
