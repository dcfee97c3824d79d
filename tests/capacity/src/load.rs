//! Loads: who sends how much, and how receivers answer.

use crate::Millis;

/// Load that is put on a stack. Every event is heard by two webhooks of its account.
#[derive(Debug, Clone)]
pub struct Load {
    /// Number of accounts.
    pub accounts: u32,
    /// Events a second of all accounts but the largest, which they share alike.
    pub others: f64,
    /// Events a second of the largest account, number 0.
    pub largest: f64,
    /// Time for which events come.
    pub lasts: Millis,
    /// Time for which the run goes on after that.
    pub goes_on: Millis,
    /// Time for which some receivers do not answer as they should.
    pub outages: Vec<Outage>,
}

/// Number of webhooks that hear an event.
pub(crate) const WEBHOOKS: u8 = 2;

/// Time for which a receiver, or several, fail.
#[derive(Debug, Clone, Copy)]
pub struct Outage {
    /// First moment.
    pub from: Millis,
    /// First moment after it.
    pub until: Millis,
    /// Accounts of the receivers: those whose number this divides. Zero means the largest account alone.
    pub every: u32,
    /// True if both of an account's webhooks fail, and not only the first.
    pub both: bool,
    /// Behaviour of the receivers.
    pub receiver: Receiver,
}

/// Behaviour of a receiver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receiver {
    /// Acknowledgement in 200 ms.
    Well,
    /// Error in 200 ms.
    Refuses,
    /// No answer, ever.
    Silent,
}

impl Load {
    /// Steady load for `lasts`.
    #[must_use]
    pub const fn steady(accounts: u32, others: f64, lasts: Millis) -> Self {
        Self { accounts, others, largest: 0.0, lasts, goes_on: 0, outages: Vec::new() }
    }

    /// Returns how a receiver behaves at `now`.
    pub(crate) fn receiver(&self, account: u32, webhook: u8, now: Millis) -> Receiver {
        let fails = |outage: &&Outage| {
            let is_one = match outage.every {
                0 => account == 0,
                every => account.is_multiple_of(every),
            };
            is_one && (outage.both || webhook == 0) && (outage.from..outage.until).contains(&now)
        };
        self.outages.iter().find(fails).map_or(Receiver::Well, |outage| outage.receiver)
    }
}
