//! Plan of a commit: the items that are put before its transaction, those that it writes, with the
//! part of the commit that each belongs to, and those that are deleted after it.

use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use domain::{Timestamp, id::Ulid};
use ports::{
    Commit, Unavailable,
    store::{Append, CommitError, Condition, IndexEntry, Key, Write},
};

use super::{
    Tables,
    attributes::{
        Entered, Item, document_key, expire, number, read_number, size, text, views_key,
        write_entries,
    },
    body,
    counters::counter_key,
    events::{event_item, event_key, history_key, stream_key},
    guard::Guard,
    seen::{PriorDocument, PriorDocuments},
};
use crate::failure::incomplete;

/// Largest number of items of one transaction (DynamoDB API reference, `TransactWriteItems`).
const MOST_ITEMS: usize = 100;
/// Largest item, in bytes (Developer Guide, "Quotas in Amazon DynamoDB").
const LARGEST_ITEM: usize = 400 * 1024;
/// Largest transaction, in bytes (Developer Guide, "Quotas in Amazon DynamoDB").
const LARGEST_TRANSACTION: usize = 4 * 1024 * 1024;

/// Items that a commit writes.
#[derive(Debug)]
pub(super) struct Plan {
    /// Items that mean nothing yet, or are true by themselves.
    pub(super) ahead: Vec<Item>,
    pub(super) steps: Vec<Step>,
    /// Entries that mean nothing any more.
    pub(super) after: Vec<Entered>,
    /// Name of the plan, its idempotency token for the service.
    pub(super) id: String,
    /// Revision of the documents that this plan puts, and of no others.
    revision: u64,
}

/// One item of a plan.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) action: Action,
    pub(super) guard: Option<Guard>,
    pub(super) part_of: PartOf,
}

/// Part of the commit that an item belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartOf {
    /// `appends[index]`.
    Append(usize),
    /// `writes[index]`: the document or counter itself.
    Write(usize),
    /// Item that follows from another one, and has no condition.
    Another,
}

/// Change of an item.
#[derive(Debug)]
pub(super) enum Action {
    PutEvent(Item),
    CheckEvent(Item),
    Put(Item),
    Delete(Item),
    Check(Item),
    /// Adds to the attribute `n`.
    Add(Item, i64),
}

impl Plan {
    /// Returns the plan for `commit` at `now`; `versions` are those at which its events are appended,
    /// `seen` has the documents that it replaces.
    pub(super) fn of(
        commit: &Commit,
        versions: &[u64],
        seen: &PriorDocuments,
        id: Ulid,
        now: Timestamp,
    ) -> Result<Self, CommitError> {
        if commit.until.is_some_and(|until| until <= now) {
            return Err(CommitError::Late);
        }
        let (ahead, steps, after) = (Vec::new(), Vec::new(), Vec::new());
        let mut plan = Self { ahead, steps, after, id: id.to_string(), revision: revision(id) };
        for (index, (append, version)) in commit.appends.iter().zip(versions).enumerate() {
            plan.append(index, append, *version)?;
        }
        for (index, write) in commit.writes.iter().enumerate() {
            plan.write(index, write, seen, now)?;
        }
        for write in &commit.ahead {
            let (item, entries) = plan.document(write, None)?;
            plan.ahead.extend(entries);
            plan.ahead.extend(item);
        }
        plan.check_size()?;
        Ok(plan)
    }

    /// Returns whether this plan has put the document in `item`.
    pub(super) fn has_put(&self, item: &Item) -> bool {
        read_number(item, "revision").is_ok_and(|revision: u64| revision == self.revision)
    }

    /// Adds the events, on condition that they don't exist and the one before them does, so that a
    /// stream has no gap. Each is listed in the history of the account, and a new stream among its
    /// streams.
    fn append(&mut self, index: usize, append: &Append, version: u64) -> Result<(), Unavailable> {
        let part_of = PartOf::Append(index);
        if version > 0 {
            let last = event_key(append.stream, version);
            self.step(Action::CheckEvent(last), Some(Guard::event()), part_of);
        }
        for (event, version) in append.events.iter().zip(version + 1..) {
            let item = event_item(append.stream, version, event)?;
            self.step(Action::PutEvent(item), Some(Guard::no_event()), part_of);
            if let Some((account, part)) = append.stream.history() {
                let mut listed = history_key(account, part, event.id);
                listed.extend(event_key(append.stream, version));
                self.step(Action::Put(listed), None, PartOf::Another);
            }
        }
        if version == 0
            && let Some(listed) = stream_key(append.stream)
        {
            self.step(Action::Put(listed), None, PartOf::Another);
        }
        Ok(())
    }

