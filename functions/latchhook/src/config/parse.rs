//! What only the standalone server's settings may be; the rest is in [`settings::parse`].

use std::{net::SocketAddr, path::PathBuf};

use settings::parse::number;

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("must be a path".to_owned()) } else { Ok(text.into()) }
}

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("{text:?} is not ADDRESS:PORT, such as 127.0.0.1:8080"))
}

pub(super) fn certificates(text: &str) -> Result<Vec<u8>, String> {
    let pem = std::fs::read(text).map_err(|why| format!("{text:?}: {why}"))?;
    let begins = b"-----BEGIN CERTIFICATE-----";
    if pem.windows(begins.len()).any(|window| window == begins) {
        Ok(pem)
    } else {
        Err(format!("{text:?} has no PEM certificate in it"))
    }
}

pub(super) fn workers(text: &str) -> Result<usize, String> {
    number(text, 10_000).map(|number| number as usize)
}

pub(super) fn log_filter(text: &str) -> Result<String, String> {
    match tracing_subscriber::EnvFilter::builder().parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(why) => Err(format!("{text:?} is not a log filter: {why}")),
    }
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "human" => Ok(LogFormat::Human),
        "json" => Ok(LogFormat::Json),
        _ => Err(format!("{text:?} is neither human nor json")),
    }
}
