//! Log lines: JSON on standard output, where Lambda takes them from.

use lambda_runtime::Error;
use settings::MaskedLines;
use tracing_subscriber::{
    filter::Targets, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Starts writing the log lines that `filter` lets through. Those written while Lambda has a
/// request under way carry its `requestId`, by which Lambda's own lines name it too.
///
/// # Errors
/// When it was started before.
pub fn start(filter: &Targets) -> Result<(), Error> {
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(|| MaskedLines(std::io::stdout()))
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false);
    tracing_subscriber::registry().with(lines).with(filter.clone()).try_init()?;
    Ok(())
}
