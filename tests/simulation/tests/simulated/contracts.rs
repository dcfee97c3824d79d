//! Contract suites on the simulated disk.

mod store {
    use std::sync::Arc;

    use contracts::{ManualClock, store::Fixture};
    use latchhook_simulation::Memory;

    async fn fixture() -> Fixture {
        let clock = Arc::new(ManualClock::default());
        let memory = Arc::new(Memory::new(clock.clone()));
        Fixture { store: memory.clone(), queue: memory, clock, keeper: Box::new(()) }
    }

    contracts::store_suite!(fixture);
}

mod queue {
    use std::sync::Arc;

    use contracts::{ManualClock, queue::Fixture};
    use latchhook_simulation::{Memory, VISIBILITY_TIMEOUT};

    async fn fixture() -> Fixture {
        let time = Arc::new(ManualClock::default());
        let memory = Arc::new(Memory::new(time.clone()));
        Fixture {
            queue: memory.clone(),
            store: memory,
            time,
            visibility_timeout: VISIBILITY_TIMEOUT,
            keeper: Box::new(()),
        }
    }

    contracts::queue_suite!(fixture);
}
