//! The ports on one SQLite file: the backend of a single machine.
//!
//! [`Embedded`] is [`Store`](ports::Store) and [`Queue`](ports::Queue); [`MemoryLimiter`] is the
//! small port that needs no file. Time and randomness are those of [`system`].
//!
//! * One thread writes. It commits whatever has gathered since its last commit in one transaction,
//!   and only then answers: accepted means `fsync`ed.
//! * Reads run beside it, each on a connection of a small pool.
//! * Messages wait in a table; leases are in memory only. One process owns the directory, so a
//!   restart ends every lease.
//!
//! This crate does not know the meaning of documents and events.
//!
//! # Walk-through: a commit
//!
//! [`Store::commit`](ports::Store::commit) prepares the rows on the caller's side
//! (`writer/prepared`) and hands them to the writer (`writer`), which checks every condition
//! (`writer/check`) before it writes anything (`writer/apply`). After the transaction the
//! dispatcher (`dispatch`) learns which messages came and went, and a worker that waits in
//! [`Embedded::next`] gets the next one in turn.

mod apart;
mod backup;
mod check;
mod checksum;
mod connection;
mod directory;
mod dispatch;
mod embedded;
mod error;
mod hot;
mod integrity;
mod limiter;
mod mark;
mod messages;
mod options;
mod queue;
mod read;
mod readers;
mod rebuild;
mod revisions;
mod schema;
mod sound;
mod space;
mod store;
mod sweep;
mod text;
mod wal;
mod writer;

pub use check::Checked;
pub use directory::ring_in;
pub use embedded::Embedded;
pub use error::{BackupError, OpenError};
pub use limiter::MemoryLimiter;
pub use options::{Concurrency, Erased, Options};
pub use rebuild::{Content, Indexed};
pub use space::Figures;
pub use system::{SystemClock, SystemIds};
