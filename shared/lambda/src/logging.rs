//! Logging: JSON lines on standard output, where Lambda collects them.

use lambda_runtime::Error;
use settings::MaskedLines;
use tracing_subscriber::{
    filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Starts logging the lines that `filter` lets through. Lines that are written during an invocation
/// carry its `requestId`, as Lambda's own lines do, in their list of spans.
///
/// # Errors
/// When it was started before.
pub fn start(filter: &Targets) -> Result<(), Error> {
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(|| MaskedLines(std::io::stdout()))
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(true);
    tracing_subscriber::registry().with(lines).with(filter.clone()).try_init()?;
    Ok(())
}
