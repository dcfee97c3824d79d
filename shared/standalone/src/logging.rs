//! Logging: lines with a message and queryable fields, on standard error.

use std::io::{self, Write};

use settings::{LogFormat, MaskedLines};
use tracing_subscriber::EnvFilter;

use crate::Settings;

/// Starts logging as configured; by default text if standard error is a terminal, and JSON elsewhere.
pub fn start(settings: &Settings, stderr_is_terminal: bool) {
    let filter = EnvFilter::builder().parse_lossy(&settings.log);
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(|| MaskedLines(Unfailing(io::stderr())))
        .log_internal_errors(false)
        .with_ansi(stderr_is_terminal);
    let by_default = if stderr_is_terminal { LogFormat::Human } else { LogFormat::Json };
    // A second start in one process keeps the first one's configuration.
    let _ = match settings.log_format.unwrap_or(by_default) {
        LogFormat::Human => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
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
