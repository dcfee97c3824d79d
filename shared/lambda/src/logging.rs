//! Logging: JSON lines on standard output, where Lambda collects them, and spans to X-Ray.

use std::{net::SocketAddr, sync::Arc};

use lambda_runtime::Error;
use settings::MaskedLines;
use system::{SystemClock, SystemIds};
use tracing_subscriber::{
    filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use crate::segments::Segments;

/// Starts logging the lines, and sending the spans to X-Ray's `daemon`, that `filter` lets through.
/// Lines that are written during an invocation carry its `requestId`, as Lambda's own lines do, in
/// their list of spans.
///
/// # Errors
/// When it was started before.
pub fn start(filter: &Targets, daemon: Option<SocketAddr>) -> Result<(), Error> {
    let segments = daemon.map(|daemon| {
        Segments::new(daemon, Arc::new(SystemClock::new()), Arc::new(SystemIds::new()))
    });
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(|| MaskedLines(std::io::stdout()))
        .flatten_event(true)
        // The list has it: each line twice would cost as much again.
        .with_current_span(false)
        .with_span_list(true);
    tracing_subscriber::registry().with(lines).with(segments).with(filter.clone()).try_init()?;
    Ok(())
}
