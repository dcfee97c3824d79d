//! Pauses and times of the product.

use crate::{
    Millis, SECOND,
    chance::{Chance, mix},
};

/// Time before it is due at which a message has made its last hop: `IN_TIME` of
/// `shared/aws/src/queue/send.rs`.
pub(super) const IN_TIME: Millis = 45 * SECOND;
/// Time for which a process remembers webhooks and accounts: `REMEMBERED_FOR` of `shared/ports`.
const REMEMBERED_FOR: Millis = 5 * SECOND;
/// Number of tries of one call, and the pause before the second: `shared/aws/src/clients.rs`.
const TRIES: u8 = 4;
const FIRST_PAUSE: f64 = 50.0;
/// Number of pauses between tries of a commit, and the shortest: `shared/aws/src/pauses.rs`.
const MORE: u8 = 5;
const SHORTEST: f64 = 5.0;

/// Returns the pause after `tries` throttled tries of a call, one or more of the SDK's and then one of ours;
/// none if that was the last. Reads of one item are tried by the SDK alone.
pub(super) fn pause(tries: u8, is_read: bool, chance: &mut Chance) -> Option<Millis> {
    let (rounds, of_round) = (tries / TRIES, tries % TRIES);
    let pause = if of_round < TRIES - 1 {
        chance.share() * FIRST_PAUSE * f64::from(1_u32 << of_round)
    } else if rounds < MORE && !is_read {
        (1.0 + chance.share()) * SHORTEST * f64::from(1_u32 << rounds)
    } else {
        return None;
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below a second")]
    Some(pause as Millis)
}

/// Returns the time that `Relay` takes for `messages`: tens at once, eight at a time.
pub(super) fn relay(messages: usize) -> Millis {
    30 + Millis::try_from(messages.div_ceil(10)).unwrap_or(0) * 5
}

/// Webhooks that processes have seen lately. A few are forgotten too early, as two of them can have the same
/// place.
pub(super) struct Seen(Vec<(u64, Millis)>);

impl Seen {
    pub(super) fn new() -> Self {
        Self(vec![(0, 0); 1 << 20])
    }

    /// Returns whether a process has seen a webhook lately; from now on it has.
    pub(super) fn look(&mut self, process: u64, account: u32, webhook: u8, now: Millis) -> bool {
        let key = mix((process << 40) ^ (u64::from(account) << 8) ^ (u64::from(webhook) + 1));
        let place = usize::try_from(key >> 44).unwrap_or(0);
        let (seen, until) = self.0[place];
        let is_known = seen == key && until > now;
        if !is_known {
            self.0[place] = (key, now + REMEMBERED_FOR);
        }
        is_known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_read_is_tried_four_times_and_a_commit_twenty_four() {
        let mut chance = Chance::seeded(7);
        let mut pauses = |is_read| {
            let pauses = (0..).map_while(|tries| pause(tries, is_read, &mut chance));
            pauses.collect::<Vec<_>>()
        };
        let (read, commit) = (pauses(true), pauses(false));
        assert_eq!((read.len(), commit.len()), (3, 23));
        assert!(read.iter().sum::<Millis>() <= 350);
        assert!(commit.iter().sum::<Millis>() <= 6 * 350 + 310);
    }

    #[test]
    fn a_webhook_is_known_for_five_seconds() {
        let mut seen = Seen::new();
        assert!(!seen.look(1, 2, 0, 1000));
        assert!(seen.look(1, 2, 0, 5999) && !seen.look(1, 2, 0, 6000));
        assert!(!seen.look(2, 2, 0, 6000) && !seen.look(1, 2, 1, 6000));
    }
}
