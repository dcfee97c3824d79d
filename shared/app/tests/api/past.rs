//! Attempts from before: their counts, which an earlier version did not keep, and the rows of failed ones,
//! which it kept elsewhere.

use domain::Timestamp;
use futures_util::FutureExt as _;
use ports::{
    Commit, Store,
    sender::Outcome,
    store::{Collection, Condition, IndexEntry, Partition, Write},
};
use serde_json::Value;
use simulation::{Call, Reply, Simulation, days, hours, minutes, seconds};

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

    /// Puts the rows of failed attempts where an earlier version put them: among all others, with an entry
    /// in a list.
    fn put_failed_attempts_back(&mut self) {
        let rows = self.simulation.disk.documents(&[Collection("failed_attempts")]);
        assert!(!rows.is_empty());
        let moved = rows.into_iter().flat_map(|(row, mut index)| {
            let scope = row.key.partition.scope();
            let list = |name| Partition::new(scope, Collection(name), "test");
            let sort = row.key.sort.clone();
            index.push(IndexEntry { partition: list("delivery_logs_failed"), sort: sort.clone() });
            let key = list("delivery_logs").key(sort);
            let (body, expires_at, condition) = (row.body, row.expires_at, Condition::None);
            [
                Write::Delete { key: row.key, condition },
                Write::Put { key, body, expires_at, index, condition },
            ]
        });
        let commit = Commit { writes: moved.collect(), ..Commit::default() };
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
    world.put_failed_attempts_back();
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

/// Lists in which a failed attempt is found.
fn lists(world: &World, event: &str) -> [String; 5] {
    [
        "/v1/logs?kind=webhook_delivery&per_page=3".to_owned(),
        "/v1/logs?status=failed&per_page=3".to_owned(),
        "/v1/logs?status=503&per_page=3".to_owned(),
        format!("/v1/logs?webhook_id={}&per_page=3", world.webhook.id),
        format!("/v1/logs?event_id={event}&per_page=3"),
    ]
}

#[test]
fn failed_attempts_of_an_earlier_version_are_listed_with_those_of_this_one() {
    let mut world = World::new();
    let fail = |world: &mut World| {
        world.simulation.network.answers(URL, 503);
        let event = world.simulation.post_event(&world.account);
        world.simulation.run_for(seconds(1));
        world.simulation.network.answers(URL, 200);
        world.simulation.post_event(&world.account);
        world.simulation.run_for(seconds(90));
        event
    };
    let event = fail(&mut world);
    let paths = lists(&world, &event);
    let rows = |world: &mut World, path: &String| world.simulation.list(&world.account, path);
    let before = paths.each_ref().map(|path| rows(&mut world, path));
    assert_eq!(before.each_ref().map(Vec::len), [3, 1, 1, 3, 2]);
    world.put_failed_attempts_back();
    assert_eq!(paths.each_ref().map(|path| rows(&mut world, path)), before);
    _ = fail(&mut world);
    let now = paths.each_ref().map(|path| rows(&mut world, path));
    assert_eq!(now.each_ref().map(Vec::len), [6, 2, 2, 6, 2]);
    for (now, before) in now.iter().zip(&before) {
        assert!(now.ends_with(before), "{now:?} does not end with {before:?}");
    }
    for row in &now[0] {
        let path = format!("/v1/logs/{}", row["id"].as_str().unwrap());
        assert_eq!(world.simulation.show(&world.account, &path), *row);
    }
}

#[test]
fn a_failed_attempt_of_an_earlier_version_stays_listed_when_its_event_is_erased() {
    let mut world = World::new();
    world.simulation.network.on(URL, |_| {
        let mut reply = Reply::status(503);
        if let Outcome::Answered(answer) = &mut reply.outcome {
            "no room".clone_into(&mut answer.body_excerpt);
        }
        reply
    });
    let event = world.simulation.post_event(&world.account);
    world.simulation.run_for(seconds(1));
    world.put_failed_attempts_back();
    let path = "/v1/logs?status=failed";
    let excerpt = |world: &mut World| -> Vec<Value> {
        let rows = world.simulation.list(&world.account, path);
        rows.iter().map(|row| row["response"]["body_excerpt"].clone()).collect()
    };
    assert_eq!(excerpt(&mut world), ["no room"]);
    let erase = Call::delete(&format!("/v1/events/{event}"));
    _ = world.simulation.call(erase.on(&world.account)).expect(200);
    world.simulation.run_for(minutes(5));
    assert_eq!(excerpt(&mut world), [Value::Null]);
}
