//! Standard output: lines, tables, JSON, and colours on a terminal.

mod escape;
mod table;

use std::{
    fmt::Display,
    io::{self, Write},
    sync::Mutex,
};

use domain::json_layout;
use serde::Serialize;

pub(crate) use self::{
    escape::{harmless, harmless_bytes},
    table::Table,
};

/// Output for results. Shared by everything that prints, a line at a time.
pub(crate) struct Output {
    to: Mutex<Box<dyn Write + Send>>,
    /// Width of the terminal; `None` for a pipe or a file.
    width: Option<usize>,
    coloured: bool,
}

/// Colour with a meaning.
#[derive(Clone, Copy)]
pub(crate) enum Tone {
    /// Success.
    Good,
    /// Failure.
    Bad,
    /// Failure that will be retried.
    Warn,
    /// Less important than the text around it.
    Quiet,
    /// More important than the text around it.
    Strong,
}

impl Output {
    /// Returns standard output: a terminal of that width, or something else. A terminal may be
    /// coloured.
    pub(crate) fn stdout(width: Option<usize>, coloured: bool) -> Self {
        let coloured = coloured && width.is_some();
        Self { to: Mutex::new(Box::new(io::stdout())), width, coloured }
    }

    /// Returns an output like a pipe, to `writer`.
    #[cfg(test)]
    pub(crate) fn to(writer: impl Write + Send + 'static) -> Self {
        Self { to: Mutex::new(Box::new(writer)), width: None, coloured: false }
    }

    /// Returns an output like a terminal without colours, to `writer`.
    #[cfg(test)]
    pub(crate) fn to_terminal(writer: impl Write + Send + 'static, width: usize) -> Self {
        Self { to: Mutex::new(Box::new(writer)), width: Some(width), coloured: false }
    }

    /// Returns whether the output is a terminal.
    pub(crate) const fn is_terminal(&self) -> bool {
        self.width.is_some()
    }

    /// Writes a line and flushes it, so that a reader in a pipe sees it now.
    pub(crate) fn line(&self, line: impl Display) -> io::Result<()> {
        let mut to = self.to.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        writeln!(to, "{line}")?;
        to.flush()
    }

    /// Writes `value` as one line of JSON.
    pub(crate) fn json(&self, value: &impl Serialize) -> io::Result<()> {
        self.json_text(&serde_json::to_string(value)?)
    }

    /// Writes JSON text as one line: byte for byte, except for line breaks between tokens. On a
    /// terminal, characters that could drive it are escaped; they can only occur in strings, where
    /// the escape means the same.
    pub(crate) fn json_text(&self, text: &str) -> io::Result<()> {
        let line = json_layout::on_one_line(text);
        if self.is_terminal() { self.line(harmless(&line)) } else { self.line(line) }
    }

    /// Writes a table: aligned under its header and within the terminal's width, or for a pipe one
    /// row a line with tabs between cells.
    pub(crate) fn table(&self, table: &Table) -> io::Result<()> {
        match self.width {
            Some(width) => self.line(table.fitted(width)),
            None if table.is_empty() => Ok(()),
            None => self.line(table.separated()),
        }
    }

    /// Writes a table without cutting any cell, for texts that are copied, such as a key.
    pub(crate) fn whole_table(&self, table: &Table) -> io::Result<()> {
        match (self.is_terminal(), table.is_empty()) {
            (true, _) => self.line(table),
            (false, true) => Ok(()),
            (false, false) => self.line(table.separated()),
        }
    }

    /// Returns `text` in the colour of `tone`, on a terminal.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::Printed;

    #[test]
    fn colours_are_for_terminals() {
        assert_eq!(Output::to(io::sink()).paint(Tone::Bad, "no"), "no");
        assert_eq!(Output::stdout(None, true).paint(Tone::Bad, "no"), "no");
        assert_eq!(Output::stdout(Some(80), false).paint(Tone::Bad, "no"), "no");
        assert_eq!(Output::stdout(Some(80), true).paint(Tone::Bad, "no"), "\u{1b}[31mno\u{1b}[0m");
    }

    #[test]
    fn json_is_one_line_and_the_same_bytes_in_a_pipe() {
        let text = "{\"z\":1.10,\n \"a\":\"\u{9b}2J\"}";
        let pipe = Printed::default();
        Output::to(pipe.clone()).json_text(text).unwrap();
        assert_eq!(pipe.text(), "{\"z\":1.10, \"a\":\"\u{9b}2J\"}\n");
        let terminal = Printed::default();
        Output::to_terminal(terminal.clone(), 80).json_text(text).unwrap();
        assert_eq!(terminal.text(), "{\"z\":1.10, \"a\":\"\\u009b2J\"}\n");
    }

    #[test]
    fn a_table_without_rows_is_nothing_in_a_pipe() {
        let pipe = Printed::default();
        Output::to(pipe.clone()).table(&Table::new(["ID"])).unwrap();
        assert_eq!(pipe.text(), "");
    }
}
