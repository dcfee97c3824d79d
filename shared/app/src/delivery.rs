//! Taking an accepted event to its receivers.
//!
//! [`accept`] makes an event, its deliveries and their first messages durable in one commit.
//! [`App::deliver`](crate::App::deliver) makes the attempt that one message asks for: read, send,
//! record, schedule the next, and only then is the message acknowledged, all of the last three in
//! one commit. [`payload`] is what a receiver gets.

pub mod accept;
pub(crate) mod attempt;
pub mod event;
pub(crate) mod log;
mod made;
mod outgoing;
pub mod payload;
pub(crate) mod sns;
mod target;
mod unrecorded;

pub use made::AttemptMade;
pub use target::Targets;
pub(crate) use unrecorded::Unrecorded;
