//! Jobs that wait for the writer, and whose turn it is.
//!
//! Accounts take turns, one commit each, and a batch takes no more than is written in a few
//! milliseconds. So however much one account wants to write, the commit of another is in the next
//! batch.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use foldhash::fast::RandomState;
use ports::store::Scope;

use super::{Answer, Job, Task, batch::Batch, begun::Size, prepared::Prepared};

/// Largest number of rows that a batch writes, unless it is a single commit: a row takes about 5
/// microseconds, so that a batch of many commits is written in 5 milliseconds. Four belong to an event
/// with one delivery.
const MOST_ROWS: usize = 1024;
/// Number of rows that a batch may always write.
const FEW_ROWS: usize = 256;
/// Time in which a row is written, about.
const ROW: Duration = Duration::from_micros(5);
/// Size in bytes of bodies for each of those rows, after which a batch takes no more commits.
const ROW_BYTES: usize = 1024;

/// Commits in the order of their arrival, with their callers.
type Line = VecDeque<(Box<Prepared>, Answer)>;

/// Jobs that wait.
#[derive(Default)]
pub(super) struct Waiting {
    lines: HashMap<Scope, Line, RandomState>,
    /// Accounts that have commits waiting, the next one first.
    turns: VecDeque<Scope>,
    tasks: VecDeque<Task>,
    stops: bool,
}

impl Waiting {
    pub(super) fn add(&mut self, job: Job) {
        match job {
            Job::Commit(commit, answer) => {
                let scope = commit.scope;
                let line = self.lines.entry(scope).or_default();
                if line.is_empty() {
                    self.turns.push_back(scope);
                }
                line.push_back((commit, answer));
            }
            Job::Task(task) => self.tasks.push_back(task),
            Job::Synced => {}
            Job::Stop => self.stops = true,
        }
    }

    /// Returns whether the writer ends once no job waits.
    pub(super) const fn stops(&self) -> bool {
        self.stops
    }

    /// Takes the task that waits longest.
    pub(super) fn task(&mut self) -> Option<Task> {
        self.tasks.pop_front()
    }

    /// Takes the next commits for a transaction that has the size `begun`; none if none waits, or no more
    /// fit. If making one durable takes `syncing`, it is as large as can be written in about that time:
    /// whoever hands over a commit waits for the transaction before theirs, and where that is durable at
    /// once, only for what it writes.
    pub(super) fn batch(&mut self, begun: Size, syncing: Duration) -> Batch {
        let most = rows_at_most(syncing);
        let Size { mut rows, mut bytes } = begun;
        let mut batch = Batch::new();
        while let Some(scope) = self.turns.front().copied() {
            let Some(line) = self.lines.get_mut(&scope) else { break };
            let is_first = rows == 0;
            rows += line.front().map_or(0, |(commit, _)| commit.rows());
            if (rows > most && !is_first) || bytes >= most * ROW_BYTES {
                break;
            }
            self.turns.pop_front();
            if let Some((commit, answer)) = line.pop_front() {
                bytes += commit.bytes;
                batch.push((commit, answer));
            }
            if line.is_empty() {
                self.lines.remove(&scope);
            } else {
                self.turns.push_back(scope);
            }
        }
        batch
    }
}

/// Returns the number of rows that are written while a batch is made durable.
fn rows_at_most(syncing: Duration) -> usize {
    let rows = syncing.as_micros() / ROW.as_micros();
    usize::try_from(rows).unwrap_or(MOST_ROWS).clamp(FEW_ROWS, MOST_ROWS)
}

#[cfg(test)]
mod tests {
    use domain::id::{AccountId, Ulid};
    use ports::{
        Commit,
        store::{Collection, Condition, Partition, Write},
    };
    use tokio::sync::oneshot;

    use super::*;

    /// Time in which more than the largest batch is written.
    const SLOW: Duration = Duration::from_millis(20);

