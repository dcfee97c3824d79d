//! Size of answers: AWS Lambda passes on 6 MB at most, and puts the text of an answer into JSON of its own.
//! <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>

/// Maximum size of an answer, in bytes as Lambda counts them.
pub const LARGEST_ANSWER: usize = 6 * 1024 * 1024;

/// Maximum size of what an answer is made of, such as the rows of a page, as [`length_in_json`] counts it.
/// The rest is left to what is around it, headers included.
pub const LARGEST_CONTENT: usize = 5 * 1024 * 1024;

/// Returns the length of `text` in JSON, in bytes, without the quotation marks around it. Pieces of a text can
/// be counted one by one.
#[must_use]
pub fn length_in_json(text: &[u8]) -> usize {
    let of = |byte: &u8| match byte {
        b'"' | b'\\' | 0x08..=0x0a | 0x0c | 0x0d => 2,
        0x00..=0x1f => r"\u0000".len(),
        _ => 1,
    };
    text.iter().map(of).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_in_json_is_that_which_serde_json_writes() {
        let controls: String = (0..0x80).map(char::from).collect();
        for text in ["", "plain", "a \"b\" \\ c", "caf\u{e9} \u{1f4ee}\u{2028}", &controls] {
            let written = serde_json::to_string(text).unwrap();
            assert_eq!(length_in_json(text.as_bytes()), written.len() - 2, "{text:?}");
        }
    }
}
