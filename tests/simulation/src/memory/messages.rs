//! Messages and their leases.

use std::{collections::BTreeMap, time::Duration};

use domain::{Timestamp, id::MessageId};
use ports::queue::{Lane, Leased, Message, Receipt};

use super::VISIBILITY_TIMEOUT;

/// Messages and their leases.
#[derive(Clone)]
pub(super) struct Messages {
    /// Time for which a lease lasts.
    pub(super) lasts: Duration,
    queued: BTreeMap<MessageId, (Message, Option<Lease>)>,
    leases: u64,
}

impl Default for Messages {
    fn default() -> Self {
        Self { lasts: VISIBILITY_TIMEOUT, queued: BTreeMap::new(), leases: 0 }
    }
}

#[derive(Clone)]
struct Lease {
    receipt: Receipt,
    until: Timestamp,
}

impl Messages {
    /// Adds a message; sending the same one twice has no further effect.
    pub(super) fn send(&mut self, message: Message) {
        self.queued.entry(message.id).or_insert((message, None));
    }

    pub(super) fn receive(&mut self, lane: Lane, most: usize, now: Timestamp) -> Vec<Leased> {
        let visible = |(message, lease): &&mut (Message, Option<Lease>)| {
            message.lane == lane && visible_from(message, lease.as_ref()) <= now
        };
        let mut due: Vec<_> = self.queued.values_mut().filter(visible).collect();
        due.sort_by_key(|(message, _)| (message.due, message.id));
        let mut received = Vec::new();
        for (message, lease) in due.into_iter().take(most) {
            self.leases += 1;
            let receipt = Receipt(format!("{}#{}", message.id, self.leases));
            *lease = Some(Lease { receipt: receipt.clone(), until: now.plus(self.lasts) });
            received.push(Leased { message: message.clone(), receipt });
        }
        received
    }

    /// Removes a message, unless the lease of the receipt has ended.
    pub(super) fn acknowledge(&mut self, receipt: &Receipt, now: Timestamp) {
        let runs = |lease: &Lease| lease.receipt == *receipt && lease.until > now;
        self.queued.retain(|_, (_, lease)| !lease.as_ref().is_some_and(runs));
    }

    pub(super) fn release(&mut self, receipt: &Receipt) {
        for (_, lease) in self.queued.values_mut() {
            lease.take_if(|lease| lease.receipt == *receipt);
        }
    }

    pub(super) fn end_leases(&mut self) {
        for (_, lease) in self.queued.values_mut() {
            *lease = None;
        }
    }

    pub(super) fn next_due(&self, lane: Lane) -> Option<Timestamp> {
        let of_lane = self.queued.values().filter(|(message, _)| message.lane == lane);
        of_lane.map(|(message, lease)| visible_from(message, lease.as_ref())).min()
    }

    pub(super) fn len(&self) -> usize {
        self.queued.len()
    }
}

fn visible_from(message: &Message, lease: Option<&Lease>) -> Timestamp {
    lease.map_or(message.due, |lease| message.due.max(lease.until))
}