    fn write(
        &mut self,
        index: usize,
        write: &Write,
        seen: &PriorDocuments,
        now: Timestamp,
    ) -> Result<(), Unavailable> {
        let part_of = PartOf::Write(index);
        match write {
            Write::Put { condition: Condition::Absent, .. } => {
                let guard = Guard::of(Condition::Absent, now);
                // The entries of an expired document have expired with it.
                self.put(write, None, guard, part_of)?;
            }
            Write::Put { key, .. } => {
                let was = seen.at(key);
                let guard = was.map_or(Guard::nothing(), |was| Guard::left_by(was.revision));
                let there = was.filter(|was| was.is_there(now));
                self.put(write, there, Some(guard), part_of)?;
            }
            Write::Delete { key, .. } => {
                let was = seen.at(key);
                let guard = was.map_or(Guard::nothing(), |was| Guard::left_by(was.revision));
                self.step(Action::Delete(document_key(key)), Some(guard), part_of);
                if let Some(there) = was.filter(|was| was.is_there(now)) {
                    self.remove(there, &[]);
                }
            }
            Write::Check { key, condition } => {
                if let Some(guard) = Guard::of(*condition, now) {
                    self.step(Action::Check(document_key(key)), Some(guard), part_of);
                }
            }
            Write::Count { key, by, at_most } => {
                let guard = Guard::counts(*by, *at_most);
                self.step(Action::Add(counter_key(key), *by), guard, part_of);
            }
        }
        Ok(())
    }

    /// Puts a document in place of the one that is `there`, and its index entries, and deletes those
    /// that it no longer has.
    fn put(
        &mut self,
        write: &Write,
        there: Option<&PriorDocument>,
        guard: Option<Guard>,
        part_of: PartOf,
    ) -> Result<(), Unavailable> {
        let Write::Put { expires_at, index, .. } = write else { return Ok(()) };
        let (item, entries) = self.document(write, there)?;
        if let Some(item) = item {
            self.step(Action::Put(item), guard, part_of);
        }
        if expires_at.is_some() {
            self.ahead.extend(entries);
        } else {
            for entry in entries {
                self.step(Action::Put(entry), None, PartOf::Another);
            }
        }
        if let Some(there) = there {
            self.remove(there, index);
        }
        Ok(())
    }

    /// Returns the item of a document that is put in place of the one that is `there`, and the items
    /// of those of its entries that have to be written.
    fn document(
        &self,
        write: &Write,
        there: Option<&PriorDocument>,
    ) -> Result<(Option<Item>, Vec<Item>), Unavailable> {
        let Write::Put { key, body, expires_at, index, .. } = write else {
            return Ok((None, Vec::new()));
        };
        // Entries expire with their document, so those of one that expires at another time are
        // written again.
        let there = there.filter(|there| there.expires_at == *expires_at);
        let (mut entered, mut entries) = (Vec::with_capacity(index.len()), Vec::new());
        for entry in index {
            let known = there.and_then(|there| there.entered(entry));
            if known.is_none() {
                entries.push(pointer(entry, key, self.revision, *expires_at));
            }
            let new = || Entered { entry: entry.clone(), by: Some(self.revision) };
            entered.push(known.cloned().unwrap_or_else(new));
        }
        let mut item = document_key(key);
        body::write(&mut item, body)?;
        item.insert("revision".to_owned(), number(self.revision));
        if !entered.is_empty() {
            let entries = write_entries(&entered, &key.sort, self.revision);
            item.insert("entries".to_owned(), entries);
        }
        expire(&mut item, *expires_at);
        Ok((Some(item), entries))
    }

    /// Deletes the entries of the document that was `there` which are not among `kept`.
    fn remove(&mut self, there: &PriorDocument, kept: &[IndexEntry]) {
        let gone = there.entries.iter().filter(|entered| !kept.contains(&entered.entry));
        if there.expires_at.is_some() {
            self.after.extend(gone.cloned());
            return;
        }
        for Entered { entry, .. } in gone {
            let key = views_key(entry.partition.as_str(), &entry.sort);
            self.step(Action::Delete(key), None, PartOf::Another);
        }
    }

