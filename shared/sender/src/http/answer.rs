//! Parts of an answer that are kept.
//!
//! The status decides the outcome; headers and body are for people to read in the log. So once the
//! status is known, a receiver that sends its body slowly is only waited for briefly, and the part
//! that came is kept.

mod headers;

use std::time::Duration;

use ports::{Clock, sender::Answer};

use super::{response::Response, retry_after};

/// Number of bytes of a body that are kept.
const EXCERPT_BYTES: usize = 1024;

/// Number of bytes of a body that are read, most of them discarded, so that the connection can be
/// used again. For a longer body a new connection is cheaper.
const DRAIN_BYTES: usize = 64 * 1024;

/// Time for which the rest of an answer is waited for once its status is known.
const PATIENCE: Duration = Duration::from_secs(2);

/// Reads the answer, no longer than `remaining`.
pub(crate) async fn read(mut response: Response, clock: &dyn Clock, remaining: Duration) -> Answer {
    let mut excerpt = Excerpt::default();
    tokio::select! {
        biased;
        () = excerpt.fill(&mut response) => {}
        () = clock.sleep(PATIENCE.min(remaining)) => {}
    }
    let headers = response.headers();
    let answer = Answer {
        status: response.status(),
        retry_after_seconds: retry_after::seconds(&headers, clock.now()),
        headers: headers::kept(&headers),
        body_excerpt: excerpt.into_text(),
    };
    response.finish();
    answer
}

#[derive(Default)]
struct Excerpt {
    bytes: Vec<u8>,
    is_cut: bool,
}

impl Excerpt {
    /// Reads the beginning of the body into the excerpt; leaves the connection reusable if the rest
    /// is short.
    async fn fill(&mut self, response: &mut Response) {
        let mut seen = 0;
        while let Some(data) = response.next().await {
            self.keep(&data);
            seen += data.len();
            if seen > DRAIN_BYTES {
                return;
            }
        }
    }

    fn keep(&mut self, data: &[u8]) {
        let room = EXCERPT_BYTES - self.bytes.len();
        self.bytes.extend_from_slice(&data[..room.min(data.len())]);
        self.is_cut |= data.len() > room;
    }

    /// Returns the excerpt as text, no longer than its limit although replacement characters take
    /// three bytes.
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
