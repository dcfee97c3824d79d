//! One lane: its groups, their turns, and its running leases.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    time::Duration,
};

use domain::{Timestamp, id::WebhookId};
use ports::queue::{Lane, Leased, Message};

use super::{
    Found, Now, Place, Turn, Wanted,
    capacity::{Capacity, Refusal},
    group::{Group, Queued},
    receipt::LeaseId,
};
use crate::{Concurrency, Options};

/// Largest number of buffered messages of one group, and of all groups; the others stay in the
/// database.
const BUFFERED_PER_GROUP: usize = 64;
const BUFFERED: usize = 4096;

/// Room that each group always has, however much the others have buffered: otherwise endpoints that
/// hang behind full buffers would keep the other groups from being read.
const RESERVED_PER_GROUP: usize = 4;

/// Blocked groups that are looked at again when a lease ends. More than one, since the first may
/// still be blocked for a reason of its own.
const UNBLOCKED: usize = 8;

/// Pause after which a group that could not be read is read again.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Longest wait for a timer: the wall clock may be changed in the meantime.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Message that is leased.
#[derive(Debug)]
struct Lease {
    message: Message,
    since: Duration,
}

/// The state of one lane.
#[derive(Debug)]
pub(super) struct LaneState {
    lane: Lane,
    visibility_timeout: Duration,
    slow_after: Duration,
    groups: HashMap<WebhookId, Group>,
    /// Groups that may be served, each once, in turn order.
    ready: VecDeque<WebhookId>,
    /// Groups that wait for others to end a lease.
    crowded: VecDeque<WebhookId>,
    crowded_by_slow: VecDeque<WebhookId>,
    /// Due time of each group's next message.
    timers: BTreeSet<(Timestamp, WebhookId)>,
    /// Running leases by number, and so by age.
    leases: BTreeMap<u64, Lease>,
    next_lease: u64,
    /// Leases below this number were already checked for taking long.
    watched: u64,
    buffered: usize,
    capacity: Capacity,
}

impl LaneState {
    pub(super) fn new(lane: Lane, limits: Concurrency, options: &Options) -> Self {
        Self {
            lane,
            visibility_timeout: options.visibility_timeout,
            slow_after: options.slow_after,
            groups: HashMap::new(),
            ready: VecDeque::new(),
            crowded: VecDeque::new(),
            crowded_by_slow: VecDeque::new(),
            timers: BTreeSet::new(),
            leases: BTreeMap::new(),
            next_lease: 0,
            watched: 0,
            buffered: 0,
            capacity: Capacity::new(limits),
        }
    }

    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Returns the number of messages in memory that are not leased.
    #[cfg(test)]
    pub(super) const fn buffered(&self) -> usize {
        self.buffered
    }

