//! Contract suites of the AWS adapters, on an emulator.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use contracts::ManualClock;
use domain::{
    Timestamp,
    id::{AccountId, Ulid},
};
use embedded::SystemClock;
use latchhook_aws_tests::{Place, RealTime, StoreTime};
use ports::{Clock, Ids as _, Store, Vault, store::Condition};

mod store {
    use super::*;

    async fn fixture() -> contracts::store::Fixture {
        let place = Place::new().await;
        let manual = Arc::new(ManualClock::default());
        let clock = Arc::new(StoreTime { manual: manual.clone(), system: SystemClock::new() });
        let queue = place.queue(clock.clone());
        let store = place.store(queue.clone(), clock);
        contracts::store::Fixture { store, queue, clock: manual, keeper: Box::new(()) }
    }

    contracts::store_suite!(fixture);
}

mod queue {
    use super::*;

    async fn fixture() -> contracts::queue::Fixture {
        let place = Place::new().await;
        let clock = SystemClock::new();
        let queue = place.queue(Arc::new(clock));
        let store = place.store(queue.clone(), Arc::new(clock));
        contracts::queue::Fixture {
            queue,
            store,
            time: Arc::new(RealTime(clock)),
            visibility_timeout: latchhook_aws_tests::VISIBILITY_TIMEOUT,
            keeper: Box::new(()),
        }
    }

    contracts::queue_suite!(fixture);
}

mod limiter {
    use super::*;

    async fn fixture() -> contracts::limiter::Fixture {
        let place = Place::new().await;
        let limiter = aws::LeasingLimiter::new(place.clients.dynamodb(), place.tables.views);
        contracts::limiter::Fixture {
            limiter: Arc::new(limiter),
            begin: Timestamp::from_millis(1_770_000_000_000),
        }
    }

    contracts::limiter_suite!(fixture);
}

/// Creates a place with a sealed vault in its store.
async fn sealed() -> (Place, Arc<dyn Store>, Arc<dyn Vault>, SystemClock) {
    let place = Place::new().await;
    let clock = SystemClock::new();
    let store = place.store(place.queue(Arc::new(clock)), Arc::new(clock));
    let name = format!("{}/key-ring", place.name);
    let make = || sealed::KeyRing::generate(&*place.ids).text();
    let ring = aws::ring_secret(&place.clients.secrets_manager(), &name, None, make).await.unwrap();
    let ring = sealed::KeyRing::parse(ring.expose()).unwrap();
    let vault = sealed::SealedVault::new(store.clone(), place.ids.clone(), ring);
    (place, store, Arc::new(vault), clock)
}

fn accounts(place: &Place) -> [AccountId; 2] {
    [1_u128, 2].map(|number| {
        let random: Ulid = place.ids.ulid(Timestamp::EPOCH);
        AccountId(Ulid::from(u128::from(random) << 8 | number))
    })
}

mod sealed_vault {
    use super::*;

    async fn fixture() -> contracts::vault::Fixture {
        let (place, store, vault, _) = sealed().await;
        contracts::vault::Fixture { vault, store, accounts: accounts(&place), keeper: Box::new(()) }
    }

    contracts::vault_suite!(fixture);
}

/// Creates both vaults of an installation that keeps new secrets in `place`.
async fn both(new: aws::KeptIn) -> contracts::vault::Fixture {
    let (place, store, sealed, clock) = sealed().await;
    assert!(new.remember(&*store, Condition::Absent).await.unwrap());
    let client = place.clients.secrets_manager();
    let (name, clock) = (place.name.clone(), Arc::new(clock));
    let apart = aws::SecretsManagerVault::new(client, name, sealed.clone(), clock);
    let vault = aws::BothVaults::new(store.clone(), Arc::new(apart), sealed);
    let accounts = accounts(&place);
    contracts::vault::Fixture { vault: Arc::new(vault), store, accounts, keeper: Box::new(()) }
}

mod both_vaults_towards_the_tables {
    use super::*;

    async fn fixture() -> contracts::vault::Fixture {
        both(aws::KeptIn::MovingToTables).await
    }

    contracts::vault_suite!(fixture);
}

mod both_vaults_towards_secrets_manager {
    use super::*;

    async fn fixture() -> contracts::vault::Fixture {
        both(aws::KeptIn::MovingToSecretsManager).await
    }

    contracts::vault_suite!(fixture);
}

mod secrets_manager_vault {
    use super::*;

    async fn fixture() -> contracts::vault::Fixture {
        let (place, store, sealed, clock) = sealed().await;
        let client = place.clients.secrets_manager();
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let vault = aws::SecretsManagerVault::new(client, place.name.clone(), sealed, clock);
        let accounts = accounts(&place);
        contracts::vault::Fixture { vault: Arc::new(vault), store, accounts, keeper: Box::new(()) }
    }

    contracts::vault_suite!(fixture);
}
