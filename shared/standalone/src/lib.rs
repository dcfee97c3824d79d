//! Server of one machine: the product put together on the embedded backend, in one process.
//!
//! [`start`] opens the data directory, builds every port on it (`backend`), and runs until it is
//! told to [`drain`](Running::drain): the HTTP API (`http`), the delivery workers (`workers`), and
//! the housekeeping (`upkeep`). What it may be told is in [`Settings`].
//!
//! Nothing here reads the environment or the command line, and nothing decides: rules are in
//! `domain`, use cases in `app`.

mod backend;
mod descriptors;
mod error;
mod http;
mod identity;
pub mod logging;
mod metrics;
mod ring;
mod running;
mod settings;
mod signals;
pub mod token;
mod tracing_export;
mod upkeep;
mod workers;

pub use backend::ring_file;
pub use error::Error;
pub use running::{Running, listen, start};
pub use settings::Settings;
pub use signals::Signals;
pub use tracing_export::Export;
