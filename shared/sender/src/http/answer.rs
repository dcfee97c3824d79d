//! What is kept of an answer.
//!
//! The status decides; headers and body are for people to read in the log. So once the status is
//! known a receiver that dribbles its body is only waited for briefly, and what came counts.

use std::time::Duration;

use http::{HeaderMap, Response, header::SET_COOKIE};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use ports::{Clock, sender::Answer};

use super::retry_after;

/// What is kept of a body.
const EXCERPT_BYTES: usize = 1024;

/// What is read of a body, unkept, so that its connection can be used again. Beyond that a new
/// connection is cheaper.
const DRAIN_BYTES: u64 = 64 * 1024;

/// How long a body is waited for.
const BODY_PATIENCE: Duration = Duration::from_secs(2);

/// How many headers are kept, and how much of each value.
const MAX_HEADERS: usize = 32;
const MAX_VALUE_CHARS: usize = 256;

/// Reads the answer, no longer than `remaining`.
pub(crate) async fn read(
    response: Response<Incoming>,
    clock: &dyn Clock,
    remaining: Duration,
) -> Answer {
    let (head, body) = response.into_parts();
    let mut excerpt = Excerpt::default();
    if !body.is_end_stream() {
        tokio::select! {
            biased;
            () = excerpt.fill(body) => {}
            () = clock.sleep(BODY_PATIENCE.min(remaining)) => {}
        }
    }
    Answer {
        status: head.status.as_u16(),
        retry_after_seconds: retry_after::seconds(&head.headers, clock.now()),
        headers: kept_headers(&head.headers),
        body_excerpt: excerpt.into_text(),
    }
}

/// Headers that are text, in the order in which they came. A cookie opens a session at the
/// receiver, so its value is left out.
fn kept_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = headers.iter().filter_map(|(name, value)| {
        let value = if name == SET_COOKIE { "****" } else { value.to_str().ok()? };
        Some((name.as_str().to_owned(), value.chars().take(MAX_VALUE_CHARS).collect()))
    });
    text.take(MAX_HEADERS).collect()
}

#[derive(Default)]
struct Excerpt {
    bytes: Vec<u8>,
    is_cut: bool,
}

impl Excerpt {
    /// Keeps the beginning of `body`; leaves its connection reusable if the rest is short.
    async fn fill(&mut self, mut body: Incoming) {
        let mut seen = 0;
        while let Some(Ok(frame)) = body.frame().await {
            let Ok(data) = frame.into_data() else { continue };
            self.keep(&data);
            seen += data.len() as u64;
            if seen > DRAIN_BYTES || (self.is_cut && body.size_hint().lower() > DRAIN_BYTES) {
                return;
            }
        }
    }

    fn keep(&mut self, data: &[u8]) {
        let room = EXCERPT_BYTES - self.bytes.len();
        self.bytes.extend_from_slice(&data[..room.min(data.len())]);
        self.is_cut |= data.len() > room;
    }

    /// As text, no longer than the excerpt although replacement characters take three bytes.
    fn into_text(self) -> String {
        let mut text = String::with_capacity(self.bytes.len());
        let mut chunks = self.bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            text.push_str(chunk.valid());
            let is_cut_character = self.is_cut && chunks.peek().is_none();
            if !chunk.invalid().is_empty() && !is_cut_character {
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        text.truncate(text.floor_char_boundary(EXCERPT_BYTES));
        text
    }
}
