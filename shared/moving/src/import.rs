//! Import of an export file into a backend.

use std::{
    error::Error,
    io::{BufRead, Seek},
    time::Duration,
};

use app::{
    moving::{self, Kept, Stands},
    problem::Problem,
};
use backon::{ExponentialBuilder, Retryable as _};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use domain::Secret;
use futures_util::future::try_join_all;
use ports::{
    Commit, ReadError, Unavailable,
    clock::sleeper,
    queue::Message,
    store::{Append, CommitError, Condition, Key, RecordedEvent, StreamId, Write},
    vault::VaultError,
};

use crate::{
    Export, NotAnExport, Ports,
    export::secret_label,
    format::{Line, Stream, Undelivered},
};

/// Number of events of a stream, or of documents, in one commit: with what belongs to them, no more
/// than DynamoDB allows in a transaction.
const AT_ONCE: usize = 20;
/// Number of undelivered events that are imported concurrently, and of messages sent at once.
const SIDE_BY_SIDE: usize = 64;
/// Pauses before a commit that conflicted with another one is retried: eight attempts in all.
const BACKOFF: ExponentialBuilder =
    ExponentialBuilder::new().with_min_delay(Duration::from_millis(5)).with_max_times(7);

/// Totals of an import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Streams that were imported, or continued.
    pub streams: u64,
    /// Undelivered events that were imported.
    pub undelivered: u64,
    /// Lines that had been imported before.
    pub there: u64,
    /// Messages that were sent.
    pub messages: u64,
}

/// Reason why an import stopped. What was imported by then stays, and delivers nothing; the import
/// can be repeated.
#[derive(Debug, thiserror::Error)]
pub enum NotImported {
    /// The new backend has its own events in that stream.
    #[error("{0} is at the new backend already, with other events than in the export")]
    Conflict(StreamId),
    /// Something else at the new backend has a value that must be unique.
    #[error(
        "{stream} can't be imported: another object at the new backend has its place in {taken}"
    )]
    Taken {
        /// Stream that can't be imported.
        stream: StreamId,
        /// Collection with the conflicting document.
        taken: String,
    },
    /// The new backend failed.
    #[error("the new backend failed")]
    Backend(#[source] Box<dyn Error + Send + Sync>),
    /// The file could not be read.
    #[error(transparent)]
    File(#[from] NotAnExport),
}

impl From<Problem> for NotImported {
    fn from(problem: Problem) -> Self {
        Self::Backend(problem.message.into())
    }
}

impl From<ReadError> for NotImported {
    fn from(why: ReadError) -> Self {
        Self::Backend(why.into())
    }
}

impl From<Unavailable> for NotImported {
    fn from(why: Unavailable) -> Self {
        Self::Backend(why.into())
    }
}

impl From<VaultError> for NotImported {
    fn from(why: VaultError) -> Self {
        Self::Backend(why.into())
    }
}

/// Imports everything of `export` into `backend`, and then sends the messages that continue the
/// deliveries.
///
/// # Errors
/// [`NotImported`].
pub async fn import<F: BufRead + Seek>(
    backend: Ports<'_>,
    export: &mut Export<F>,
) -> Result<Imported, NotImported> {
    let mut mover = Mover { backend, done: Imported::default() };
    let mut events = Vec::new();
    export.rewind()?;
    loop {
        let line = export.next_line()?;
        // Everything that an event needs comes before it, and only undelivered events are imported
        // concurrently.
        if !matches!(line, Line::Undelivered(_)) || events.len() == SIDE_BY_SIDE {
            mover.undelivered(std::mem::take(&mut events)).await?;
        }
        match line {
            Line::Stream(stream) => mover.stream(stream, export).await?,
            Line::Undelivered(event) => events.push(event),
            Line::End(_) => break,
        }
    }
    mover.send(export).await?;
    Ok(mover.done)
}

struct Mover<'a> {
    backend: Ports<'a>,
    done: Imported,
}

