//! History of one key or webhook: what changed it and who accessed it, merged.

use std::collections::VecDeque;

use ports::{
    ReadError,
    store::{Order, RecordedEvent, StreamId, StreamQuery},
};

use super::wanted::{CHUNK, MOST_EXAMINED, Placed, Wanted};
use crate::{
    Backend,
    auth::Access,
    paging::{Filling, Page, Rows},
    problem::{Code, Problem},
};

/// Reads a page of the history of what `stream` is of, newest first.
pub(super) async fn page(
    backend: &Backend,
    access: &Access,
    wanted: &Wanted,
    stream: StreamId,
    page: &Page,
) -> Result<Rows<Placed>, Problem> {
    let mut merge = Merge::from(stream, page)?;
    let mut filling = Filling::of(page);
    for _ in 0..MOST_EXAMINED {
        let place = merge.place();
        let Some(recorded) = merge.next(backend).await? else {
            return Ok(Rows { kept: filling.kept, next: None });
        };
        if wanted.ends_at(&recorded) {
            return Ok(Rows { kept: filling.kept, next: None });
        }
        if wanted.keep(&recorded, access) {
            if filling.is_full() {
                return Ok(Rows { kept: filling.kept, next: Some(place) });
            }
            filling.take((merge.place(), recorded));
        }
    }
    Ok(Rows { kept: filling.kept, next: Some(merge.place()) })
}

/// Streams that are read backwards together, newest event first.
struct Merge {
    tails: Vec<Tail>,
}

/// Stream that is read backwards.
struct Tail {
    stream: StreamId,
    /// Version of the last event that was taken; none before the first.
    past: Option<u64>,
    /// Events that were read and not taken yet.
    read: VecDeque<RecordedEvent>,
    /// True if there are no events beyond `read`.
    ended: bool,
    /// Number of events to read at a time.
    chunk: usize,
}

impl Merge {
    /// Begins at the place where an earlier page ended.
    fn from(stream: StreamId, page: &Page) -> Result<Self, Problem> {
        let streams = [Some(stream), stream.accesses()].into_iter().flatten();
        let mut tails: Vec<Tail> =
            streams.map(|stream| Tail::new(stream, page.per_page + 1)).collect();
        if let Some(place) = &page.past {
            let wrong = || Code::InvalidCursor.of("cursor");
            let versions: Vec<&str> = place.split('.').collect();
            if versions.len() != tails.len() {
                return Err(wrong());
            }
            for (tail, version) in tails.iter_mut().zip(versions) {
                if !version.is_empty() {
                    tail.past = Some(version.parse().map_err(|_| wrong())?);
                }
            }
        }
        Ok(Self { tails })
    }

    /// Returns the place that has been reached: the versions past which each stream goes on.
    fn place(&self) -> String {
        let past = |tail: &Tail| tail.past.map(|version| version.to_string()).unwrap_or_default();
        self.tails.iter().map(past).collect::<Vec<_>>().join(".")
    }

    /// Takes the newest event that was not taken yet.
    async fn next(&mut self, backend: &Backend) -> Result<Option<RecordedEvent>, ReadError> {
        for tail in &mut self.tails {
            tail.fill(backend).await?;
        }
        let newest = self.tails.iter_mut().max_by_key(|tail| tail.read.front().map(|e| e.event.id));
        let Some(newest) = newest else { return Ok(None) };
        let taken = newest.read.pop_front();
        if let Some(taken) = &taken {
            newest.past = Some(taken.version);
        }
        Ok(taken)
    }
}

impl Tail {
    fn new(stream: StreamId, chunk: usize) -> Self {
        Self { stream, past: None, read: VecDeque::new(), ended: false, chunk }
    }

    /// Reads more events if none are left.
    async fn fill(&mut self, backend: &Backend) -> Result<(), ReadError> {
        if !self.read.is_empty() || self.ended {
            return Ok(());
        }
        let query = StreamQuery {
            stream: self.stream,
            order: Order::Descending,
            past: self.past,
            limit: self.chunk,
        };
        self.read = backend.store.read_stream(&query).await?.into();
        self.ended = self.read.len() < self.chunk;
        self.chunk = CHUNK;
        Ok(())
    }
}
