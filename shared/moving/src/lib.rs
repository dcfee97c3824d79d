//! Moving house: the file in which an installation goes from one backend to another.
//!
//! [`export`] writes a backend down, [`Export`] is such a file that was found to be whole, and
//! [`import`] makes another backend of it. All three work on ports, so any backend moves to any
//! other. What moves is up to `app::moving`; how it is written is [`mod@format`], and in words
//! `docs/moving.md`.
//!
//! A file is read three times. First all of it is held against the seal of its passphrase, before
//! anything is written; then streams and undelivered events are put in their places; and when
//! everything stands, the messages are sent that go on delivering. So an import that was stopped
//! delivers nothing, and can be repeated: what is there already is passed over.

mod export;
mod file;
pub mod format;
mod import;

use std::sync::Arc;

use domain::Timestamp;
use ports::{Clock, Ids, Queue, Store, Vault};

pub use self::{
    export::{NotExported, Sealing, export},
    file::{Export, NotAnExport},
    import::{Imported, NotImported, import},
};

/// The backend that is moved from, or to.
#[derive(Clone)]
pub struct House<'a> {
    /// Events and documents.
    pub store: &'a dyn Store,
    /// Messages.
    pub queue: &'a dyn Queue,
    /// Secrets.
    pub vault: &'a dyn Vault,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub ids: &'a dyn Ids,
}

impl House<'_> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
