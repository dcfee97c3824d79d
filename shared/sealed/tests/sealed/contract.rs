//! Contract suite of the vault port, for the sealed vault.

use std::sync::Arc;

use contracts::vault::Fixture;
use domain::id::{AccountId, Ulid};
use latchhook_sealed::{KeyRing, SealedVault};

use crate::support::{CountingIds, Documents};

async fn fixture() -> Fixture {
    let ids = Arc::new(CountingIds::default());
    let store = Arc::new(Documents::default());
    let ring = KeyRing::generate(&*ids);
    Fixture {
        vault: Arc::new(SealedVault::new(store.clone(), ids, ring)),
        store,
        accounts: [1_u128, 2].map(|number| AccountId(Ulid::from(number))),
        keeper: Box::new(()),
    }
}

contracts::vault_suite!(fixture);
