//! Event right after its acceptance.

use std::sync::Arc;

use domain::{Timestamp, webhook::Webhook};

use crate::delivery::event::AcceptedEvent;

/// Event right after its acceptance.
#[derive(Clone, Copy)]
pub(crate) struct NewlyAccepted<'a> {
    /// The event.
    pub(crate) event: &'a AcceptedEvent,
    /// Webhooks that it is delivered to.
    pub(crate) webhooks: &'a [Arc<Webhook>],
    /// Time of acceptance.
    pub(crate) at: Timestamp,
}
