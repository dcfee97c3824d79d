//! Delivery of accepted events to their receivers.
//!
//! [`accept`] stores an event, its deliveries and their first messages in one commit.
//! [`App::deliver`](crate::App::deliver) makes the attempt that one message asks for: it reads,
//! sends, and then records the attempt, schedules the next one and acknowledges the message, all
//! three in one commit. [`payload`] builds the body of a delivery.

pub mod accept;
pub(crate) mod attempt;
pub(crate) mod batch;
pub(crate) mod counts;
pub mod event;
pub(crate) mod log;
mod made;
mod outgoing;
pub mod payload;
pub(crate) mod recent;
pub(crate) mod sns;
pub(crate) mod subscribers;
mod target;
mod unrecorded;

pub use made::AttemptMade;
pub use target::Targets;
pub(crate) use unrecorded::Unrecorded;
