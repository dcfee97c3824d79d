//! Protocol of a connection, as far as its bytes tell where a request's head begins and ends.

/// Preface of every HTTP/2 connection.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Types of the frames that make up a head (RFC 9113, sections 6.2 and 6.10), and the flag of the
/// last of them.
const HEADERS: u8 = 1;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;
/// Types of frames that want an answer or change nothing that is on its way: PRIORITY, SETTINGS and
/// PING (RFC 9113, sections 6.3, 6.5 and 6.7).
const CONTROL: [u8; 3] = [2, 4, 6];
/// Number of control frames that a connection may send, and how many more with each head. A client
/// that pings once a second through the longest idle time needs 75.
const MOST_CONTROL: u32 = 100;
const CONTROL_FOR_A_HEAD: u32 = 10;

/// Protocol that a client speaks.
#[derive(Debug)]
pub(super) enum Protocol {
    /// This many bytes of HTTP/2's preface have come, and no other byte.
    Unknown(usize),
    Http1,
    Http2(Frames),
}

impl Default for Protocol {
    fn default() -> Self {
        Self::Unknown(0)
    }
}

impl Protocol {
    pub(super) const fn is_http2(&self) -> bool {
        matches!(self, Self::Http2(_))
    }

    /// Returns whether the client sends control frames without end.
    pub(super) const fn is_flood(&self) -> bool {
        match self {
            Self::Http2(frames) => frames.control > MOST_CONTROL,
            Self::Unknown(_) | Self::Http1 => false,
        }
    }

    /// Follows received `bytes`, and returns whether a head, or the preface, has begun and not
    /// ended with them. On HTTP/1.1, bytes during a request are its body, and only those
    /// `between_requests` begin a head; its end is not seen here.
    pub(super) fn is_in_a_head(&mut self, bytes: &[u8], between_requests: bool) -> bool {
        match self {
            Self::Http2(frames) => frames.is_in_a_head(bytes),
            Self::Http1 => between_requests && begins_a_head(bytes),
            Self::Unknown(known) => {
                let expected = &PREFACE[*known..];
                if expected.starts_with(bytes) && bytes.len() < expected.len() {
                    *known += bytes.len();
                    return true;
                }
                if let Some(after) = bytes.strip_prefix(expected) {
                    let mut frames = Frames::default();
                    let is_in_a_head = frames.is_in_a_head(after);
                    *self = Self::Http2(frames);
                    return is_in_a_head;
                }
                let is_in_a_head = *known > 0 || begins_a_head(bytes);
                *self = Self::Http1;
                is_in_a_head
            }
        }
    }
}

/// Returns whether a head begins in `bytes`. Empty lines don't count: they may precede a request,
/// and some clients end a body with one.
fn begins_a_head(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| !matches!(byte, b'\r' | b'\n'))
}

/// Frames of HTTP/2: where the current one ends, and whether it belongs to a head.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// Beginning of a frame: its length, type and flags. The stream's number, which follows, is
    /// counted as payload.
    start: [u8; 5],
    has: usize,
    /// Number of bytes of the current frame that are still to come.
    left: usize,
    /// True from the first frame of a head to the end of its last.
    in_head: bool,
    /// True if the current frame is the last of a head.
    is_last: bool,
    /// Number of control frames, less those that came with heads.
    control: u32,
}

impl Frames {
    fn is_in_a_head(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            if self.left == 0 {
                self.start[self.has] = bytes[0];
                self.has += 1;
                bytes = &bytes[1..];
                if self.has == self.start.len() {
                    self.begin();
                }
                continue;
            }
            let skipped = self.left.min(bytes.len());
            self.left -= skipped;
            bytes = &bytes[skipped..];
            if self.left == 0 && self.is_last {
                (self.in_head, self.is_last) = (false, false);
            }
        }
        self.in_head || self.has > 0
    }

    fn begin(&mut self) {
        let [high, middle, low, kind, flags] = self.start;
        self.has = 0;
        self.left = usize::from(high) << 16 | usize::from(middle) << 8 | usize::from(low);
        self.left += 4;
        if CONTROL.contains(&kind) {
            self.control += 1;
        }
        if kind == HEADERS {
            self.control = self.control.saturating_sub(CONTROL_FOR_A_HEAD);
        }
        if matches!(kind, HEADERS | CONTINUATION) {
            self.in_head = true;
            self.is_last = flags & END_HEADERS != 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
        let length = u8::try_from(payload.len()).unwrap();
        [&[0, 0, length, kind, flags, 0, 0, 0, 1], payload].concat()
    }

    #[test]
    fn a_head_of_http_2_ends_with_its_last_frame_however_it_is_cut() {
        let whole = [frame(HEADERS, 0, b"abc"), frame(CONTINUATION, END_HEADERS, b"de")].concat();
        for size in 1..=whole.len() {
            let mut protocol = Protocol::default();
            assert!(!protocol.is_in_a_head(PREFACE, true) && protocol.is_http2());
            let pieces: Vec<&[u8]> = whole.chunks(size).collect();
            for (at, piece) in pieces.iter().enumerate() {
                let is_last = at + 1 == pieces.len();
                assert_eq!(protocol.is_in_a_head(piece, true), !is_last, "{at} of {size}");
            }
            assert!(!protocol.is_in_a_head(&frame(0, 0, b"data"), true));
            assert!(!protocol.is_in_a_head(&frame(0, 0, b"data")[..11], true));
        }
    }

    #[test]
    fn control_frames_are_a_flood_unless_requests_come_with_them() {
        let (ping, head) = (frame(6, 0, &[0; 8]), frame(HEADERS, END_HEADERS, b"abc"));
        let mut protocol = Protocol::default();
        protocol.is_in_a_head(PREFACE, true);
        protocol.is_in_a_head(&ping.repeat(100), true);
        assert!(!protocol.is_flood());
        protocol.is_in_a_head(&head, true);
        protocol.is_in_a_head(&ping.repeat(10), true);
        assert!(!protocol.is_flood());
        protocol.is_in_a_head(&frame(4, 0, b""), true);
        assert!(protocol.is_flood());
    }

    #[test]
    fn the_preface_counts_as_a_head_until_it_is_whole() {
        for at in 1..PREFACE.len() {
            let mut protocol = Protocol::default();
            assert!(protocol.is_in_a_head(&PREFACE[..at], true));
            assert!(!protocol.is_in_a_head(&PREFACE[at..], true));
            assert!(protocol.is_http2());
        }
    }

    #[test]
    fn what_begins_like_the_preface_and_goes_on_otherwise_is_http_1() {
        let mut protocol = Protocol::default();
        assert!(protocol.is_in_a_head(b"PRI * HTTP/1", true));
        assert!(protocol.is_in_a_head(b".1", true));
        assert!(matches!(protocol, Protocol::Http1));
        assert!(!protocol.is_in_a_head(b"\r\n", true) && !protocol.is_in_a_head(b"body", false));
    }
}
