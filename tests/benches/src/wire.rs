//! Minimal HTTP/1.1, to be cheap: messages with a content length, on persistent connections.

use std::{io, ops::Range};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
};

/// Largest message that is read, in bytes.
const LARGEST: usize = 64 << 20;

/// Connection with its read buffer.
pub(crate) struct Connection<S = TcpStream> {
    stream: S,
    buffer: Vec<u8>,
    /// Number of bytes in the buffer that belong to handled messages.
    done: usize,
}

/// Position of a message in the buffer.
pub(crate) struct Message {
    head: Range<usize>,
    body: Range<usize>,
}

impl Connection {
    /// Wraps `stream`, without Nagle's delay.
    pub(crate) fn over(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self::on(stream))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Wraps `stream`, as it is.
    pub(crate) fn on(stream: S) -> Self {
        Self { stream, buffer: Vec::with_capacity(16 * 1024), done: 0 }
    }

    /// Writes the bytes of whole messages.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Reads the next message; none when the other side has closed between messages.
    pub(crate) async fn read(&mut self) -> io::Result<Option<Message>> {
        self.buffer.drain(..self.done);
        self.done = 0;
        loop {
            if let Some(message) = find(&self.buffer)? {
                self.done = message.body.end;
                return Ok(Some(message));
            }
            if self.buffer.len() > LARGEST {
                return Err(invalid("the message is too large"));
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return if self.buffer.is_empty() {
                    Ok(None)
                } else {
                    Err(io::ErrorKind::UnexpectedEof.into())
                };
            }
        }
    }

    /// Head of the message last read: first line and headers.
    pub(crate) fn head(&self, message: &Message) -> &[u8] {
        &self.buffer[message.head.clone()]
    }

    /// Body of the message last read.
    pub(crate) fn body(&self, message: &Message) -> &[u8] {
        &self.buffer[message.body.clone()]
    }
}

/// Finds the first message in `buffer`, once all of it is there.
fn find(buffer: &[u8]) -> io::Result<Option<Message>> {
    let Some(end) = position(buffer, b"\r\n\r\n") else { return Ok(None) };
    let body_at = end + 4;
    let length = content_length(&buffer[..end])?;
    let message = Message { head: 0..end, body: body_at..body_at + length };
    Ok((buffer.len() >= message.body.end).then_some(message))
}

fn content_length(head: &[u8]) -> io::Result<usize> {
    const NAME: &[u8] = b"content-length:";
    for line in head.split(|byte| *byte == b'\n').skip(1) {
        if line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)) {
            let text = std::str::from_utf8(&line[NAME.len()..]).unwrap_or_default();
            return text.trim().parse().map_err(|_| invalid("the content length is no number"));
        }
    }
    Ok(0)
}

/// Position of the first `needle` in `haystack`.
pub(crate) fn position(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn invalid(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// Parses the status of an answer's head.
pub(crate) fn status(head: &[u8]) -> Option<u16> {
    std::str::from_utf8(head.get(9..12)?).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_once_it_is_whole_and_only_the_first() {
        let two = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 500";
        let whole = find(two).unwrap().unwrap();
        assert_eq!((&two[whole.body.clone()], status(two)), (&b"{}"[..], Some(202)));
        assert!(find(&two[..whole.body.end - 1]).unwrap().is_none());
        assert!(find(&two[..=whole.head.end]).unwrap().is_none());
    }

    #[test]
    fn a_missing_length_means_no_body_and_a_bad_one_is_an_error() {
        let bare = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        assert_eq!(find(bare).unwrap().unwrap().body, bare.len()..bare.len());
        assert!(find(b"POST / HTTP/1.1\r\ncontent-length: x\r\n\r\n").is_err());
    }
}
