//! Idempotency keys: the first 2xx answer is kept for 24 hours, stored in the commit that it
//! reports.
//!
//! If sending a commit's messages is not part of the commit, those that could not be sent ahead of
//! it (a resend's) are kept with the answer, and a repeat sends them before it is answered. So a
//! request whose messages were not sent, or whose process died before, is completed by its repeat.
//!
//! A secret that is shown again is an access again, and the history shows that. The answer to a reveal
//! is not kept, only that there was one: a repeat reveals again. Other answers that show a secret, of
//! what they made, are kept without it: a repeat has it from the vault, and goes without if it was destroyed
//! since. A portal session's token is in the vault no more than elsewhere, so it stays in the
//! kept answer, sealed: a repeat may not open a second session, and once the session has ended its token
//! opens nothing.
//!
//! Nor is the data of an event kept with an answer that shows it: a repeat has it from the event, so
//! nothing of it is left here when that is erased.

mod repeat;

use std::{
    borrow::Cow,
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use domain::{Timestamp, id::MessageId, redaction};
use ports::{
    Unavailable,
    queue::Message,
    store::{Commit, CommitError, Condition, Document, Key, Scope, Write},
    vault::{FingerprintOf, Fingerprints, SealScope},
};

pub use self::repeat::Repeat;
use super::{
    may_follow,
    reply::{Reply, Shown, ShownData},
};
use crate::{
    Backend,
    documents::{KeptAnswer, KeptData, Number, read},
    problem::{Code, Problem},
    views::{collections, to_body},
};

/// Largest piece of a sealed answer in one document.
const LARGEST_PIECE: usize = 256 * 1024;
/// Time for which an answer is kept.
const KEPT_FOR: Duration = Duration::from_hours(24);

/// Keys whose first request is still running in this process.
pub type Running = Arc<Mutex<HashSet<Key>>>;

/// Party whose idempotency keys are told from those of others.
pub struct Owner {
    /// Account that is acted on, or the installation.
    pub scope: Scope,
    /// Credential, among those of the scope.
    pub caller: String,
}

/// Slot for the answer to a request with an idempotency key. Until it is dropped, a second request
/// with that key in the same process is told that the first is still running; in another process it
/// loses the race to commit.
pub struct Slot {
    key: Key,
    /// Other keys under which an answer could be kept, where it is named by a fingerprint.
    others: Vec<Key>,
    pub(super) scope: SealScope,
    fingerprints: Fingerprints,
    running: Running,
    /// True if the request was answered before, and the answer was not kept.
    is_repeated: bool,
    /// Document of a batch that was never accepted, which the answer replaces.
    abandoned: Option<(Key, u64)>,
}

/// Outcome of claiming an idempotency key.
pub enum Claim {
    /// The request is to be done: it is the first, or its answer was not kept.
    Open(Slot),
    /// The request is a repeat.
    Repeat(Repeat),
}

impl Slot {
    /// Claims `idempotency_key` of `owner` for a request with `body` (method and path included).
    ///
    /// # Errors
    /// [`Code::IdempotencyMismatch`] when it came with another body before,
    /// [`Code::IdempotencyInProgress`] while the first is running; when the backend is unavailable.
    pub async fn claim(
        backend: &Backend,
        running: &Running,
        owner: &Owner,
        idempotency_key: &str,
        body: &[u8],
    ) -> Result<Claim, Problem> {
        let slot = Self::new(backend, running, owner, idempotency_key, body).await?;
        let found = backend.store.get(&slot.keys()).await?;
        slot.look_at(backend, found).await
    }

    /// Claims the idempotency keys of several requests at once, each with its body; a key that comes
    /// again is claimed by the first of them.
    ///
    /// # Errors
    /// Errors of [`claim`](Self::claim), of each; when the backend is unavailable.
    pub async fn claim_all(
        backend: &Backend,
        running: &Running,
        owner: &Owner,
        requests: &[(&str, &[u8])],
    ) -> Result<Vec<Result<Claim, Problem>>, Problem> {
        let (mut slots, mut keys) = (Vec::new(), Vec::new());
        for (idempotency_key, body) in requests {
            let slot = Self::new(backend, running, owner, idempotency_key, body).await;
            let own = slot.as_ref().map(Self::keys).unwrap_or_default();
            slots.push((slot, own.len()));
            keys.extend(own);
        }
        let mut found = backend.store.get(&keys).await?.into_iter();
        let mut claims = Vec::with_capacity(slots.len());
        for (slot, number) in slots {
            let found = found.by_ref().take(number).collect();
            claims.push(match slot {
                Ok(slot) => slot.look_at(backend, found).await,
                Err(problem) => Err(problem),
            });
        }
        Ok(claims)
    }

    /// Makes the slot of a request that nobody in this process is doing.
    async fn new(
        backend: &Backend,
        running: &Running,
        Owner { scope, caller }: &Owner,
        idempotency_key: &str,
        body: &[u8],
    ) -> Result<Self, Problem> {
        let (name, others) = names(backend, idempotency_key).await?;
        let key_of = |name: &str| collections::idempotency(*scope, caller, name);
        let (key, others) = (key_of(&name), others.iter().map(|name| key_of(name)).collect());
        let fingerprints = backend.vault.fingerprints(FingerprintOf::RequestBody, body).await?;
        let scope = match scope {
            Scope::Installation => SealScope::Installation,
            Scope::Account(account) => SealScope::Account(*account),
        };
        if !running.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone()) {
            return Err(Code::IdempotencyInProgress.into());
        }
        let (running, is_repeated, abandoned) = (running.clone(), false, None);
        Ok(Self { key, others, scope, fingerprints, running, is_repeated, abandoned })
    }

    /// Returns the claim, by what was `found` under [`keys`](Self::keys).
    async fn look_at(
        mut self,
        backend: &Backend,
        found: Vec<Option<Document>>,
    ) -> Result<Claim, Problem> {
        let Some(document) = found.into_iter().flatten().next() else {
            return Ok(Claim::Open(self));
        };
        let kept: KeptAnswer = read(&document.body)?;
        if let Some(batch) = kept.batch
            && !is_accepted(backend, &document.key, batch).await?
        {
            self.abandoned = Some((document.key, document.revision));
            return Ok(Claim::Open(self));
        }
        if !self.fingerprints.contain(&kept.fingerprint) {
            return Err(Code::IdempotencyMismatch.into());
        }
        let KeptAnswer { status, messages, shows, secret_at, data, pieces, .. } = kept;
        let Some(mut sealed) = kept.sealed else {
            self.is_repeated = true;
            return Ok(Claim::Open(self));
        };
        if pieces > 0 {
            let keys: Vec<Key> = (1..=pieces).map(|number| piece(&document.key, number)).collect();
            for further in backend.store.get(&keys).await?.into_iter().flatten() {
                let further: KeptAnswer = read(&further.body)?;
                sealed.extend(further.sealed);
            }
        }
        let (slot, label) = (self, document.key.sort);
        Ok(Claim::Repeat(Repeat { slot, label, status, sealed, messages, shows, secret_at, data }))
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
        self.keep_of(backend, now, reply, messages, None).await
    }

    /// Returns the writes that keep `reply` to one request of a `batch`; if that is accepted by a
    /// later commit, it means nothing before.
    pub(crate) async fn keep_in(
        &self,
        backend: &Backend,
        now: Timestamp,
        reply: &Reply,
        batch: Option<MessageId>,
    ) -> Result<Vec<Write>, Problem> {
        self.keep_of(backend, now, reply, &[], batch).await
    }

    async fn keep_of(
        &self,
        backend: &Backend,
        now: Timestamp,
        reply: &Reply,
        messages: &[Message],
        batch: Option<MessageId>,
    ) -> Result<Vec<Write>, Problem> {
        let place = reply.shown.as_ref().and_then(|shown| shown.place);
        let (body, data) = without_shown(reply);
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
            data,
            batch,
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
            fingerprint: self.fingerprints.in_use.to_string(),
            sealed: None,
            pieces: 0,
            messages: vec![],
            shows: None,
            secret_at: None,
            data: vec![],
            batch: None,
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
            condition: self.unless_known(&self.key),
        };
        let others = self.others.iter().cloned();
        let absent = others.map(|key| Write::Check { condition: self.unless_known(&key), key });
        std::iter::once(put).chain(absent).collect()
    }

    /// Returns the condition that nobody else has kept an answer under `key` since it was claimed.
    fn unless_known(&self, key: &Key) -> Condition {
        match &self.abandoned {
            Some((known, revision)) if known == key => Condition::Revision(*revision),
            _ => Condition::Absent,
        }
    }
}

