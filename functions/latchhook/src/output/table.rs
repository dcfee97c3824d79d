//! Columns that line up.

use std::fmt;

use super::harmless;

/// Rows under a header, each column as wide as its widest cell.
pub(crate) struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table with those columns.
    pub(crate) fn new(header: impl Into<Vec<&'static str>>) -> Self {
        Self { header: header.into(), rows: Vec::new() }
    }

    /// Adds a row; an empty cell shows as `-`.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cell = |cell: String| if cell.is_empty() { "-".to_owned() } else { harmless(&cell) };
        self.rows.push(cells.into_iter().map(cell).collect());
    }

    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        self.header.iter().enumerate().map(|(i, name)| width(i).max(name.len())).collect()
    }
}

/// Without a line break at the end; nothing trails after a row's last cell.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let header: Vec<String> = self.header.iter().map(|name| (*name).to_owned()).collect();
        for (number, row) in std::iter::once(&header).chain(&self.rows).enumerate() {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            let line = cells.collect::<Vec<_>>().join("  ");
            let end = if number == self.rows.len() { "" } else { "\n" };
            write!(f, "{}{end}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_nothing_trails() {
        let mut table = Table::new(["ID", "NAME"]);
        table.row(["acct_1".to_owned(), "Acmé".to_owned()]);
        table.row(["acct_20".to_owned(), String::new()]);
        assert_eq!(table.to_string(), "ID       NAME\nacct_1   Acmé\nacct_20  -");
    }
}
