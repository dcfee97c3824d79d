//! Export and import: moving an installation from one backend to another in a file.
//!
//! [`export`] writes the file, [`Export`] is a file that was found to be complete, and [`import`]
//! writes its content to another backend. All three work on ports, so any backend can move to any
//! other. `app::moving` decides what moves; [`mod@format`] defines the format, which
//! `docs/moving.md` describes.
//!
//! A file is read three times. First its seal is verified, before anything is written; then streams
//! and undelivered events are imported; and finally the messages are sent that continue the
//! deliveries. So an import that was interrupted delivers nothing, and can be repeated: content
//! that is there already is skipped.

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

/// Ports of the backend to export from or import into.
#[derive(Clone)]
pub struct Ports<'a> {
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

impl Ports<'_> {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
