//! Chunked transfer coding (RFC 9112, section 7.1).

use bytes::{Buf as _, BytesMut};

use super::{Step, take};

/// Longest line between chunks: a size with its extensions, or a trailer.
const MAX_LINE_BYTES: usize = 8 * 1024;

/// Place in a chunked body.
#[derive(Default)]
pub(super) enum Chunks {
    /// Before the line with a chunk's size.
    #[default]
    Size,
    /// Within a chunk, with this many bytes left.
    Data(u64),
    /// Before the end of the line that a chunk ends with.
    DataEnd,
    /// In the trailers, or before the empty line that ends the body.
    Trailer,
    Over,
}

impl Chunks {
    pub(super) fn decode(&mut self, received: &mut BytesMut) -> Step {
        loop {
            if let Self::Data(left) = self {
                let data = take(received, *left);
                *left -= data.len() as u64;
                if *left == 0 {
                    *self = Self::DataEnd;
                }
                return if data.is_empty() { Step::More } else { Step::Data(data) };
            }
            if matches!(self, Self::Over) {
                return Step::Over;
            }
            let Some(end) = received.iter().position(|byte| *byte == b'\n') else {
                let is_too_long = received.len() > MAX_LINE_BYTES;
                return if is_too_long { Step::Broken } else { Step::More };
            };
            match self.after(received[..end].trim_ascii()) {
                Some(next) => *self = next,
                None => return Step::Broken,
            }
            received.advance(end + 1);
        }
    }

    /// Returns the place after `line`; `None` if the line is invalid there.
    fn after(&self, line: &[u8]) -> Option<Self> {
        match self {
            Self::Size => {
                let size = line.split(|byte| *byte == b';').next()?.trim_ascii_end();
                let size = std::str::from_utf8(size).ok().filter(|size| !size.starts_with('+'))?;
                let size = u64::from_str_radix(size, 16).ok()?;
                Some(if size == 0 { Self::Trailer } else { Self::Data(size) })
            }
            Self::DataEnd => line.is_empty().then_some(Self::Size),
            Self::Trailer if line.is_empty() => Some(Self::Over),
            Self::Trailer => Some(Self::Trailer),
            Self::Data(_) | Self::Over => None,
        }
    }
}
