//! Idempotency keys: the first 2xx answer is kept for 24 hours, stored in the commit that it
//! reports.
//!
//! If sending a commit's messages is not part of the commit, those that could not be sent ahead of
//! it (a resend's) are kept with the answer, and a repeat sends them before it is answered. So a
//! request whose messages were not sent, or whose process died before, is completed by its repeat.
//!
//! A secret that is shown again is an access again, and the history shows that. The answer to a reveal
//! is not kept, only that there was one: a repeat reveals again. Other answers that show a secret, of
//! what they made, are kept without it: a repeat has it from the vault, if it still is there.

use std::{
    borrow::Cow,
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{Timestamp, redaction};
use ports::{
    Commit, Unavailable,
    queue::Message,
    store::{CommitError, Condition, Key, Scope, Write},
    vault::{FingerprintOf, SealScope, VaultError},
};

use super::{
    Work,
    reply::{Reply, Shown},
};
use crate::{
    Backend,
    documents::{KeptAnswer, Number, Shows, Unreadable, read},
    problem::{Code, Problem},
    views::{collections, to_body},
};

/// Largest piece of a sealed answer in one document.
const LARGEST_PIECE: usize = 256 * 1024;
/// Time for which an answer is kept.
const KEPT_FOR: Duration = Duration::from_hours(24);

/// Keys whose first request is still running in this process.
pub type Running = Arc<Mutex<HashSet<Key>>>;

/// Slot for the answer to a request with an idempotency key. Until it is dropped, a second request
/// with that key in the same process is told that the first is still running; in another process it
/// loses the race to commit.
pub struct Slot {
    key: Key,
    /// Other keys under which an answer could be kept, where it is named by a fingerprint.
    others: Vec<Key>,
    scope: SealScope,
    fingerprint: String,
    running: Running,
    /// True if the request was answered before, and the answer was not kept.
    is_repeated: bool,
}

/// Outcome of claiming an idempotency key.
pub enum Claim {
    /// The request is to be done: it is the first, or its answer was not kept.
    Open(Slot),
    /// The request is a repeat.
    Repeat(Repeat),
}

/// Repeat of a request whose answer was kept.
pub struct Repeat {
    slot: Slot,
    /// Label under which the answer was sealed.
    label: String,
    status: u16,
    sealed: String,
    messages: Vec<Message>,
    shows: Option<Shows>,
    secret_at: Option<usize>,
}

impl Slot {
    /// Claims `idempotency_key` of `caller` for a request with `body` (method and path included).
    ///
    /// # Errors
    /// [`Code::IdempotencyMismatch`] when it came with another body before,
    /// [`Code::IdempotencyInProgress`] while the first is running; when the backend is unavailable.
    pub async fn claim(
        backend: &Backend,
        running: &Running,
        (scope, caller): (Scope, &str),
        idempotency_key: &str,
        body: &[u8],
    ) -> Result<Claim, Problem> {
        let (name, others) = names(backend, idempotency_key).await?;
        let key_of = |name: &str| collections::idempotency(scope, caller, name);
        let (key, others) = (key_of(&name), others.iter().map(|name| key_of(name)).collect());
        let fingerprints = backend.vault.fingerprints(FingerprintOf::RequestBody, body).await?;
        let fingerprint = fingerprints.in_use.to_string();
        let scope = match scope {
            Scope::Installation => SealScope::Installation,
            Scope::Account(account) => SealScope::Account(account),
        };
        if !running.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone()) {
            return Err(Code::IdempotencyInProgress.into());
        }
        let running = running.clone();
        let mut slot = Self { key, others, scope, fingerprint, running, is_repeated: false };
        let found = backend.store.get(&slot.keys()).await?;
        let Some(document) = found.into_iter().flatten().next() else {
            return Ok(Claim::Open(slot));
        };
        let kept: KeptAnswer = read(&document.body)?;
        if !fingerprints.contain(&kept.fingerprint) {
            return Err(Code::IdempotencyMismatch.into());
        }
        let KeptAnswer { status, messages, shows, secret_at, pieces, .. } = kept;
        let Some(mut sealed) = kept.sealed else {
            slot.is_repeated = true;
            return Ok(Claim::Open(slot));
        };
        if pieces > 0 {
            let keys: Vec<Key> = (1..=pieces).map(|number| piece(&document.key, number)).collect();
            for further in backend.store.get(&keys).await?.into_iter().flatten() {
                let further: KeptAnswer = read(&further.body)?;
                sealed.extend(further.sealed);
            }
        }
        let label = document.key.sort;
        Ok(Claim::Repeat(Repeat { slot, label, status, sealed, messages, shows, secret_at }))
    }

    /// Returns whether the request was answered before.
    #[must_use]
    pub(super) const fn is_repeated(&self) -> bool {
        self.is_repeated
    }

    /// Returns the keys under any of which the answer can be kept.
    fn keys(&self) -> Vec<Key> {
        std::iter::once(&self.key).chain(&self.others).cloned().collect()
    }

    /// Returns the writes that keep `reply`, and `messages` if they might not be sent.
    pub(super) async fn keep(
        &self,
        backend: &Backend,
        now: Timestamp,
        reply: &Reply,
        messages: &[Message],
    ) -> Result<Vec<Write>, Problem> {
        let place = reply.shown.as_ref().and_then(|shown| shown.place);
        let body = match place {
            None => Cow::Borrowed(&reply.body[..]),
            Some((at, long)) => Cow::Owned([&reply.body[..at], &reply.body[at + long..]].concat()),
        };
        let sealed = backend.vault.seal(self.scope, &self.key.sort, &body).await?;
        let sealed = BASE64.encode(sealed);
        let unsure = if backend.queue.is_transactional() { &[] } else { messages };
        let (first, rest) = sealed.split_at(sealed.len().min(LARGEST_PIECE));
        let rest: Vec<&[u8]> = rest.as_bytes().chunks(LARGEST_PIECE).collect();
        if !self.is_repeated {
            self.keep_pieces(backend, now, &rest).await?;
        }
        let kept = KeptAnswer {
            sealed: Some(first.to_owned()),
            pieces: rest.len(),
            messages: unsure.to_vec(),
            shows: reply.shown.as_ref().map(|Shown { what, .. }| *what),
            secret_at: place.map(|(at, _)| at),
            ..self.nothing(reply.status)
        };
        Ok(self.put(now, &kept))
    }

    /// Stores what does not fit into the answer's document, ahead of the commit that has that: without
    /// it the pieces mean nothing, and they expire with it.
    async fn keep_pieces(
        &self,
        backend: &Backend,
        now: Timestamp,
        pieces: &[&[u8]],
    ) -> Result<(), Problem> {
        for (number, text) in (1..).zip(pieces) {
            let kept = KeptAnswer {
                fingerprint: String::new(),
                sealed: Some(String::from_utf8_lossy(text).into_owned()),
                ..self.nothing(0)
            };
            let put = Write::Put {
                key: piece(&self.key, number),
                body: to_body(&kept),
                expires_at: Some(now.plus(KEPT_FOR)),
                index: vec![],
                condition: Condition::None,
            };
            let commit = Commit { writes: vec![put], ..Commit::default() };
            backend.store.commit(commit).await.map_err(|why| match why {
                CommitError::Unavailable(why) => Problem::from(why),
                CommitError::Corrupt(why) => Problem::from(why),
                why => Unavailable::new("keeping an answer", why).into(),
            })?;
        }
        Ok(())
    }

    /// Returns the writes that keep only that the request was answered with `status`.
    pub(super) fn keep_nothing(&self, now: Timestamp, status: u16) -> Vec<Write> {
        self.put(now, &self.nothing(status))
    }

    /// Returns the document of an answer with `status` of which nothing else is kept.
    fn nothing(&self, status: u16) -> KeptAnswer {
        KeptAnswer {
            format: Number::default(),
            status,
            fingerprint: self.fingerprint.clone(),
            sealed: None,
            pieces: 0,
            messages: vec![],
            shows: None,
            secret_at: None,
        }
    }

    /// Returns the writes of the document; none if it is there already.
    fn put(&self, now: Timestamp, kept: &KeptAnswer) -> Vec<Write> {
        if self.is_repeated {
            return vec![];
        }
        let put = Write::Put {
            key: self.key.clone(),
            body: to_body(kept),
            expires_at: Some(now.plus(KEPT_FOR)),
            index: vec![],
            condition: Condition::Absent,
        };
        let others = self.others.iter().cloned();
        let absent = others.map(|key| Write::Check { key, condition: Condition::Absent });
        std::iter::once(put).chain(absent).collect()
    }
}

