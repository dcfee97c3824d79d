//! Logging and tracing: lines on standard error, and spans to a collector if one is configured.

mod json_spans;

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use settings::{LogFormat, MaskedLines};
use tracing_subscriber::{
    EnvFilter, Layer as _, Registry, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

use self::json_spans::JsonSpans;
use crate::{Error, Settings, tracing_export::Export};

/// Starts logging as configured, by default as text if standard error is a terminal, and JSON
/// elsewhere; and the export of spans, if `env`, the process's environment, names a collector.
///
/// # Errors
/// When the environment asks for an export that is not possible.
pub fn start(
    settings: &Settings,
    env: &BTreeMap<String, String>,
    stderr_is_terminal: bool,
) -> Result<Export, Error> {
    let export = Export::start(settings, env)?;
    let by_default = if stderr_is_terminal { LogFormat::Human } else { LogFormat::Json };
    let lines = fmt::layer()
        .with_writer(|| MaskedLines(Unfailing(io::stderr())))
        .log_internal_errors(false)
        .with_ansi(stderr_is_terminal);
    let lines = match settings.log_format.unwrap_or(by_default) {
        LogFormat::Human => lines.with_target(false).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).fmt_fields(JsonSpans).boxed(),
    };
    let filter = EnvFilter::builder().parse_lossy(&settings.log);
    // A second start in one process keeps the first one's configuration.
    let _ = match export.layer(settings.trace_level) {
        // One filter of everything is cheaper than one of each layer.
        None => Registry::default().with(lines).with(filter).try_init(),
        Some(spans) => {
            let layers = vec![spans, lines.with_filter(filter).boxed()];
            Registry::default().with(layers).try_init()
        }
    };
    Ok(export)
}

/// Standard error that ignores failures: a line that can't be written (a full disk, a closed pipe)
/// is lost, and serving goes on.
struct Unfailing(io::Stderr);

impl Write for Unfailing {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        Ok(self.0.write(line).unwrap_or(line.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        let _ = self.0.flush();
        Ok(())
    }
}
