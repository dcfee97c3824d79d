//! Lenient parser of an answer's head.

use crate::http::header::Header;

/// Beginning of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum StatusLine {
    Status(u16),
    /// Incomplete: more bytes are needed.
    Partial,
    NotHttp,
}

/// Parses the status in the first line of `received`: `HTTP/`, a version, spaces, three digits, and
/// anything. `is_all` says that no more will come.
pub(super) fn status_line(received: &[u8], is_all: bool) -> StatusLine {
    let line = &received[leading_newlines(received)..];
    let protocol = line.get(..5).unwrap_or(line);
    if !protocol.eq_ignore_ascii_case(&b"HTTP/"[..protocol.len()]) {
        return StatusLine::NotHttp;
    }
    let rest = &line[protocol.len()..];
    let version = count(rest, |byte| byte.is_ascii_digit() || byte == b'.');
    let spaces = count(&rest[version..], |byte| byte == b' ' || byte == b'\t');
    let digits = &rest[version + spaces..];
    let length = count(digits, |byte| byte.is_ascii_digit());
    let is_cut = length == digits.len() && (length < 3 || !is_all);
    if is_cut && version <= 8 && spaces <= 64 && length <= 3 {
        return StatusLine::Partial;
    }
    let code = std::str::from_utf8(&digits[..length]).ok().and_then(|code| code.parse().ok());
    match code {
        Some(status) if version > 0 && spaces > 0 && length == 3 && status >= 100 => {
            StatusLine::Status(status)
        }
        _ => StatusLine::NotHttp,
    }
}

/// Returns the end of the head, which is after its first empty line. The first `looked_at` bytes
/// have none.
pub(super) fn end(received: &[u8], looked_at: usize) -> Option<usize> {
    let begin = leading_newlines(received).max(looked_at.saturating_sub(3));
    let rest = received.get(begin..)?;
    let newlines = rest.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    newlines.map(|(at, _)| at + 1).find_map(|line| match &rest[line..] {
        [b'\n', ..] => Some(begin + line + 1),
        [b'\r', b'\n', ..] => Some(begin + line + 2),
        _ => None,
    })
}

/// Returns the header lines of `head`, in their order. A folded line belongs to the one before it;
/// a line without a colon is a name without a value.
pub(super) fn headers(head: &[u8]) -> Vec<Header> {
    let head = &head[leading_newlines(head)..];
    let lines = head.split(|byte| *byte == b'\n').skip(1);
    let mut headers: Vec<(Vec<u8>, Vec<u8>)> = vec![];
    for line in lines {
        let text = line.trim_ascii();
        let is_folded = line.first().is_some_and(|byte| *byte == b' ' || *byte == b'\t');
        match headers.last_mut() {
            _ if text.is_empty() => {}
            Some((_, value)) if is_folded => {
                value.push(b' ');
                value.extend_from_slice(text);
            }
            _ => headers.push(pair(text)),
        }
    }
    headers
        .into_iter()
        .map(|(name, value)| Header { name: name.into(), value: value.into() })
        .collect()
}

fn pair(line: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
    let value = line.get(colon + 1..).unwrap_or_default();
    (line[..colon].trim_ascii().to_ascii_lowercase(), value.trim_ascii().to_owned())
}

fn leading_newlines(received: &[u8]) -> usize {
    count(received, |byte| byte == b'\r' || byte == b'\n')
}

fn count(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !is_wanted(*byte)).unwrap_or(bytes.len())
}

/// Returns whether the answer is of HTTP/1.1, whose connections stay open unless an answer says
/// otherwise.
pub(super) fn is_version_1_1(head: &[u8]) -> bool {
    head[leading_newlines(head)..]
        .get(..9)
        .is_some_and(|version| version.eq_ignore_ascii_case(b"HTTP/1.1 "))
}
