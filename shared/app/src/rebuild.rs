//! Rebuild: views derived anew from the event store.
//!
//! Everything in [`collections::DERIVED`](crate::views::collections::DERIVED) follows from events
//! alone. This derives it again for `latchhook rebuild`, which compares it with the stored views.

use std::collections::BTreeMap;

use domain::{
    Decider, account::Account, event_types::EventTypes, key::ApiKey, key_scopes::KeyScopes,
    operator_token::OperatorToken, webhook::Webhook,
};
use ports::{
    Store,
    store::{RecordedEvent, StreamId},
};

use crate::{
    fold::evolved,
    problem::Problem,
    views::{Derivation, Versioned, View},
};

/// Events read at a time.
const CHUNK: usize = 1_000;

/// Derives everything from the events in `store`.
///
/// # Errors
/// When the backend is unavailable, or an event can't be read: nothing unknown is skipped.
pub async fn derive_all(store: &dyn Store) -> Result<Derivation, Problem> {
    let mut folds = Folds::default();
    let mut after = None;
    loop {
        let (events, place) = store.replay(after, CHUNK).await?;
        for recorded in &events {
            folds.add(recorded)?;
        }
        after = place;
        if after.is_none() {
            return Ok(folds.derivation());
        }
    }
}

/// States of all streams.
#[derive(Default)]
struct Folds {
    accounts: Fold<Account>,
    keys: Fold<ApiKey>,
    webhooks: Fold<Webhook>,
    event_types: Fold<EventTypes>,
    key_scopes: Fold<KeyScopes>,
    operator_tokens: Fold<OperatorToken>,
}

type Fold<S> = BTreeMap<StreamId, Versioned<S>>;

impl Folds {
    fn add(&mut self, recorded: &RecordedEvent) -> Result<(), Problem> {
        match recorded.stream {
            StreamId::Account(_) => add(&mut self.accounts, recorded),
            StreamId::Key(..) => add(&mut self.keys, recorded),
            StreamId::Webhook(..) => add(&mut self.webhooks, recorded),
            StreamId::EventTypes => add(&mut self.event_types, recorded),
            StreamId::KeyScopes => add(&mut self.key_scopes, recorded),
            StreamId::OperatorToken(_) => add(&mut self.operator_tokens, recorded),
            // They change no state.
            StreamId::Access(_) => Ok(()),
        }
    }

    fn derivation(&self) -> Derivation {
        let mut all = Derivation::default();
        derive(&mut all, &self.accounts);
        derive(&mut all, &self.keys);
        derive(&mut all, &self.webhooks);
        derive(&mut all, &self.event_types);
        derive(&mut all, &self.key_scopes);
        derive(&mut all, &self.operator_tokens);
        all
    }
}

fn add<S: Decider>(fold: &mut Fold<S>, recorded: &RecordedEvent) -> Result<(), Problem> {
    let state = fold.remove(&recorded.stream).map(|versioned| versioned.state);
    if let Some(state) = evolved(state, recorded)? {
        fold.insert(recorded.stream, Versioned::folded(recorded.version, state));
    }
    Ok(())
}

fn derive<S: View>(all: &mut Derivation, fold: &Fold<S>) {
    for versioned in fold.values() {
        let Derivation { documents, counts } = versioned.state.derive(versioned.version);
        all.documents.extend(documents);
        for (key, count) in counts {
            *all.counts.entry(key).or_default() += count;
        }
    }
}
