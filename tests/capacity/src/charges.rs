//! Charges: the units that an operation takes, by partition, from the ledger that a test at the wire holds.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::chance::mix;

const LEDGER: &str = include_str!("../../aws/ledger.json");
/// Number of partitions of a list that is spread: `SPREAD` of `shared/aws/src/dynamo.rs`.
const SPREAD: u64 = 8;
/// Counts, which are spread as lists are and of which the ledger does not say so.
const COUNTS: &str = "attempt_counts";
/// Number of webhooks that hear an event of the ledger. Their first attempts are made, and charged, together.
const WEBHOOKS: f64 = 2.0;
/// Number of partitions of a list over all accounts: `SHARDS` of the collections of log rows.
const NUMBERED: u64 = 16;
/// Partitions that split between any two of their items when they get hot, because the items' sort keys are
/// identifiers that are asked for in no order. Other lists are in the order of time: what is written
/// goes to one end.
const SPLITTING: &[&str] = &["accounts/", "api_key_lookups/"];

/// Units of one item of an operation.
#[derive(Debug, Clone)]
pub(crate) struct Charge {
    /// Partition by its shape: `views {acct}/events/test`.
    pub(crate) label: String,
    /// Index of the table, in [`Charges::tables`].
    pub(crate) table: usize,
    pub(crate) writes: f64,
    pub(crate) reads: f64,
    of: Part,
    /// Number that stands for the shape.
    pub(crate) shape: u64,
}

/// Owner of a partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    by_account: bool,
    by_webhook: bool,
    /// One that no other operation uses, such as an event's own.
    by_event: bool,
    parts: u64,
}

/// Operations of the product.
#[derive(Debug)]
pub(crate) struct Charges {
    pub(crate) tables: Vec<String>,
    pub(crate) accept: Vec<Charge>,
    /// Reads of an attempt's webhook and account, unless the process has seen them for five
    /// seconds.
    pub(crate) remembered: Vec<Charge>,
    /// First attempt that succeeds.
    pub(crate) success: Vec<Charge>,
    /// First attempt that fails.
    pub(crate) failure: Vec<Charge>,
    /// First attempt that is not answered.
    pub(crate) silence: Vec<Charge>,
    /// Retry that succeeds: it ends the delivery's place among the undelivered.
    pub(crate) success_again: Vec<Charge>,
    /// Retry that fails: the delivery has its places already.
    pub(crate) failure_again: Vec<Charge>,
    /// Retry that is not answered.
    pub(crate) silence_again: Vec<Charge>,
    /// Counts of a batch, for each of its webhooks.
    pub(crate) webhook_count: Vec<Charge>,
    /// Counts of a batch, for each of its accounts.
    pub(crate) account_count: Vec<Charge>,
}