    fn step(&mut self, action: Action, guard: Option<Guard>, part_of: PartOf) {
        self.steps.push(Step { action, guard, part_of });
    }

    /// Refuses a plan that DynamoDB would refuse for its size.
    fn check_size(&self) -> Result<(), CommitError> {
        let items = self.steps.len();
        if items > MOST_ITEMS {
            return Err(CommitError::TooManyItems { items });
        }
        let sizes = self.steps.iter().map(|step| size(step.action.item()));
        let ahead = self.ahead.iter().map(size);
        let largest = sizes.clone().chain(ahead).max().unwrap_or_default();
        let whole: usize = sizes.sum();
        if largest > LARGEST_ITEM {
            Err(CommitError::TooLarge { bytes: largest })
        } else if whole > LARGEST_TRANSACTION {
            Err(CommitError::TooLarge { bytes: whole })
        } else {
            Ok(())
        }
    }
}

/// Returns the revision of documents that the plan `id` puts. It is drawn anew for each plan
/// instead of counted up: after a deletion there is nothing to count on from, and a put without a
/// previous document reads nothing. The last 63 bits of a ULID are a counter of the process and 40
/// random bits, so two are equal less often than a disk returns wrong data.
fn revision(id: Ulid) -> u64 {
    let mut last = [0; 8];
    last.copy_from_slice(&id.to_bytes()[8..]);
    (u64::from_be_bytes(last) & (u64::MAX >> 1)).max(1)
}

/// Returns an index entry as an item: it points to the document, and expires with it. `by` is the
/// revision of the put.
fn pointer(entry: &IndexEntry, key: &Key, by: u64, expires_at: Option<Timestamp>) -> Item {
    let mut item = views_key(entry.partition.as_str(), &entry.sort);
    item.insert("document_pk".to_owned(), text(key.partition.as_str()));
    if entry.sort != key.sort {
        item.insert("document_sk".to_owned(), text(&key.sort));
    }
    item.insert("by".to_owned(), number(by));
    expire(&mut item, expires_at);
    item
}

impl Action {
    /// Returns the item, or its key if the step has only that.
    fn item(&self) -> &Item {
        match self {
            Self::PutEvent(item)
            | Self::CheckEvent(item)
            | Self::Put(item)
            | Self::Delete(item)
            | Self::Check(item)
            | Self::Add(item, _) => item,
        }
    }
}

/// Adds the condition to a request, which then returns the present item if the condition fails.
macro_rules! guarded {
    ($builder:expr, $guard:expr) => {{
        let mut builder = $builder;
        for (name, value) in $guard.iter().flat_map(|guard| &guard.values) {
            builder = builder.expression_attribute_values(*name, value.clone());
        }
        for (name, meant) in $guard.iter().flat_map(|guard| guard.names) {
            builder = builder.expression_attribute_names(*name, *meant);
        }
        builder
            .set_condition_expression($guard.as_ref().map(|guard| guard.expression.to_owned()))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
    }};
}

impl Step {
    /// Returns the step as an item of a transaction.
    pub(super) fn to_transact(&self, tables: &Tables) -> Result<TransactWriteItem, Unavailable> {
        let (guard, item) = (&self.guard, Some(self.action.item().clone()));
        let whole = TransactWriteItem::builder();
        let table = match self.action {
            Action::PutEvent(_) | Action::CheckEvent(_) => &tables.events,
            Action::Put(_) | Action::Delete(_) | Action::Check(_) | Action::Add(..) => {
                &tables.views
            }
        };
        let built = match &self.action {
            Action::PutEvent(_) | Action::Put(_) => guarded!(Put::builder(), guard)
                .table_name(table)
                .set_item(item)
                .build()
                .map(|put| whole.put(put)),
            Action::CheckEvent(_) | Action::Check(_) => guarded!(ConditionCheck::builder(), guard)
                .table_name(table)
                .set_key(item)
                .build()
                .map(|check| whole.condition_check(check)),
            Action::Delete(_) => guarded!(Delete::builder(), guard)
                .table_name(table)
                .set_key(item)
                .build()
                .map(|delete| whole.delete(delete)),
            Action::Add(_, by) => guarded!(Update::builder(), guard)
                .table_name(table)
                .set_key(item)
                .update_expression("ADD n :by")
                .expression_attribute_values(":by", number(by))
                .build()
                .map(|update| whole.update(update)),
        };
        Ok(built.map_err(incomplete)?.build())
    }
}
