//! Secrets in base64, of either alphabet: with `Basic`, an API key is never seen otherwise.

use zeroize::Zeroizing;

use super::{known::KnownSecrets, shapes, span::Span};

/// The fewest letters in which a token can be.
const FEWEST: usize = 18;

/// Finds secrets in whatever may be base64.
///
/// Where the encoded text begins is not known: `/` stands between the segments of a path and is a
/// digit of base64. So each run of digits is read from its first four places.
pub(super) fn find(bytes: &[u8], known: &KnownSecrets, mut each: impl FnMut(Span)) {
    let mut decoded = Zeroizing::new(Vec::new());
    let mut at = 0;
    while let Some(skipped) = bytes[at..].iter().position(|byte| sextet(*byte).is_some()) {
        let from = at + skipped;
        let run = &bytes[from..];
        let run = &run[..run.iter().position(|b| sextet(*b).is_none()).unwrap_or(run.len())];
        at = from + run.len();
        if run.len() < FEWEST {
            continue;
        }
        for shift in 0..4 {
            decode(&run[shift..], &mut decoded);
            let mut found = |span: Span| {
                let first = from + shift + span.from * 4 / 3;
                let end = from + shift + (span.to * 4).div_ceil(3);
                each(Span::whole(first, end.min(at)));
            };
            shapes::tokens(&decoded, &mut found);
            known.find(&decoded, &mut found);
        }
    }
}

/// Whether `text` is a user name and a password as `Basic` has them.
pub(super) fn is_user_and_password(text: &[u8]) -> bool {
    let end = text.iter().position(|byte| sextet(*byte).is_none()).unwrap_or(text.len());
    let mut decoded = Zeroizing::new(Vec::new());
    decode(&text[..end], &mut decoded);
    str::from_utf8(&decoded).is_ok_and(|t| t.contains(':') && !t.contains(char::is_control))
}

/// Reads `run` into `decoded`, whole bytes.
fn decode(run: &[u8], decoded: &mut Vec<u8>) {
    decoded.clear();
    let (mut bits, mut held) = (0_u32, 0);
    for value in run.iter().filter_map(|byte| sextet(*byte)) {
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            decoded.push((bits >> held & 0xff) as u8);
        }
    }
}

/// The six bits that a digit of base64 stands for.
const fn sextet(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}
