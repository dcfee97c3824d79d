//! Counts of attempts that were made before attempts were counted.

use domain::Timestamp;
use futures_util::FutureExt as _;
use ports::{
    Commit, Store,
    store::{Collection, Condition, Write},
};
use simulation::{Simulation, days, hours, minutes, seconds};

use crate::world::{URL, World};

impl World {
    /// Takes the counts away, as an earlier version would not have made them.
    fn forget_counts(&mut self) {
        let counts = self.simulation.disk.documents(&[Collection("attempt_counts")]);
        assert!(!counts.is_empty());
        let delete = |key| Write::Delete { key, condition: Condition::None };
        let writes = counts.into_iter().map(|(document, _)| delete(document.key)).collect();
        let commit = Commit { writes, ..Commit::default() };
        self.store().commit(commit).now_or_never().unwrap().unwrap();
    }

    fn store(&self) -> &dyn Store {
        &*self.simulation.disk
    }

    fn count_past(&self) -> u64 {
        let counted = latchhook_app::count_past(self.store(), self.simulation.now());
        counted.now_or_never().unwrap().unwrap()
    }

    fn attempts(&mut self, since: Timestamp) -> u64 {
        let until = self.simulation.now();
        let path = format!("/v1/delivery_stats?since={since}&until={until}&buckets=1");
        let stats = self.simulation.show(&self.account, &path);
        stats["buckets"][0]["attempts"].as_u64().unwrap()
    }
}

#[test]
fn attempts_of_an_earlier_version_are_counted_once_by_their_rows() {
    let mut world = World::of(Simulation::new(1));
    let began = world.simulation.now();
    world.simulation.network.answers(URL, 503);
    for _ in 0..60 {
        world.simulation.post_event(&world.account);
    }
    world.simulation.run_for(minutes(30));
    let old = world.attempts(began);
    assert!(old > 250, "{old}");
    world.forget_counts();
    assert_eq!(world.attempts(began), 0);
    world.simulation.network.answers(URL, 200);
    world.simulation.run_for(hours(1));
    let new = world.attempts(began);
    assert!(new >= 60);
    assert_eq!(world.count_past(), old);
    assert_eq!(world.attempts(began), old + new);
    assert_eq!(world.count_past(), 0, "once is enough");
    assert_eq!(world.attempts(began), old + new);
}

#[test]
fn counts_of_before_end_with_the_log() {
    let mut world = World::new();
    let began = world.simulation.now();
    world.simulation.post_event(&world.account);
    world.simulation.run_for(seconds(5));
    world.forget_counts();
    world.simulation.run_for(days(1));
    assert_eq!(world.count_past(), 1);
    world.simulation.run_for(days(28));
    assert_eq!(world.attempts(began), 1);
    world.simulation.run_for(days(2));
    assert_eq!(world.attempts(began), 0);
}

#[test]
fn a_new_installation_has_nothing_of_before() {
    let mut world = World::new();
    let began = world.simulation.now();
    world.simulation.post_event(&world.account);
    world.simulation.run_for(seconds(5));
    assert_eq!(world.count_past(), 0);
    assert_eq!(world.attempts(began), 1);
}
