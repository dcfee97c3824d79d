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

fn a_ring() -> KeyRing {
    KeyRing::generate(&Bytes::default())
}

/// Returns the time of the rotation of [`a_rotated_ring`].
fn rotated_at() -> Timestamp {
    "2026-01-31T09:30:00.125Z".parse().unwrap()
}

fn a_rotated_ring() -> KeyRing {
    let ids = Bytes::default();
    let mut ring = KeyRing::generate(&ids);
    ring.rotate(&ids, rotated_at()).unwrap();
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

/// Rotated ring as it was first written.
const ROTATED: &str = r#"{
  "version": 2,
  "keys": [
    {
      "id": "0303030303030303",
      "from": "2026-01-31T09:30:00.125Z",
      "key": "BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ="
    },
    {
      "id": "0000000000000000",
      "key": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
    }
  ],
  "peppers": [
    {
      "id": "0505050505050505",
      "from": "2026-01-31T09:30:00.125Z",
      "key": "BgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgYGBgY="
    },
    {
      "id": "",
      "key": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
    }
  ],
  "checksum": "lJa4kcZLKBAmkU9kMRZWRKKhnSPkvnNP/lMgbza9QcY="
}
"#;

#[test]
fn the_first_stored_format_is_still_read_and_written() {
    let ring = KeyRing::parse(RING).unwrap();
    assert_eq!(ring.wrapping(Timestamp::MAX).id, "0303030303030303");
    assert_eq!(ring.wrapping(Timestamp::EPOCH).key.as_slice(), [4; 32]);
    assert_eq!(ring.key("0000000000000000").unwrap().key.as_slice(), [1; 32]);
    assert!(ring.key("").is_none());
    let [pepper] = ring.peppers() else { panic!("{ring:?}") };
    assert_eq!((&*pepper.id, pepper.key.as_slice()), ("", &[2; 32][..]));
    assert_eq!(ring.text().expose(), RING);
}

#[test]
fn a_ring_that_was_never_rotated_is_readable_for_the_release_before() {
    assert!(a_ring().text().expose().contains(r#""version": 1"#));
}

#[test]
fn a_rotated_ring_is_written_in_the_second_format_and_read_again() {
    assert_eq!(a_rotated_ring().text().expose(), ROTATED);
    assert_eq!(KeyRing::parse(ROTATED).unwrap().text().expose(), ROTATED);
}

#[test]
fn a_rotation_adds_a_key_and_a_pepper_which_are_used_from_their_time_on() {
    let (before, after) = (a_ring(), a_rotated_ring());
    let just_before = rotated_at().minus(std::time::Duration::from_millis(1));
    assert_eq!(after.wrapping(just_before).id, before.wrapping(just_before).id);
    assert_ne!(after.wrapping(rotated_at()).id, before.wrapping(rotated_at()).id);
    let used = |now| &*after.peppers()[in_use(after.peppers(), now)].id;
    assert_eq!((used(just_before), used(rotated_at())), ("", "0505050505050505"));
    assert_eq!(after.newest_from(), rotated_at());
    let old = before.wrapping(just_before);
    assert_eq!(after.key(&old.id).unwrap().key.as_slice(), old.key.as_slice());
}

#[test]
fn a_ring_is_rotated_again_only_once_the_older_keys_are_retired() {
    let mut ring = a_rotated_ring();
    assert_eq!(ring.rotate(&Bytes::default(), rotated_at()), Err(NotRetired));
    assert_eq!(ring.text().expose(), ROTATED);
    ring.retire();
    assert!(!ring.has_older() && ring.key("0000000000000000").is_none());
    let kept = KeyRing::parse(ring.text().expose()).unwrap();
    assert_eq!(kept.wrapping(rotated_at()).id, "0303030303030303");
    assert_eq!(kept.peppers()[0].id, "0505050505050505");
    ring.rotate(&Bytes::default(), Timestamp::MAX).unwrap();
}

#[test]
fn peppers_move_to_another_ring_however_many_there_are() {
    for mut ring in [a_ring(), a_rotated_ring()] {
        for _ in 0..2 {
            let other = KeyRing::generate(&Bytes(9.into()));
            let own_key = other.wrapping(Timestamp::MAX).id.clone();
            let moved = other.with_pepper(&ring.pepper_text()).unwrap();
            assert_eq!(moved.pepper_text(), ring.pepper_text());
            assert_eq!(moved.wrapping(Timestamp::MAX).id, own_key);
            let read = KeyRing::parse(moved.text().expose()).unwrap();
            assert_eq!(read.pepper_text(), ring.pepper_text());
            ring.retire();
        }
    }
    // The form in which an installation's only pepper has always moved.
    let only = a_ring().pepper_text();
    assert_eq!(only.expose(), "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=");
    for damaged in ["", "AgIC", "[]", "[{}]", "{}"] {
        assert!(a_ring().with_pepper(&Secret::new(damaged)).is_none(), "{damaged}");
    }
}

#[test]
fn a_later_version_is_named() {
    let later = r#"{"version": 3, "keys": {"new": "shape"}}"#;
    assert_eq!(KeyRing::parse(later).unwrap_err(), NotAKeyRing::Version(3));
}

#[test]
fn malformed_rings_are_refused_with_the_place() {
    let shorter = RING.replace("AgIC", "");
    let renamed = [RING.replace("pepper", "salt"), ROTATED.replace("peppers", "salts")];
    for text in ["{}", "[1]", "key ring", &shorter, &renamed[0], &renamed[1]] {
        let refused = KeyRing::parse(text).unwrap_err();
        assert!(matches!(refused, NotAKeyRing::Malformed { .. }), "{text}: {refused:?}");
    }
}

#[test]
fn a_ring_without_keys_or_with_times_that_no_checksum_covers_is_refused() {
    let dated = RING.replace(r#""id": "03"#, r#""from": "2026-01-31T09:30:00.125Z", "id": "03"#);
    let empty = r#"{"version": 2, "keys": [], "peppers": [], "checksum": ""}"#;
    for text in [&*dated, empty] {
        assert_eq!(KeyRing::parse(text).unwrap_err(), NotAKeyRing::Checksum, "{text}");
    }
}

#[test]
fn neither_rings_nor_errors_print_a_key() {
    let shown = format!("{:?}", a_rotated_ring());
    assert!(shown.contains("0303030303030303") && !shown.contains("BAQE"), "{shown}");
    let misplaced = RING.replace(r#""version": 1"#, r#""version": "BAQEBAQE""#);
    let refused = KeyRing::parse(&misplaced).unwrap_err();
    assert!(!format!("{refused} {refused:?}").contains("BAQE"));
}

proptest! {
    #[test]
    fn any_changed_byte_is_noticed_or_means_the_same(
        rotated: bool, place: Index, wrong in "[ -~]",
    ) {
        let ring = if rotated { ROTATED } else { RING };
        let place = place.index(ring.len());
        let changed = [&ring[..place], &wrong, &ring[place + 1..]].concat();
        // White space, and a space between a date and its time.
        if let Ok(read) = KeyRing::parse(&changed) {
            let [text, same] = [read, KeyRing::parse(ring).unwrap()].map(|ring| ring.text());
            prop_assert_eq!(text.expose(), same.expose());
        }
    }
}
