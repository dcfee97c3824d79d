//! Answer to a repeat: what was kept of the first, opened.

use std::collections::{BTreeSet, HashMap};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use ports::{
    store::Key,
    vault::{SealScope, VaultError},
};

use super::{Reply, Work, idempotency::Repeat, reply::ShownData, showing::Again};
use crate::{
    delivery::event::AcceptedEvent,
    documents::{KeptAnswer, KeptData, Unreadable, read},
    problem::{Code, Problem},
    views::{Spread, collections},
};

impl Work {
    /// Returns the kept answer to `repeat`, for whoever may have the work done. Messages that might not
    /// have been sent are sent first, and a secret that it shows is recorded as shown.
    ///
    /// # Errors
    /// [`Code::AccountClosed`] when the answer was destroyed with its account's secrets; when the backend
    /// is unavailable.
    pub async fn repeated(&self, repeat: Repeat) -> Result<Reply, Problem> {
        let Repeat { slot, label, status, sealed, messages, shows, secret_at, data } = repeat;
        let backend = &self.backend;
        if !messages.is_empty() {
            backend.queue.send(&messages).await?;
        }
        let sealed = BASE64.decode(&sealed).map_err(Unreadable::damaged::<KeptAnswer>)?;
        let opened = backend.vault.open(slot.scope, &label, &sealed).await;
        let mut body = opened.map_err(|why| match why {
            // An account's answers go with its other secrets.
            VaultError::Gone => Code::AccountClosed.into(),
            why => Problem::from(why),
        })?;
        if let Some(shows) = shows {
            let again = self.show_again(shows).await?;
            if let Some(at) = secret_at {
                put_back(&mut body, at, &again);
            }
        }
        let data = self.data_put_back(slot.scope, &mut body, &data).await?;
        Ok(Reply { status, body: body.into(), is_replayed: true, shown: None, data })
    }

    /// Puts the data of events back to where it stood in `body`: null, if it was erased. Returns its places.
    async fn data_put_back(
        &self,
        scope: SealScope,
        body: &mut Vec<u8>,
        kept: &[KeptData],
    ) -> Result<Vec<ShownData>, Problem> {
        let SealScope::Account(account) = scope else { return Ok(vec![]) };
        let store = &*self.backend.store;
        let spread = Spread::of(store);
        let list = |kept: &KeptData| collections::events(account, kept.environment);
        let keys = kept.iter().flat_map(|kept| spread.keys(&list(kept), kept.event));
        let keys: BTreeSet<Key> = keys.collect();
        let keys: Vec<Key> = keys.into_iter().collect();
        let mut found = HashMap::new();
        for document in store.get(&keys).await?.into_iter().flatten() {
            let event: AcceptedEvent = read(&document.body)?;
            found.insert(event.id, event.data);
        }
        let cut = std::mem::take(body);
        let (mut from, mut places) = (0, Vec::with_capacity(kept.len()));
        for KeptData { environment, event, at } in kept {
            let at = (*at).clamp(from, cut.len());
            body.extend_from_slice(&cut[from..at]);
            // Events are kept for longer than answers: it is not in its place yet.
            let data = found.get(event).ok_or(Code::IdempotencyInProgress)?.get();
            let (environment, event) = (*environment, *event);
            places.push(ShownData { environment, event, at: body.len(), long: data.len() });
            body.extend_from_slice(data.as_bytes());
            from = at;
        }
        body.extend_from_slice(&cut[from..]);
        Ok(places)
    }
}

/// Puts a secret back to where it stood in `body`, between quotes; takes its field out if it was destroyed
/// since.
fn put_back(body: &mut Vec<u8>, at: usize, again: &Again) {
    let at = at.min(body.len());
    match again {
        Again::Kept(secret) => drop(body.splice(at..at, secret.expose().bytes())),
        Again::Destroyed => take_out(body, at),
        Again::InAnswer => {}
    }
}

/// Takes the field out of `body` whose text, which is empty, would be at `at`: `,"name":""`, for it is
/// nobody's first field. What looks otherwise stays.
fn take_out(body: &mut Vec<u8>, at: usize) {
    let Some(before) = body[..at].strip_suffix(b"\":\"") else { return };
    let Some(quote) = before.iter().rposition(|byte| *byte == b'"') else { return };
    if before[..quote].ends_with(b",") && body[at..].starts_with(b"\"") {
        body.drain(quote - 1..=at);
    }
}
