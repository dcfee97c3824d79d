//! Standard output: lines, aligned tables, JSON, and colours where a person looks on.

mod table;

use std::{
    fmt::Display,
    io::{self, Write},
    sync::Mutex,
};

use serde::Serialize;
pub(crate) use table::Table;

/// Where results go. Shared by everything that prints, a line at a time.
pub(crate) struct Output {
    to: Mutex<Box<dyn Write + Send>>,
    coloured: bool,
}

/// A colour with a meaning.
#[derive(Clone, Copy)]
pub(crate) enum Tone {
    /// It worked.
    Good,
    /// It did not.
    Bad,
    /// It will be tried again.
    Warn,
    /// Less important than what is around it.
    Quiet,
    /// More important than what is around it.
    Strong,
}

impl Output {
    /// Standard output.
    pub(crate) fn stdout(coloured: bool) -> Self {
        Self { to: Mutex::new(Box::new(io::stdout())), coloured }
    }

    /// Somewhere else, without colours.
    #[cfg(test)]
    pub(crate) fn to(writer: impl Write + Send + 'static) -> Self {
        Self { to: Mutex::new(Box::new(writer)), coloured: false }
    }

    /// Writes a line and flushes it, so that a reader in a pipe sees it now.
    pub(crate) fn line(&self, line: impl Display) -> io::Result<()> {
        let mut to = self.to.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        writeln!(to, "{line}")?;
        to.flush()
    }

    /// Writes `value` as one line of JSON.
    pub(crate) fn json(&self, value: &impl Serialize) -> io::Result<()> {
        self.line(serde_json::to_string(value)?)
    }

    /// `text` in the colour of `tone`, on a terminal.
    pub(crate) fn paint(&self, tone: Tone, text: impl Display) -> String {
        if !self.coloured {
            return text.to_string();
        }
        let code = match tone {
            Tone::Good => 32,
            Tone::Bad => 31,
            Tone::Warn => 33,
            Tone::Quiet => 2,
            Tone::Strong => 1,
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// `text` without the control characters that could drive a terminal: what strangers wrote (a
/// request's path, a receiver's answer) is printed through this.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals() {
        assert_eq!(Output::to(io::sink()).paint(Tone::Bad, "no"), "no");
        assert_eq!(Output::stdout(true).paint(Tone::Bad, "no"), "\u{1b}[31mno\u{1b}[0m");
    }

    #[test]
    fn a_stranger_can_not_drive_the_terminal() {
        assert_eq!(harmless("a\u{1b}[2Jb\nc"), "a\u{fffd}[2Jb\nc");
    }
}