    /// Returns whether no group is kept in memory.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.timers.is_empty() && self.leases.is_empty()
    }

    pub(super) fn found_group(&mut self, webhook: WebhookId, due: Timestamp) {
        self.set_timer(webhook, due);
    }

    /// Serves the next group in turn.
    pub(super) fn turn(&mut self, now: Now) -> Turn {
        self.end_expired(now);
        self.notice_slow(now.monotonic);
        self.ring_timers(now.wall);
        while let Some(webhook) = self.ready.pop_front() {
            let Some(group) = self.groups.get_mut(&webhook) else { continue };
            group.queued = Queued::No;
            if !group.has_work() {
                self.forget_if_idle(webhook);
                continue;
            }
            if let Err(refusal) = self.capacity.vet(group.leased, group.slow) {
                self.block(webhook, refusal);
                continue;
            }
            return match group.buffer.pop_front() {
                Some(message) => Turn::Work(self.lease(message, now)),
                None => Turn::Read(self.begin_read(webhook, now)),
            };
        }
        Turn::Wait(self.until_something_changes(now))
    }

    /// Takes in the rows that were read for `wanted`.
    pub(super) fn refill(&mut self, wanted: Wanted, found: Option<Found>) {
        let Some(group) = self.groups.get_mut(&wanted.webhook) else { return };
        // Retry later after a failure: another read at once would most likely fail as well.
        let again = wanted.until.plus(PAUSE_AFTER_FAILURE);
        let found = found.unwrap_or_else(|| Found { due: Vec::new(), next_due: Some(again) });
        self.buffered += group.end_read(found.due, wanted.rows);
        if let Some(due) = found.next_due {
            self.set_timer(wanted.webhook, due);
        }
        self.enqueue(wanted.webhook);
        self.forget_if_idle(wanted.webhook);
    }

    /// Takes in a message that was just made durable.
    pub(super) fn arrived(&mut self, message: Message, now: Timestamp) {
        let webhook = message.webhook;
        if message.due > now {
            return self.set_timer(webhook, message.due);
        }
        let group = self.groups.entry(webhook).or_default();
        let room = group.buffer.len() < BUFFERED_PER_GROUP && self.buffered < BUFFERED;
        self.buffered += usize::from(group.offer(message, room));
        self.enqueue(webhook);
    }

    /// Returns the location of the message of a running lease.
    pub(super) fn leased(&self, lease: LeaseId) -> Option<Place> {
        let running = self.leases.get(&lease.number)?;
        (running.message.id == lease.message).then(|| Place::of(&running.message))
    }

    /// Ends the lease of a message that is gone from the database.
    pub(super) fn finished(&mut self, lease: LeaseId, now: Now) {
        if self.leased(lease).is_none() {
            return;
        }
        let Some(Lease { message, since }) = self.leases.remove(&lease.number) else { return };
        self.give_back(message.webhook, now.monotonic.saturating_sub(since));
        if let Some(group) = self.groups.get_mut(&message.webhook) {
            group.finish(&message);
        }
        self.after_lease(message.webhook);
    }

    /// Ends a lease whose message is to be handed out again.
    pub(super) fn release(&mut self, lease: LeaseId, now: Now) {
        if self.leased(lease).is_some() {
            self.end(lease.number, now);
        }
    }

    fn lease(&mut self, message: Message, now: Now) -> Leased {
        let number = self.next_lease;
        self.next_lease += 1;
        self.buffered -= 1;
        if let Some(group) = self.groups.get_mut(&message.webhook) {
            group.leased += 1;
            self.capacity.take(group.slow);
        }
        self.enqueue(message.webhook);
        let id = LeaseId { lane: self.lane, number, message: message.id };
        self.leases.insert(number, Lease { message: message.clone(), since: now.monotonic });
        Leased { message, receipt: id.receipt() }
    }

    fn begin_read(&mut self, webhook: WebhookId, now: Now) -> Wanted {
        let room = BUFFERED.saturating_sub(self.buffered);
        let room = room.clamp(RESERVED_PER_GROUP, BUFFERED_PER_GROUP);
        let rows = self.groups.entry(webhook).or_default().begin_read(room);
        Wanted { lane: self.lane, webhook, rows, until: now.wall }
    }

    fn end(&mut self, number: u64, now: Now) {
        let Some(Lease { message, since }) = self.leases.remove(&number) else { return };
        let webhook = message.webhook;
        self.give_back(webhook, now.monotonic.saturating_sub(since));
        if let Some(group) = self.groups.get_mut(&webhook) {
            group.buffer.push_front(message);
            self.buffered += 1;
        }
        self.after_lease(webhook);
    }

    fn give_back(&mut self, webhook: WebhookId, held_for: Duration) {
        if let Some(group) = self.groups.get_mut(&webhook) {
            self.capacity.give_back(group.slow);
            group.leased -= 1;
        }
        self.judge(webhook, held_for > self.slow_after);
    }

    fn judge(&mut self, webhook: WebhookId, slow: bool) {
        let Some(group) = self.groups.get_mut(&webhook) else { return };
        if group.slow != slow {
            group.slow = slow;
            self.capacity.judge(group.leased, slow);
        }
    }

    /// Queues the groups again that can use the lease that has ended.
    fn after_lease(&mut self, webhook: WebhookId) {
        self.enqueue(webhook);
        self.forget_if_idle(webhook);
        for _ in 0..UNBLOCKED {
            let blocked = [self.crowded.pop_front(), self.crowded_by_slow.pop_front()];
            if blocked.iter().all(Option::is_none) {
                break;
            }
            blocked.into_iter().flatten().for_each(|webhook| self.enqueue(webhook));
        }
    }

    fn enqueue(&mut self, webhook: WebhookId) {
        let Some(group) = self.groups.get_mut(&webhook) else { return };
        if group.queued == Queued::Ready || !group.has_work() {
            return;
        }
        group.queued = Queued::Ready;
        self.ready.push_back(webhook);
    }

    fn block(&mut self, webhook: WebhookId, refusal: Refusal) {
        let waiting = match refusal {
            // The end of one of the endpoint's own leases enqueues the group.
            Refusal::Full => return,
            Refusal::Crowded => &mut self.crowded,
            Refusal::CrowdedBySlow => &mut self.crowded_by_slow,
        };
        waiting.push_back(webhook);
        if let Some(group) = self.groups.get_mut(&webhook) {
            group.queued = Queued::Blocked;
        }
    }

    fn forget_if_idle(&mut self, webhook: WebhookId) {
        if self.groups.get(&webhook).is_some_and(Group::is_idle) {
            self.groups.remove(&webhook);
        }
    }

    fn set_timer(&mut self, webhook: WebhookId, due: Timestamp) {
        let group = self.groups.entry(webhook).or_default();
        match group.next_due {
            Some(earlier) if earlier <= due => return,
            Some(later) => _ = self.timers.remove(&(later, webhook)),
            None => {}
        }
        group.next_due = Some(due);
        self.timers.insert((due, webhook));
    }

    fn ring_timers(&mut self, now: Timestamp) {
        while let Some(&(due, webhook)) = self.timers.first()
            && due <= now
        {
            self.timers.pop_first();
            if let Some(group) = self.groups.get_mut(&webhook) {
                group.next_due = None;
                group.note_more();
            }
            self.enqueue(webhook);
        }
    }

    fn end_expired(&mut self, now: Now) {
        while let Some((&number, lease)) = self.leases.first_key_value()
            && lease.since + self.visibility_timeout <= now.monotonic
        {
            tracing::warn!(message = %lease.message.id, "a lease ended by its visibility time-out");
            self.end(number, now);
        }
    }

    /// Marks endpoints as slow while their leases are still out, not only once those end.
    fn notice_slow(&mut self, now: Duration) {
        while let Some((&number, lease)) = self.leases.range(self.watched..).next()
            && lease.since + self.slow_after < now
        {
            let webhook = lease.message.webhook;
            self.watched = number + 1;
            self.judge(webhook, true);
        }
    }

    fn until_something_changes(&self, now: Now) -> Duration {
        let due = self.timers.first().map(|(due, _)| due.since(now.wall));
        let expiry = self.leases.first_key_value().map(|(_, lease)| {
            (lease.since + self.visibility_timeout).saturating_sub(now.monotonic)
        });
        [due, expiry].into_iter().flatten().min().unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
    }
}
