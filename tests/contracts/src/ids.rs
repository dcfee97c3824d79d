//! Contract suite of [`Ids`].

#![expect(
    clippy::missing_panics_doc,
    clippy::unused_async,
    reason = "each function is a test like those of the other suites, and fails by panicking"
)]

use std::{collections::HashSet, sync::Arc};

use domain::{Timestamp, id::Ulid};
use ports::Ids;

/// Fixture of the suite: two sources, as two processes have them.
pub struct Fixture {
    /// Source of one process.
    pub ids: Arc<dyn Ids>,
    /// Source of another process.
    pub other: Arc<dyn Ids>,
}

/// Generates the suite's tests.
#[macro_export]
macro_rules! ids_suite {
    ($fixture:path) => {
        $crate::promises! { $fixture, ids:
            identifiers_carry_their_creation_time
            identifiers_of_one_millisecond_keep_their_order
            two_processes_make_different_ones
            every_byte_is_filled
        }
    };
}

/// The identifier's time is exact to the millisecond.
pub async fn identifiers_carry_their_creation_time(source: &Fixture) {
    for at in [Timestamp::EPOCH, Timestamp::from_millis(1_770_000_000_123), Timestamp::MAX] {
        let of = source.ids.ulid(at).timestamp_ms();
        assert_eq!(i64::try_from(of), Ok(at.as_millis()));
    }
}

/// Identifiers stay in order although concurrent requests draw them with different instants.
pub async fn identifiers_of_one_millisecond_keep_their_order(source: &Fixture) {
    let [early, late] = [1_000, 2_000].map(Timestamp::from_millis);
    let made: Vec<(Ulid, Ulid)> =
        (0..1000).map(|_| (source.ids.ulid(early), source.ids.ulid(late))).collect();
    assert!(made.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1));
}

/// Two processes never draw the same identifier, even in the same millisecond.
pub async fn two_processes_make_different_ones(source: &Fixture) {
    let at = Timestamp::from_millis(1_000);
    let sources = [&source.ids, &source.other];
    let made: HashSet<Ulid> =
        sources.iter().flat_map(|ids| (0..100).map(|_| ids.ulid(at))).collect();
    assert_eq!(made.len(), 200);
}

/// Every byte of a buffer is random: the chance that one is zero 64 times in a row is nil.
pub async fn every_byte_is_filled(source: &Fixture) {
    let mut bytes = [0; 64];
    let mut ever = [0; 64];
    for _ in 0..64 {
        source.ids.fill(&mut bytes);
        ever.iter_mut().zip(bytes).for_each(|(ever, byte)| *ever |= byte);
    }
    assert!(!ever.contains(&0));
}
