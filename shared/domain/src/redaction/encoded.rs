//! Secrets in base64, of either alphabet: an API key sent with `Basic` appears in no other form.

use zeroize::Zeroizing;

use super::{
    decode::{decode, is_digit},
    known::KnownSecrets,
    shapes,
    span::Span,
};

/// Minimum number of base64 letters that can contain a token.
const FEWEST: usize = 18;

/// Finds secrets in anything that may be base64.
///
/// The start of the encoded text is unknown, because `/` both separates path segments and is a
/// base64 digit. So each run of digits is decoded from each of its first four positions.
pub(super) fn find(bytes: &[u8], known: &KnownSecrets, mut each: impl FnMut(Span)) {
    let mut decoded = Zeroizing::new(Vec::new());
    let mut at = 0;
    while let Some(skipped) = bytes[at..].iter().position(|byte| is_digit(*byte)) {
        let from = at + skipped;
        let run = &bytes[from..];
        let run = &run[..run.iter().position(|b| !is_digit(*b)).unwrap_or(run.len())];
        at = from + run.len();
        if run.len() < FEWEST {
            continue;
        }
        decoded.reserve(run.len());
        for shift in 0..4 {
            decode(&run[shift..], &mut decoded);
            let mut found = |span: Span| {
                let first = from + shift + span.from * 4 / 3;
                let end = from + shift + (span.to * 4).div_ceil(3);
                each(Span::whole(first, end.min(at)));
            };
            shapes::tokens(&decoded, &mut found);
            known.find(&decoded, &mut found);
            if at == bytes.len() {
                known.find_cut(&decoded, &mut found);
            }
        }
    }
}
