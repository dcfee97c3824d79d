//! Embedded backend.

use std::{path::Path, sync::Arc};

use domain::Timestamp;
use ports::{
    Chain, Clock, ReadError,
    queue::{Lane, Leased},
};

use crate::{
    Figures, OpenError, Options, connection,
    directory::Directory,
    dispatch::{Dispatch, Found, Now, Turn, Wanted},
    hot::Hot,
    messages,
    readers::Readers,
    schema, sound,
    writer::{Durable, Reads, Writer},
};

/// Embedded backend: everything is kept in one SQLite file in a directory of its own. Clones share
/// it.
///
/// It implements [`Store`](ports::Store) and [`Queue`](ports::Queue). Dropping the last clone
/// finishes the commits that were handed over and releases the directory.
#[derive(Debug, Clone)]
pub struct Embedded {
    pub(crate) inner: Arc<Inner>,
}

/// Shared state; fields are dropped in order, so the writer ends before the directory is released.
pub(crate) struct Inner {
    pub(crate) writer: Writer,
    pub(crate) readers: Readers,
    pub(crate) dispatch: Arc<Dispatch>,
    pub(crate) hot: Arc<Hot>,
    pub(crate) figures: Arc<Figures>,
    clock: Arc<dyn Clock>,
    _directory: Directory,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").finish_non_exhaustive()
    }
}

impl Embedded {
    /// Opens the data directory `path`, or makes one there. `clock` is the source of time.
    ///
    /// # Errors
    /// When the directory can't be used or others may look into it, another process has it, the
    /// database in it is not Latchhook's or of a newer version, or something is damaged or missing. Then
    /// nothing was changed.
    pub fn open(path: &Path, options: &Options, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let directory = Directory::claim(path)?;
        let file = directory.database();
        sound::expect_log(directory.path())?;
        let mut connection = connection::writer(&file, options.writer_cache)
            .map_err(|why| schema::refusal(why, &file))?;
        let version = schema::vet(&connection, &file)?;
        sound::expect_database(&connection, version, &directory, options.check_up_to)?;
        schema::prepare(&mut connection, version, options.erased)?;
        connection::leave_log(&connection, false)?;
        let dispatch = Arc::new(Dispatch::new(options));
        let mut group = None;
        while let Some((webhook, lane, due)) = messages::next_group(&connection, group)? {
            dispatch.found_group(lane, webhook, due);
            group = Some((webhook, lane));
        }
        let (hot, durable) = (Arc::<Hot>::default(), Arc::<Durable>::default());
        let readers = Readers::new(file.clone(), options.reader_cache, Arc::clone(&durable));
        let writer = Writer::start(
            connection,
            &directory,
            options,
            Arc::clone(&clock),
            Arc::clone(&dispatch),
            Arc::clone(&hot),
            durable,
        )?;
        let inner = Inner {
            writer,
            readers,
            dispatch,
            hot,
            figures: Arc::clone(&options.figures),
            clock,
            _directory: directory,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The next message of `lane` that may be worked on, leased to the caller; waits until there is
    /// one. Endpoints take turns, and each has only so many messages out at a time (see
    /// [`Options`]). Waits for ever once the store is closed.
    ///
    /// No message is lost when the returned future is dropped.
    pub async fn next(&self, lane: Lane) -> Leased {
        loop {
            let changed = self.inner.dispatch.changed(lane);
            match self.turn(lane).await {
                Ok(Ok(leased)) => return leased,
                Ok(Err(wait)) => {
                    tokio::select! {
                        () = changed => {}
                        () = self.inner.clock.sleep(wait) => {}
                    }
                }
                // A timer reads its group again.
                Err(why) => tracing::info_span!("messages", ?lane).in_scope(|| {
                    tracing::error!(error = %Chain(&why), "messages can't be read");
                }),
            }
        }
    }

    /// Finishes the commits that were handed over, moves everything into the database file and
    /// stops. Later calls fail with [`Unavailable`](ports::Unavailable).
    pub async fn close(&self) {
        self.inner.writer.stop().await;
        self.inner.readers.close();
        self.inner.hot.clear();
    }

    /// The wall clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Both clocks.
    pub(crate) fn moment(&self) -> Now {
        Now { wall: self.inner.clock.now(), monotonic: self.inner.clock.monotonic() }
    }

    /// Returns a message of `lane`, or how long to wait unless something changes.
    pub(crate) async fn turn(
        &self,
        lane: Lane,
    ) -> Result<Result<Leased, std::time::Duration>, ReadError> {
        loop {
            match self.inner.dispatch.turn(lane, self.moment()) {
                Turn::Work(leased) => return Ok(Ok(leased)),
                Turn::Wait(wait) => return Ok(Err(wait)),
                Turn::Read(wanted) => self.read_messages(wanted).await?,
            }
        }
    }

    async fn read_messages(&self, wanted: Wanted) -> Result<(), ReadError> {
        let mut reading = Reading { dispatch: &self.inner.dispatch, wanted, found: None };
        let read = |connection: &_| messages::find(connection, wanted);
        let found = self.inner.readers.short(Reads::Anything, "reading messages", read).await?;
        reading.found = Some(found);
        Ok(())
    }
}

/// Read of a group's messages. What it found is handed over when it ends, also if nobody waits for it any
/// more.
struct Reading<'a> {
    dispatch: &'a Dispatch,
    wanted: Wanted,
    found: Option<Found>,
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        self.dispatch.refill(self.wanted, self.found.take());
    }
}