/// Returns the body of `reply` without what is kept elsewhere, and the places of the data of events in that.
/// No reply shows a secret and data.
fn without_shown(reply: &Reply) -> (Vec<u8>, Vec<KeptData>) {
    let secret = reply.shown.as_ref().and_then(|shown| shown.place);
    let places = secret.into_iter().chain(reply.data.iter().map(|shown| (shown.at, shown.long)));
    let (mut body, mut from) = (Vec::with_capacity(reply.body.len()), 0);
    let mut at = Vec::new();
    for (place, long) in places {
        body.extend_from_slice(&reply.body[from..place]);
        at.push(body.len());
        from = place + long;
    }
    body.extend_from_slice(&reply.body[from..]);
    let kept = |(shown, at): (&ShownData, usize)| KeptData {
        environment: shown.environment,
        event: shown.event,
        at,
    };
    (body, reply.data.iter().zip(at).map(kept).collect())
}

/// Returns whether the batch is accepted that the answer under `key` belongs to; false if it never will be.
///
/// # Errors
/// [`Code::IdempotencyInProgress`] while it may still be; when the backend is unavailable.
async fn is_accepted(backend: &Backend, key: &Key, batch: MessageId) -> Result<bool, Problem> {
    let batch_key = collections::event_batches(key.partition.scope()).key(batch);
    let found = backend.store.get(&[batch_key]).await?;
    if found.iter().flatten().next().is_some() {
        return Ok(true);
    }
    if may_follow(batch.created_at(), backend.now()) {
        return Err(Code::IdempotencyInProgress.into());
    }
    Ok(false)
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
