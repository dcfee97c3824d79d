//! Counted rows: rows of the API log that each stand for all requests of a kind in a minute.
//!
//! A refused request is not written, because anybody with a key can be refused thousands of times a
//! second, and a publishable key is public by design. It is counted in memory instead, and the log
//! gets one row with the count for each key and minute. Requests beyond the bytes that an account's
//! log may take are counted in the same way, in one row for each account and minute.
//!
//! A row is written when its count is a power of two, so that the first refusal can be seen at once
//! and a million of them cost twenty writes; and once more when its minute is over, when somebody
//! lists the log, and when the server ends. Where several processes serve one installation, as on
//! AWS, each has rows of its own, because a common count would cost a write for each request; there a
//! process writes the last count of a minute with its next refusal, and one that gets none leaves a
//! row that says half of the truth at least.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::{
    Timestamp,
    id::{AccountId, KeyId, LogId},
};
use ports::store::Write;

use crate::{Backend, documents::RequestRow, resources::logs::counted_row};

/// Milliseconds that one row stands for.
const MINUTE: i64 = 60_000;
/// Largest number of rows that are counted at once; beyond it, requests are only in the metrics.
const MOST: usize = 65_536;
/// Number of finished rows that are written along with another one.
pub(crate) const ALONG: usize = 8;

/// Account of a row, and the key if it stands for that key's refusals.
pub(crate) type Whose = (AccountId, Option<KeyId>);

/// Rows that are counted now.
#[derive(Default)]
pub(crate) struct Counted(Mutex<Rows>);

#[derive(Default)]
struct Rows {
    /// Current minute since the epoch.
    minute: i64,
    /// Rows of the current minute.
    current: HashMap<Whose, Row>,
    /// Rows of earlier minutes whose count has changed since they were written.
    over: Vec<Due>,
}

/// Row that is counted.
#[derive(Debug, Clone)]
struct Row {
    id: LogId,
    /// First request that it stands for; its refusal is that of the latest.
    request: RequestRow,
    count: u64,
    /// Count when it was last written.
    written: u64,
}

/// Row that is to be written.
pub(crate) struct Due {
    whose: Whose,
    row: Row,
}

impl Counted {
    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether there is a row of `whose` for the minute of `at`.
    pub(crate) fn has(&self, whose: Whose, at: Timestamp) -> bool {
        let mut rows = self.rows();
        rows.advance_to(at);
        rows.current.contains_key(&whose)
    }

    /// Counts `request`, and returns the rows to write: its own if that is due, and a few of those
    /// whose minute is over.
    pub(crate) fn count(&self, backend: &Backend, whose: Whose, request: RequestRow) -> Vec<Due> {
        let mut rows = self.rows();
        rows.advance_to(request.created_at);
        let along = rows.over.len().saturating_sub(ALONG);
        let mut due = rows.over.split_off(along);
        let has_room = rows.current.len() < MOST;
        let row = match rows.current.entry(whose) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(_) if !has_room => return due,
            Entry::Vacant(new) => {
                let id = backend.new_id(request.created_at);
                new.insert(Row { id, request: request.clone(), count: 0, written: 0 })
            }
        };
        row.count += 1;
        row.request.details.status = request.details.status;
        row.request.details.error_code = request.details.error_code;
        if row.count.is_power_of_two() {
            due.push(Due { whose, row: row.clone() });
        }
        due
    }

    /// Returns the rows of those who `are` meant whose count has changed since it was written.
    pub(crate) fn all(&self, are: impl Fn(&Whose) -> bool, now: Timestamp) -> Vec<Due> {
        let mut rows = self.rows();
        rows.advance_to(now);
        let mut due: Vec<Due> = rows.over.extract_if(.., |due| are(&due.whose)).collect();
        let changed = rows.current.iter().filter(|(whose, row)| are(whose) && row.has_changed());
        due.extend(changed.map(|(whose, row)| Due { whose: *whose, row: row.clone() }));
        due
    }

    pub(crate) fn written(&self, due: &[Due]) {
        let mut rows = self.rows();
        for Due { whose, row } in due {
            if let Some(known) = rows.current.get_mut(whose).filter(|known| known.id == row.id) {
                known.written = known.written.max(row.count);
            }
        }
    }
}

impl Rows {
    /// Moves to the minute of `now`; a request with an earlier time counts in the current minute.
    fn advance_to(&mut self, now: Timestamp) {
        let minute = now.as_millis() / MINUTE;
        if minute > self.minute {
            self.minute = minute;
            let ended = std::mem::take(&mut self.current).into_iter();
            let changed = ended.filter(|(_, row)| row.has_changed());
            self.over.extend(changed.map(|(whose, row)| Due { whose, row }));
        }
    }
}

impl Row {
    const fn has_changed(&self) -> bool {
        self.written < self.count
    }
}

impl Due {
    /// Returns the write that stores the row.
    pub(crate) fn write(&self, backend: &Backend) -> Write {
        let Row { id, request, count, .. } = &self.row;
        counted_row(backend, self.whose.0, (*id, request), *count)
    }
}
