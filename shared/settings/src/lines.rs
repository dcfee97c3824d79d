//! Log lines without secrets.

use std::io::{self, Write};

use domain::redaction::redact;

/// Writer of log lines that masks the secrets in them, whatever code logged them: an error's text
/// can repeat a request. Each call of [`write`](Write::write) has to be whole lines.
#[derive(Debug)]
pub struct MaskedLines<W>(pub W);

impl<W: Write> Write for MaskedLines<W> {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        self.0.write_all(redact(&String::from_utf8_lossy(lines)).as_bytes())?;
        Ok(lines.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_log_lines_are_masked() {
        let mut lines = MaskedLines(Vec::new());
        let line = "{\"why\":\"lhop%5f0123456789abcdef\"}\n";
        assert_eq!(lines.write(line.as_bytes()).unwrap(), line.len());
        assert_eq!(String::from_utf8(lines.0).unwrap(), "{\"why\":\"lhop%5f****\"}\n");
    }
}
