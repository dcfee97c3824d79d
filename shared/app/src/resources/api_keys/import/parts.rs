//! Parts of an import, and the document that holds them together.

use std::time::Duration;

use domain::{
    Environment, Timestamp,
    id::{AccountId, KeyId},
};
use ports::store::{Condition, Key, Write};
use serde::{Deserialize, Serialize};

use crate::{
    documents::{Form, Number, Stored},
    views::{collections, to_body},
    work::Work,
};

/// Time after which an import is taken for abandoned: no request lives that long.
const ABANDONED_AFTER: Duration = Duration::from_mins(2);

/// Import that is committed in parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Import {
    format: Number<Self>,
    /// Account whose keys are imported.
    pub(super) account: AccountId,
    /// Keys of the import, the first of which names it.
    pub(super) keys: Vec<(Environment, KeyId)>,
    /// Time from which the sweep undoes it.
    pub(super) due: Timestamp,
}

impl Form for Import {
    const NAME: &'static str = "key_import";
    const NUMBER: u16 = 1;
}

impl Stored for Import {
    type Form = Self;
}

/// State of an import that has a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Under way: its parts are being committed.
    UnderWay,
    /// To be undone: no part of it can be committed any more.
    Undone,
}

/// Part of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The first one of several.
    First,
    /// One in between.
    Another,
    /// The last one.
    Last,
}

impl Part {
    /// Returns which part `index` is, where `last` is the last one.
    pub(super) const fn at(index: usize, last: usize) -> Self {
        if index == last {
            Self::Last
        } else if index == 0 {
            Self::First
        } else {
            Self::Another
        }
    }
}

impl Import {
    /// Makes the import of `keys`, of which there are some.
    pub(super) fn of(work: &Work, account: AccountId, keys: Vec<(Environment, KeyId)>) -> Self {
        let due = work.now.plus(ABANDONED_AFTER);
        Self { format: Number::default(), account, keys, due }
    }

    /// Returns the key of its document.
    pub(super) fn place(&self, state: State) -> Key {
        let first = self.keys.first().map(|(_, key)| key.to_string()).unwrap_or_default();
        let state = match state {
            State::UnderWay => "under_way",
            State::Undone => "undone",
        };
        collections::key_imports().key(format!("{state}/{first}"))
    }

    /// Returns the write by which a commit is a part of the import.
    pub(super) fn write(&self, part: Part) -> Vec<Write> {
        let key = self.place(State::UnderWay);
        vec![match part {
            Part::First => self.put(State::UnderWay, Condition::Absent),
            Part::Another => Write::Check { key, condition: Condition::Present },
            Part::Last => Write::Delete { key, condition: Condition::Present },
        }]
    }

    /// Returns the writes after which no part can be committed any more, and the import is undone.
    pub(super) fn claim(&self, now: Timestamp) -> Vec<Write> {
        let claimed = Self { due: now.plus(ABANDONED_AFTER), ..self.clone() };
        let under_way = self.place(State::UnderWay);
        vec![
            Write::Delete { key: under_way, condition: Condition::Present },
            claimed.put(State::Undone, Condition::None),
        ]
    }

    fn put(&self, state: State, condition: Condition) -> Write {
        let (key, body) = (self.place(state), to_body(self));
        Write::Put { key, body, expires_at: None, index: vec![], condition }
    }
}
