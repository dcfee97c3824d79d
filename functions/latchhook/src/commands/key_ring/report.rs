//! Report on a key ring.

use app::resealing::{LONGEST, Tally, Usage};
use domain::Timestamp;
use sealed::KeyRing;
use serde::Serialize;

/// Report on a key ring; the output of `--json`.
#[derive(Serialize)]
pub(super) struct Report {
    /// True while an old key and pepper are in the ring.
    is_rotating: bool,
    /// Time from which the newest key and pepper are used.
    in_use_from: Timestamp,
    /// Time until which portal sessions and kept answers may be under the old pepper.
    sessions_until: Option<Timestamp>,
    data_keys: Counted,
    api_keys: Counted,
    webhooks: Counted,
    api_keys_of_closed_accounts: Counted,
    /// True if the old key and pepper can be retired without losing anything.
    can_retire: bool,
    #[serde(skip)]
    usage: Usage,
    #[serde(skip)]
    now: Timestamp,
}

/// Number of things, and of those under the old key or pepper.
#[derive(Serialize)]
struct Counted {
    old: u64,
    all: u64,
}

impl From<Tally> for Counted {
    fn from(tally: Tally) -> Self {
        Self { old: tally.older, all: tally.all }
    }
}

impl Report {
    pub(super) fn of(ring: &KeyRing, usage: Usage, now: Timestamp) -> Self {
        let (is_rotating, in_use_from) = (ring.has_older(), ring.newest_from());
        let sessions_until = is_rotating.then(|| in_use_from.plus(LONGEST));
        let is_free = sessions_until.is_some_and(|until| until <= now);
        Self {
            is_rotating,
            in_use_from,
            sessions_until,
            data_keys: usage.data_keys.into(),
            api_keys: usage.api_keys.into(),
            webhooks: usage.webhooks.into(),
            api_keys_of_closed_accounts: usage.closed.into(),
            can_retire: is_free && usage.older() == 0,
            usage,
            now,
        }
    }

    /// Returns the report in words.
    pub(super) fn lines(&self) -> Vec<String> {
        let Self { in_use_from, usage, .. } = self;
        let Some(sessions_until) = self.sessions_until else {
            return vec![format!(
                "the ring has one key and one pepper, for {} data keys, {} API keys and {} webhooks",
                usage.data_keys.all,
                usage.api_keys.all + usage.closed.all,
                usage.webhooks.all
            )];
        };
        let mut lines = vec![if *in_use_from > self.now {
            format!("the new key and pepper are in the ring, and are used from {in_use_from}")
        } else {
            format!("the new key and pepper are used since {in_use_from}")
        }];
        lines.extend(told(*usage));
        if usage.closed.older > 0 {
            lines.push(format!(
                "{} API keys of closed accounts are under the old pepper, and stay so: without it \
                 they are unknown",
                usage.closed.older
            ));
        }
        if sessions_until > self.now {
            lines.push(format!(
                "portal sessions and kept answers may be under the old pepper until {sessions_until}"
            ));
        }
        if self.can_retire {
            lines.push(
                "nothing else is: `latchhook key-ring retire` removes the old ones".to_owned(),
            );
        }
        lines
    }
}

/// Returns what would be lost without the old key and pepper, in words.
pub(super) fn told(usage: Usage) -> Vec<String> {
    let of = |tally: Tally, what: &str, under: &str| {
        let Tally { older, all } = tally;
        (older > 0).then(|| format!("{older} of {all} {what} are under the old {under}"))
    };
    let told = [
        of(usage.data_keys, "data keys", "key"),
        of(usage.api_keys, "API keys", "pepper"),
        of(usage.webhooks, "webhooks", "pepper"),
    ];
    told.into_iter().flatten().collect()
}
