//! Base64 of either alphabet, decoded from anywhere within it.

use zeroize::Zeroizing;

/// Returns whether `text` is a user name and a password in the form that `Basic` encodes.
pub(super) fn is_user_and_password(text: &[u8]) -> bool {
    let end = text.iter().position(|byte| !is_digit(*byte)).unwrap_or(text.len());
    let mut decoded = Zeroizing::new(Vec::new());
    decode(&text[..end], &mut decoded);
    str::from_utf8(&decoded).is_ok_and(|t| t.contains(':') && !t.contains(char::is_control))
}

/// Decodes `run`, which holds only base64 digits, into `decoded`, as whole bytes.
pub(super) fn decode(run: &[u8], decoded: &mut Vec<u8>) {
    decoded.clear();
    let fours = run.chunks_exact(4);
    let rest = fours.remainder();
    for four in fours {
        let [_, bytes @ ..] = bits(four).to_be_bytes();
        decoded.extend_from_slice(&bytes);
    }
    if rest.len() > 1 {
        let [_, bytes @ ..] = (bits(rest) << (6 * (4 - rest.len()))).to_be_bytes();
        decoded.extend_from_slice(&bytes[..rest.len() - 1]);
    }
}

fn bits(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |bits, digit| bits << 6 | u32::from(SEXTETS[usize::from(*digit)]))
}

/// Returns whether `byte` is a base64 digit.
pub(super) const fn is_digit(byte: u8) -> bool {
    SEXTETS[byte as usize] != NONE
}

/// Value in [`SEXTETS`] for a byte that is not a digit.
const NONE: u8 = 0xff;

/// The six bits of each base64 digit, in either alphabet.
const SEXTETS: [u8; 256] = {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut sextets = [NONE; 256];
    let mut value = 0;
    while value < alphabet.len() {
        #[expect(clippy::cast_possible_truncation, reason = "there are 62")]
        {
            sextets[alphabet[value] as usize] = value as u8;
        }
        value += 1;
    }
    (sextets[b'+' as usize], sextets[b'-' as usize]) = (62, 62);
    (sextets[b'/' as usize], sextets[b'_' as usize]) = (63, 63);
    sextets
};
