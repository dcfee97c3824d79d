use domain::Timestamp;
use domain::id::Ulid;
use proptest::{prelude::*, sample::Index};

use super::*;

/// Randomness for tests: repeats one byte, another for each call.
#[derive(Default)]
struct Bytes(std::sync::atomic::AtomicU8);

impl Ids for Bytes {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
    }

    fn ulid(&self, _: Timestamp) -> Ulid {
        Ulid::nil()
    }
}

fn a_ring(rotations: usize) -> KeyRing {
    let ids = Bytes::default();
    let mut ring = KeyRing::generate(&ids);
    (0..rotations).for_each(|_| ring.rotate(&ids));
    ring
}

/// Ring as it was first written; rings are kept for years, so this text must always be readable.
const RING: &str = r#"{
  "version": 1,
  "current": {
    "id": "0303030303030303",
    "key": "BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ="
  },
  "retired": [
    {
      "id": "0000000000000000",
      "key": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
    }
  ],
  "pepper": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
  "checksum": "cJhmxv5g7JrKpd0dmpS2YUclRuTAuUVbNtnA6tLDBo8="
}
"#;

#[test]
fn the_first_stored_format_is_still_written_and_read() {
    assert_eq!(a_ring(1).text().expose(), RING);
    let ring = KeyRing::parse(RING).unwrap();
    assert_eq!(ring.current().id, "0303030303030303");
    assert_eq!(ring.current().key.as_slice(), [4; 32]);
    assert_eq!(ring.key("0000000000000000").unwrap().key.as_slice(), [1; 32]);
    assert!(ring.key("").is_none());
    assert_eq!(ring.pepper(), [2; 32]);
}

#[test]
fn a_rotation_adds_a_key_and_changes_no_other() {
    let (before, after) = (a_ring(2), a_ring(3));
    assert_ne!(before.current().id, after.current().id);
    assert_eq!(after.retired.len(), 3);
    for old in std::iter::once(&before.current).chain(&before.retired) {
        assert_eq!(after.key(&old.id).unwrap().key.as_slice(), old.key.as_slice());
    }
    assert_eq!(before.pepper(), after.pepper());
}

#[test]
fn a_later_version_is_named() {
    let later = r#"{"version": 2, "keys": {"new": "shape"}}"#;
    assert_eq!(KeyRing::parse(later).unwrap_err(), NotAKeyRing::Version(2));
}

#[test]
fn malformed_rings_are_refused_with_the_place() {
    let shorter = RING.replace("AgIC", "");
    for text in ["{}", "[1]", "key ring", &shorter, &RING.replace("pepper", "salt")] {
        let refused = KeyRing::parse(text).unwrap_err();
        assert!(matches!(refused, NotAKeyRing::Malformed { .. }), "{text}: {refused:?}");
    }
}

#[test]
fn neither_rings_nor_errors_print_a_key() {
    let shown = format!("{:?}", a_ring(1));
    assert!(shown.contains("0303030303030303") && !shown.contains("BAQE"), "{shown}");
    let misplaced = RING.replace(r#""version": 1"#, r#""version": "BAQEBAQE""#);
    let refused = KeyRing::parse(&misplaced).unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("BAQE"));
}

proptest! {
    #[test]
    fn any_changed_byte_is_noticed(place: Index, wrong in "[ -~]") {
        let place = place.index(RING.len());
        let changed = [&RING[..place], &wrong, &RING[place + 1..]].concat();
        let blank = |text: &str| text.split_whitespace().collect::<String>();
        prop_assume!(blank(&changed) != blank(RING));
        prop_assert!(KeyRing::parse(&changed).is_err());
    }
}