impl Repeat {
    /// Returns the kept answer, for whoever may have `work` done. Messages that might not have been
    /// sent are sent first, and a secret that it shows is recorded as shown.
    ///
    /// # Errors
    /// [`Code::AccountClosed`] when the answer was destroyed with its account's secrets,
    /// [`Code::NotFound`] when the secret that it showed was destroyed since; when the backend is
    /// unavailable.
    pub async fn answer(self, work: &Work) -> Result<Reply, Problem> {
        let Self { slot, label, status, sealed, messages, shows, secret_at } = self;
        let backend = &work.backend;
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
            let secret = work.show_again(shows).await?;
            if let (Some(at), Some(secret)) = (secret_at, secret) {
                let at = at.min(body.len());
                body.splice(at..at, secret.expose().bytes());
            }
        }
        Ok(Reply { status, body: body.into(), is_replayed: true, shown: None })
    }
}

/// Returns the key of a further piece of the answer under `key`. No idempotency key has a space.
fn piece(key: &Key, number: usize) -> Key {
    key.partition.key(format_args!("{} {number}", key.sort))
}

/// Returns the name under which an answer is kept: the idempotency key, or if that is a secret, a
/// keyed hash of it, which is just as unique and useless to a reader; and the names that it could
/// have otherwise, which are hashes under other peppers.
async fn names<'k>(
    backend: &Backend,
    idempotency_key: &'k str,
) -> Result<(Cow<'k, str>, Vec<String>), Problem> {
    if !redaction::has_secret(idempotency_key) {
        return Ok((Cow::Borrowed(idempotency_key), vec![]));
    }
    let text = idempotency_key.as_bytes();
    let hashes = backend.vault.fingerprints(FingerprintOf::RequestBody, text).await?;
    let others = hashes.others.iter().map(ToString::to_string).collect();
    Ok((Cow::Owned(hashes.in_use.to_string()), others))
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}
