//! Tables that throttle: by partition, by their quota, and by what they have grown to.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use crate::{MINUTE, Millis, charges::Charge};

/// Units that a partition takes in a second: writes, and a third of a write for each read (Developer Guide,
/// "Best practices for designing and using partition keys effectively").
const PARTITION: f64 = 1000.0;
/// Price of a read in a partition's units.
const READ: f64 = 1.0 / 3.0;
/// Time in which a table may double (Developer Guide, "On-demand capacity mode").
const GROWS_IN: usize = 30;

/// Reason why an item was throttled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Throttled {
    /// The table's quota is used up.
    Quota,
    /// The table has not grown to as much.
    Growth,
    /// The partition is full.
    Partition,
}

/// Tables of a stack.
#[derive(Debug)]
pub(crate) struct Dynamo {
    tables: Vec<Table>,
    partitions: HashMap<u64, Bucket, BuildHasherDefault<Mixed>>,
}

#[derive(Debug)]
struct Table {
    writes: Bucket,
    reads: Bucket,
    quota: f64,
    whole: Bucket,
    /// Units a second that it can take.
    grown: f64,
    /// Units of this minute, and the average of each minute before it.
    taken: f64,
    minutes: Vec<f64>,
}

/// Bucket of units for a second, which fills as time passes.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Millis,
}

impl Bucket {
    const fn full(rate: f64) -> Self {
        Self { left: rate, at: 0 }
    }

    /// Fills at `rate` a second until `now`.
    #[expect(clippy::cast_precision_loss, reason = "no run lasts that long")]
    fn fill(&mut self, rate: f64, now: Millis) {
        self.left = (self.left + (now - self.at) as f64 * rate / 1000.0).min(rate);
        self.at = now;
    }
}

impl Dynamo {
    /// Creates `tables` tables with a quota of as many units a second, writes and reads apart, that have
    /// grown to `grown` writes a second.
    pub(crate) fn new(tables: usize, quota: f64, grown: f64) -> Self {
        let full = Bucket::full;
        let table = || Table {
            writes: full(quota),
            reads: full(quota),
            quota,
            whole: full(grown),
            grown,
            taken: 0.0,
            minutes: Vec::new(),
        };
        let tables = std::iter::repeat_with(table).take(tables).collect();
        Self { tables, partitions: HashMap::default() }
    }

    /// Takes the units of `charge` from the partition `key`, if there is one that others use.
    pub(crate) fn take(
        &mut self,
        charge: &Charge,
        key: Option<u64>,
        now: Millis,
    ) -> Result<(), Throttled> {
        let units = charge.writes + charge.reads * READ;
        let table = &mut self.tables[charge.table];
        table.writes.fill(table.quota, now);
        table.reads.fill(table.quota, now);
        table.whole.fill(table.grown, now);
        if table.writes.left < charge.writes || table.reads.left < charge.reads {
            return Err(Throttled::Quota);
        }
        if table.whole.left < units {
            return Err(Throttled::Growth);
        }
        if let Some(key) = key {
            let partition = self.partitions.entry(key).or_insert(Bucket::full(PARTITION));
            partition.fill(PARTITION, now);
            if partition.left < units {
                return Err(Throttled::Partition);
            }
            partition.left -= units;
        }
        table.writes.left -= charge.writes;
        table.reads.left -= charge.reads;
        table.whole.left -= units;
        table.taken += units;
        Ok(())
    }

    /// Ends a minute: a table takes up to twice of what it took in any minute that half an hour has passed
    /// since.
    pub(crate) fn end_minute(&mut self) {
        for table in &mut self.tables {
            #[expect(clippy::cast_precision_loss, reason = "a minute has 60 seconds")]
            table.minutes.push(table.taken / (MINUTE / 1000) as f64);
            table.taken = 0.0;
            if let Some(former) = table.minutes.len().checked_sub(GROWS_IN) {
                let peak = table.minutes[..=former].iter().copied().fold(0.0, f64::max);
                table.grown = table.grown.max(2.0 * peak);
            }
        }
    }
}

/// Hasher of numbers that are mixed already.
#[derive(Debug, Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::charges::Charges;

    /// Returns how many of ten thousand writes to a partition are taken in a second, and why the first was
    /// not.
    fn taken(dynamo: &mut Dynamo, key: Option<u64>, from: Millis) -> (u32, Option<Throttled>) {
        let charge = Charges::of_the_ledger().account_count.remove(0);
        let (mut taken, mut why) = (0, None);
        for try_number in 0..10_000 {
            match dynamo.take(&charge, key, from + try_number / 10) {
                Ok(()) => taken += 1,
                Err(throttled) => why = why.or(Some(throttled)),
            }
        }
        (taken, why)
    }

    #[test]
    fn a_partition_takes_a_thousand_writes_a_second() {
        let mut dynamo = Dynamo::new(1, 40_000.0, 40_000.0);
        // A second's worth is there at once, and another comes in the second.
        assert_eq!(taken(&mut dynamo, Some(1), 0), (1999, Some(Throttled::Partition)));
        assert_eq!(taken(&mut dynamo, Some(1), 1000), (1000, Some(Throttled::Partition)));
    }

    #[test]
    fn a_table_takes_its_quota_whatever_the_partitions() {
        let mut dynamo = Dynamo::new(1, 3000.0, 40_000.0);
        assert_eq!(taken(&mut dynamo, None, 0), (5997, Some(Throttled::Quota)));
    }

    #[test]
    fn a_new_table_takes_twice_its_peak_after_half_an_hour() {
        let mut dynamo = Dynamo::new(1, 40_000.0, 4000.0);
        let charge = Charges::of_the_ledger().account_count.remove(0);
        let mut by_minute = Vec::new();
        for minute in 0..62 {
            let mut taken = 0;
            for number in 0..10 * 60_000 {
                taken +=
                    u32::from(dynamo.take(&charge, None, minute * MINUTE + number / 10).is_ok());
            }
            by_minute.push(taken / 60);
            dynamo.end_minute();
        }
        assert_eq!((by_minute[1], by_minute[29]), (4000, 4000));
        assert_eq!((by_minute[31], by_minute[59]), (8133, 8133), "twice the first minute's");
    }
}
