//! Trace contexts, which travel with messages.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Place of a span in a distributed trace, with the text form of the header `traceparent` (W3C Trace
/// Context, 3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceContext {
    /// Identifier of the trace, never zero.
    pub trace: u128,
    /// Identifier of the span, never zero.
    pub span: u64,
    /// True if the trace is recorded.
    pub sampled: bool,
}

/// Error for a text that is not a `traceparent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a traceparent")]
pub struct NotATraceParent;

impl fmt::Display for TraceContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.span, u8::from(self.sampled))
    }
}

impl FromStr for TraceContext {
    type Err = NotATraceParent;

    /// Later versions may append to the text of version 00, and are read like it.
    fn from_str(text: &str) -> Result<Self, NotATraceParent> {
        let mut parts = text.splitn(5, '-');
        let mut part = |digits| hex(parts.next().unwrap_or_default(), digits);
        let (version, trace) = (part(2)?, part(32)?);
        let (span, flags) = (part(16)?, part(2)?);
        let more = parts.next();
        if version == 0xff || (version == 0 && more.is_some()) || trace == 0 || span == 0 {
            return Err(NotATraceParent);
        }
        let span = u64::try_from(span).map_err(|_| NotATraceParent)?;
        Ok(Self { trace, span, sampled: flags & 1 == 1 })
    }
}

/// Reads a number of exactly so many digits, in lower case.
fn hex(text: &str, digits: usize) -> Result<u128, NotATraceParent> {
    let all = text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    if text.len() != digits || !all {
        return Err(NotATraceParent);
    }
    u128::from_str_radix(text, 16).map_err(|_| NotATraceParent)
}

impl Serialize for TraceContext {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TraceContext {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_traceparent_is_read_as_it_was_written() {
        let read: TraceContext = TEXT.parse().unwrap();
        assert!(read.sampled);
        assert_eq!(read.to_string(), TEXT);
        let later = format!("01{}-more", &TEXT[2..]);
        assert_eq!(later.parse(), Ok(read));
    }

    #[test]
    fn anything_else_is_not_a_traceparent() {
        let upper = TEXT.to_uppercase();
        let more = format!("{TEXT}-more");
        let no_trace = "00-00000000000000000000000000000000-00f067aa0ba902b7-01";
        let no_span = "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01";
        let reserved = format!("ff{}", &TEXT[2..]);
        for text in ["", "00", &TEXT[1..], &upper, &more, no_trace, no_span, &reserved, "é"] {
            assert_eq!(text.parse::<TraceContext>(), Err(NotATraceParent), "{text}");
        }
    }
}
