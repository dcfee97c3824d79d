//! Framing of an answer's body.

mod chunked;

use bytes::{Bytes, BytesMut};

use self::chunked::Chunks;
use super::head;

/// Method to find the end of a body (RFC 9112, section 6.3), and whether another answer can follow
/// it.
pub(super) struct Framing {
    length: Length,
    keeps_connection: bool,
}

enum Length {
    /// Length known; this many bytes are left.
    Known(u64),
    Chunked(Chunks),
    UntilClose,
}

/// Result of decoding a part of a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    Data(Bytes),
    /// Nothing yet.
    More,
    Over,
    /// The body violates its framing.
    Broken,
}

impl Framing {
    /// Returns the framing that `head` announces for an answer of `status`. If the head contradicts
    /// itself the connection is not used again, so a wrong guess costs no more than an excerpt in
    /// the log.
    pub(super) fn of(status: u16, head: &[u8]) -> Self {
        let headers = head::headers(head);
        let values = |name: &'static [u8]| {
            headers.iter().filter(move |header| header.name == name).map(|header| &header.value[..])
        };
        let tokens = |name| {
            values(name).flat_map(|value| value.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
        };
        let has = |name, token: &[u8]| tokens(name).any(|found| found.eq_ignore_ascii_case(token));
        let lengths: Vec<Option<u64>> = tokens(b"content-length").map(number).collect();
        let is_encoded = values(b"transfer-encoding").next().is_some();
        let is_chunked = has(b"transfer-encoding", b"chunked");
        let length = match lengths.first() {
            _ if matches!(status, 204 | 304) => Length::Known(0),
            _ if is_chunked => Length::Chunked(Chunks::default()),
            Some(Some(length)) if !is_encoded => Length::Known(*length),
            _ => Length::UntilClose,
        };
        let is_definite = match length {
            Length::Known(length) => !is_encoded && lengths.iter().all(|all| *all == Some(length)),
            Length::Chunked(_) => lengths.is_empty() && tokens(b"transfer-encoding").count() == 1,
            Length::UntilClose => false,
        };
        let is_current = head::is_version_1_1(head) && status != 101;
        let keeps_connection = is_definite && is_current && !has(b"connection", b"close");
        Self { length, keeps_connection }
    }

    /// Returns whether the connection can carry another request after this body.
    pub(super) fn keeps_connection(&self) -> bool {
        self.keeps_connection
    }

    /// Decodes as much of the body as `received` contains; `is_all` says that no more will come.
    pub(super) fn decode(&mut self, received: &mut BytesMut, is_all: bool) -> Step {
        match &mut self.length {
            Length::Known(0) => Step::Over,
            Length::Known(left) => {
                let data = take(received, *left);
                *left -= data.len() as u64;
                some_or_more(data)
            }
            Length::Chunked(chunks) => chunks.decode(received),
            Length::UntilClose if is_all && received.is_empty() => Step::Over,
            Length::UntilClose => some_or_more(received.split().freeze()),
        }
    }
}

/// Takes up to `limit` bytes of `received`.
fn take(received: &mut BytesMut, limit: u64) -> Bytes {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    received.split_to(limit.min(received.len())).freeze()
}

fn some_or_more(data: Bytes) -> Step {
    if data.is_empty() { Step::More } else { Step::Data(data) }
}

fn number(digits: &[u8]) -> Option<u64> {
    let is_number = digits.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(digits).ok().filter(|_| is_number)?.parse().ok()
}