impl Mover<'_> {
    async fn stream<F: BufRead + Seek>(
        &mut self,
        line: Stream,
        export: &Export<F>,
    ) -> Result<(), NotImported> {
        let (id, events) = recorded(&line)?;
        let there = moving::whole_stream(self.backend.store, id).await?;
        if !there.iter().zip(&events).all(|(there, brought)| same(there, brought)) {
            return Err(NotImported::Conflict(id));
        }
        if there.len() >= events.len() {
            self.done.there += 1;
            return Ok(());
        }
        let mut version = there.len();
        while events.len() - version > AT_ONCE {
            let mut commit = Commit::default();
            commit.appends.push(append(id, &events[version..version + AT_ONCE]));
            self.commit(id, commit).await?;
            version += AT_ONCE;
        }
        // Views and secrets are committed with the last event, so a stream with all its events is
        // complete.
        let mut commit = Commit::default();
        commit.appends.push(append(id, &events[version..]));
        let stands = moving::stands(self.backend.store, id, &events).await?;
        self.dress(&mut commit, id, stands, line, export).await?;
        self.commit(id, commit).await?;
        self.done.streams += 1;
        Ok(())
    }

    /// Adds the stream's views, secrets and other documents.
    async fn dress<F: BufRead + Seek>(
        &self,
        commit: &mut Commit,
        id: StreamId,
        stands: Stands,
        line: Stream,
        export: &Export<F>,
    ) -> Result<(), NotImported> {
        let vault = self.backend.vault;
        commit.add(stands.writes);
        if let Some(account) = stands.place {
            commit.add(vault.open_account(account).await?);
        }
        for name in stands.secrets {
            let purpose = name.purpose.to_string();
            let Some(sealed) = line.secrets.get(&purpose) else { continue };
            let secret = secret(export, id, &purpose, sealed)?;
            match vault.keep(name, &secret).await {
                Ok(writes) => commit.add(writes),
                // The account has been closed at the new backend since.
                Err(VaultError::Gone) => {}
                Err(why) => return Err(why.into()),
            }
        }
        let put = |document| Kept::from(document).put(Condition::None);
        commit.add(line.documents.into_iter().map(put));
        Ok(())
    }

    async fn undelivered(&mut self, events: Vec<Undelivered>) -> Result<(), NotImported> {
        let brought = try_join_all(events.into_iter().map(|event| self.event(event))).await?;
        for brought in brought {
            if brought {
                self.done.undelivered += 1;
            } else {
                self.done.there += 1;
            }
        }
        Ok(())
    }

    /// Imports an event, the event's own document last; returns false if it is there already.
    async fn event(&self, event: Undelivered) -> Result<bool, NotImported> {
        let documents: Vec<Kept> = event.documents.into_iter().map(Kept::from).collect();
        let Some(last) = documents.last() else { return Ok(false) };
        if self.is_there(&last.key).await? {
            return Ok(false);
        }
        for some in documents.chunks(AT_ONCE) {
            let put = |kept: &Kept| kept.clone().put(Condition::None);
            let writes: Vec<Write> = some.iter().map(put).collect();
            let commit = Commit { writes, ..Commit::default() };
            self.try_commit(commit).await.map_err(|why| NotImported::Backend(why.into()))?;
        }
        Ok(true)
    }

    async fn is_there(&self, key: &Key) -> Result<bool, NotImported> {
        let found = self.backend.store.get(std::slice::from_ref(key)).await?;
        Ok(found.iter().any(Option::is_some))
    }

    /// Sends every message of the file. One that was sent before is the same message; one whose
    /// attempt has been made since is dropped when a worker receives it.
    async fn send<F: BufRead + Seek>(&mut self, export: &mut Export<F>) -> Result<(), NotImported> {
        let mut messages: Vec<Message> = Vec::new();
        export.rewind()?;
        loop {
            let line = export.next_line()?;
            let is_last = matches!(line, Line::End(_));
            if let Line::Undelivered(event) = line {
                messages.extend(event.messages);
            }
            if messages.len() >= SIDE_BY_SIDE || is_last {
                self.backend.queue.send(&messages).await?;
                self.done.messages += messages.len() as u64;
                messages.clear();
            }
            if is_last {
                return Ok(());
            }
        }
    }

    async fn commit(&self, stream: StreamId, commit: Commit) -> Result<(), NotImported> {
        let places: Vec<String> = commit.writes.iter().map(collection).collect();
        self.try_commit(commit).await.map_err(|why| match why {
            CommitError::StreamMoved { .. } => NotImported::Conflict(stream),
            CommitError::ConditionFailed { index } => {
                let taken = places.get(index).cloned().unwrap_or_default();
                NotImported::Taken { stream, taken }
            }
            why => NotImported::Backend(why.into()),
        })
    }

    async fn try_commit(&self, commit: Commit) -> Result<(), CommitError> {
        (|| self.backend.store.commit(commit.clone()))
            .retry(BACKOFF)
            .sleep(sleeper(&self.backend.clock))
            .when(|why| matches!(why, CommitError::Contended))
            .await
    }
}

fn recorded(line: &Stream) -> Result<(StreamId, Vec<RecordedEvent>), NotAnExport> {
    let id: StreamId = line.name.parse().map_err(|_| NotAnExport::Altered)?;
    let events = line.events.iter().cloned().zip(1..);
    let events = events.map(|(event, version)| event.recorded(id, version));
    Ok((id, events.collect::<Result<_, _>>().map_err(|_| NotAnExport::Altered)?))
}

fn same(there: &RecordedEvent, brought: &RecordedEvent) -> bool {
    let (there, brought) = (&there.event, &brought.event);
    there.id == brought.id
        && there.name == brought.name
        && there.payload.get() == brought.payload.get()
        && there.metadata == brought.metadata
}

fn append(stream: StreamId, events: &[RecordedEvent]) -> Append {
    let expected_version = events.first().map_or(0, |first| first.version - 1);
    let events = events.iter().map(|recorded| recorded.event.clone()).collect();
    Append { stream, expected_version: Some(expected_version), events }
}

fn secret<F: BufRead + Seek>(
    export: &Export<F>,
    stream: StreamId,
    purpose: &str,
    sealed: &str,
) -> Result<Secret, NotAnExport> {
    let sealed = BASE64_STANDARD.decode(sealed).map_err(|_| NotAnExport::Altered)?;
    let label = secret_label(stream, purpose);
    let plain = export.keys().open(&label, sealed).ok_or(NotAnExport::Altered)?;
    let text = std::str::from_utf8(&plain).map_err(|_| NotAnExport::Altered)?;
    Ok(Secret::new(text))
}

/// Returns the collection that a write changes.
fn collection(write: &Write) -> String {
    let (Write::Put { key, .. }
    | Write::Delete { key, .. }
    | Write::Check { key, .. }
    | Write::Count { key, .. }) = write;
    key.partition.collection().to_owned()
}