/// Ledger, as far as the model reads it.
#[derive(Deserialize)]
struct Ledger {
    operations: BTreeMap<String, Operation>,
    /// Partitions of lists that are spread.
    spread: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Operation {
    units: BTreeMap<String, f64>,
}

impl Charges {
    /// Reads the ledger.
    ///
    /// # Panics
    /// Fails if the ledger has no such operations, or is written in another way.
    #[expect(clippy::expect_used, reason = "the ledger is part of the checkout")]
    pub(crate) fn of_the_ledger() -> Self {
        let ledger: Ledger = serde_json::from_str(LEDGER).expect("the ledger is JSON");
        let mut charging = Charging { spread: ledger.spread, tables: Vec::new() };
        let units = |name: &str| &ledger.operations.get(name).expect("the operation").units;
        let mut all = |name: &str, share: f64| -> Vec<Charge> {
            units(name).iter().map(|(entry, units)| charging.charge(entry, units / share)).collect()
        };
        let (accept, success) = (all("event", 1.0), all("success", WEBHOOKS));
        let (failure, silence) = (all("failure", WEBHOOKS), all("silence", WEBHOOKS));
        let (success_again, failure_again) = (all("success again", 1.0), all("failure again", 1.0));
        let silence_again = all("silence again", 1.0);
        let mut one = |entry: &str, units| charging.charge(entry, units);
        let remembered =
            vec![one("read views {acct}/webhooks/test", 0.5), one("read views accounts/", 0.5)];
        let webhook_count = vec![one("write views {acct}/attempt_counts/test/{wh}", 1.0)];
        let account_count = vec![one("write views {acct}/attempt_counts/test", 1.0)];
        Self {
            tables: charging.tables,
            accept,
            remembered,
            success,
            failure,
            silence,
            success_again,
            failure_again,
            silence_again,
            webhook_count,
            account_count,
        }
    }
}

/// Reading of charges.
#[derive(Default)]
struct Charging {
    spread: BTreeSet<String>,
    tables: Vec<String>,
}

impl Charging {
    #[expect(clippy::expect_used, reason = "the ledger is part of the checkout")]
    fn charge(&mut self, entry: &str, units: f64) -> Charge {
        let (kind, label) = entry.split_once(' ').expect("a kind");
        let (table, shape) = label.split_once(' ').expect("a table");
        let table = self.tables.iter().position(|known| known == table).unwrap_or_else(|| {
            self.tables.push(table.to_owned());
            self.tables.len() - 1
        });
        let has = |wanted: &str| shape.split('/').any(|part| part == wanted);
        let of = Part {
            by_account: has("{acct}") || SPLITTING.contains(&shape),
            by_webhook: has("{wh}"),
            by_event: has("{evt}") || has("{object}"),
            parts: if has("{n}") {
                NUMBERED
            } else if self.spread.contains(label) || has(COUNTS) {
                SPREAD
            } else {
                1
            },
        };
        let number = shape.bytes().fold(0, |sum, byte| mix(sum ^ u64::from(byte)));
        let (reads, writes) = if kind == "read" { (units, 0.0) } else { (0.0, units) };
        Charge { label: label.to_owned(), table, writes, reads, of, shape: number }
    }
}

impl Charge {
    /// Returns a number that stands for the partition which the operation on a delivery uses; none for
    /// one that no other operation uses.
    pub(crate) fn key(&self, account: u32, webhook: u8, id: u64) -> Option<u64> {
        let Part { by_account, by_webhook, by_event, parts } = self.of;
        if by_event {
            return None;
        }
        let account = if by_account { u64::from(account) + 1 } else { 0 };
        let webhook = if by_webhook { u64::from(webhook) + 1 } else { 0 };
        let part = mix(id ^ self.shape) % parts;
        Some(mix(self.shape ^ mix(account << 16 | webhook << 8 | part)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_in_the_order_of_time_is_spread_over_its_parts_only() {
        let spread = BTreeSet::from(["views {acct}/events/test".to_owned()]);
        let mut charging = Charging { spread, tables: Vec::new() };
        let list = charging.charge("write views {acct}/events/test", 1.0);
        let keys: BTreeSet<_> = (0..1000).map(|id| list.key(7, 0, id)).collect();
        assert_eq!(keys.len(), 8);
        assert!(!keys.contains(&list.key(8, 0, 1)));
        let whole = charging.charge("read views {acct}/webhooks/test", 1.0);
        assert_eq!(whole.key(7, 0, 1), whole.key(7, 1, 2));
    }

    #[test]
    fn a_list_by_identifier_splits_and_an_event_has_a_partition_of_its_own() {
        let mut charging = Charging::default();
        let accounts = charging.charge("read views accounts/", 1.0);
        assert_ne!(accounts.key(7, 0, 1), accounts.key(8, 0, 1));
        assert_eq!(accounts.key(7, 0, 1), accounts.key(7, 1, 2));
        let delivery = charging.charge("write views {acct}/deliveries/{evt}", 1.0);
        assert_eq!(delivery.key(7, 0, 1), None);
    }

    #[test]
    fn the_ledger_has_what_the_model_asks_of_it() {
        let charges = Charges::of_the_ledger();
        let writes = |of: &[Charge]| of.iter().map(|charge| charge.writes).sum::<f64>();
        assert!(writes(&charges.success) <= writes(&charges.success_again));
        assert!(writes(&charges.failure_again) < writes(&charges.failure));
        assert_eq!(charges.tables, ["views"]);
    }
}
