//! Contract suite of the sealed vault on the embedded store, the combination that the `latchhook`
//! server uses.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use domain::id::{AccountId, Ulid};
use embedded::{Embedded, Options, SystemClock, SystemIds};
use latchhook_contracts::vault::Fixture;
use sealed::{
    SealedVault,
    ring_file::{IfMissing, load_or_create},
};

async fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let (ids, clock) = (Arc::new(SystemIds::new()), Arc::new(SystemClock::new()));
    let ring = folder.path().join("key-ring.json");
    let ring = load_or_create(&ring, IfMissing::Create, &*ids).unwrap();
    let data = folder.path().join("data");
    let store = Arc::new(Embedded::open(&data, &Options::default(), clock).unwrap());
    Fixture {
        vault: Arc::new(SealedVault::new(store.clone(), ids, ring)),
        store,
        accounts: [1_u128, 2].map(|number| AccountId(Ulid::from(number))),
        keeper: Box::new(folder),
    }
}

latchhook_contracts::vault_suite!(fixture);