    /// Returns a commit of an account that writes `rows` documents of `bytes` each.
    fn commit(account: u128, rows: usize, bytes: usize) -> Job {
        let scope = Scope::Account(AccountId(Ulid::from(account)));
        let put = |number: usize| Write::Put {
            key: Partition::new(scope, Collection("things"), "").key(number),
            body: vec![b'x'; bytes].into(),
            expires_at: None,
            index: Vec::new(),
            condition: Condition::None,
        };
        let commit = Commit { writes: (0..rows).map(put).collect(), ..Commit::default() };
        let prepared = Prepared::from(commit).unwrap();
        Job::Commit(Box::new(prepared), oneshot::channel().0)
    }

    /// Returns the accounts of the commits of the next batch.
    fn accounts(waiting: &mut Waiting) -> Vec<u128> {
        let account = |scope| match scope {
            Scope::Account(AccountId(id)) => u128::from(id),
            Scope::Installation => 0,
        };
        waiting
            .batch(Size::default(), SLOW)
            .iter()
            .map(|(commit, _)| account(commit.scope))
            .collect()
    }

    #[test]
    fn accounts_take_turns_and_each_keeps_its_order() {
        let mut waiting = Waiting::default();
        for rows in [1, 2, 3] {
            waiting.add(commit(7, rows, 1));
        }
        waiting.add(commit(8, 9, 1));
        let batch = waiting.batch(Size::default(), SLOW);
        let rows: Vec<usize> = batch.iter().map(|(commit, _)| commit.rows()).collect();
        assert_eq!(rows, [1, 9, 2, 3]);
        assert!(waiting.turns.is_empty());
    }

    #[test]
    fn a_batch_is_small_and_the_next_begins_where_it_ended() {
        let mut waiting = Waiting::default();
        for _ in 0..4 {
            waiting.add(commit(7, 500, 1));
        }
        waiting.add(commit(8, 4, 1));
        assert_eq!(accounts(&mut waiting), [7, 8, 7]);
        waiting.add(commit(9, 4, 1));
        waiting.add(commit(8, 4, 1));
        assert_eq!(accounts(&mut waiting), [7, 9, 8, 7]);
        assert!(waiting.turns.is_empty());
    }

    #[test]
    fn a_transaction_that_was_begun_takes_only_what_still_fits() {
        let mut waiting = Waiting::default();
        for _ in 0..3 {
            waiting.add(commit(7, 10, 1));
        }
        let begun = |rows| Size { rows, bytes: 0 };
        assert_eq!(waiting.batch(begun(MOST_ROWS - 20), SLOW).len(), 2);
        assert_eq!(waiting.batch(begun(MOST_ROWS - 5), SLOW).len(), 0);
        assert_eq!(waiting.batch(begun(0), SLOW).len(), 1);
    }

    #[test]
    fn a_commit_that_is_larger_than_a_batch_has_one_to_itself() {
        let mut waiting = Waiting::default();
        waiting.add(commit(7, 2000, 1));
        waiting.add(commit(8, 1, 1));
        assert_eq!(accounts(&mut waiting), [7]);
        assert_eq!(accounts(&mut waiting), [8]);
        waiting.add(commit(7, 1, 1));
        waiting.add(commit(8, 2000, 1));
        assert_eq!(accounts(&mut waiting), [7]);
        assert_eq!(accounts(&mut waiting), [8]);
    }

    #[test]
    fn bodies_are_bounded_as_well() {
        let mut waiting = Waiting::default();
        for _ in 0..3 {
            waiting.add(commit(7, 1, MOST_ROWS * ROW_BYTES / 2));
        }
        assert_eq!(accounts(&mut waiting), [7, 7]);
        assert_eq!(accounts(&mut waiting), [7]);
    }

    #[test]
    fn a_batch_is_no_longer_written_than_it_takes_to_make_one_durable() {
        let rows = |syncing| {
            let mut waiting = Waiting::default();
            for _ in 0..600 {
                waiting.add(commit(7, 2, 1));
            }
            2 * waiting.batch(Size::default(), Duration::from_micros(syncing)).len()
        };
        assert_eq!([0, 100, 2000, 9000].map(rows), [256, 256, 400, 1024]);
    }
}
