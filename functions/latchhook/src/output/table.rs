//! Tables, for people and for pipes.

use std::fmt;

use super::harmless;

/// Smallest width to which a column is cut.
const NARROWEST: usize = 6;
/// Gap between columns.
const GAP: &str = "  ";

/// Rows under a header.
#[derive(Clone)]
pub(crate) struct Table {
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Creates an empty table with those columns.
    pub(crate) fn new(header: impl Into<Vec<&'static str>>) -> Self {
        Self { header: header.into(), rows: Vec::new() }
    }

    /// Adds a row. A cell is one line: line breaks and tabs in it are shown as `\n` and `\t`.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        let cell = |cell: String| harmless(&cell).replace('\n', "\\n").replace('\t', "\\t");
        self.rows.push(cells.into_iter().map(cell).collect());
    }

    /// Returns whether it has no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Returns the table with one row a line, tabs between cells, without a header: for pipes.
    pub(super) fn separated(&self) -> String {
        self.rows.iter().map(|row| row.join("\t")).collect::<Vec<_>>().join("\n")
    }

    /// Returns the table in at most `width` characters, if cells can be cut that much: the widest
    /// columns first, and headers only if nothing else helps. The first column, which has the
    /// identifiers, and times are never cut.
    pub(super) fn fitted(&self, width: usize) -> String {
        let mut widths = self.widths();
        let width = width.saturating_sub(GAP.len() * widths.len().saturating_sub(1));
        let to_headers: Vec<usize> = self.header.iter().map(|it| it.len().max(NARROWEST)).collect();
        for least in [to_headers, vec![NARROWEST; widths.len()]] {
            while widths.iter().sum::<usize>() > width {
                let columns = widths.iter_mut().enumerate().skip(1);
                let mut wide = columns.filter(|(i, it)| **it > least[*i] && !self.is_of_times(*i));
                let Some(first) = wide.next() else { break };
                let widest = wide.fold(first, |a, b| if b.1 > a.1 { b } else { a });
                *widest.1 -= 1;
            }
        }
        self.aligned(&widths)
    }

    /// Returns whether a column has times, which are useless when cut.
    fn is_of_times(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().filter_map(|row| row.get(column));
        cells.any(|cell| cell.parse::<domain::Timestamp>().is_ok())
    }

    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| shown(cell).chars().count()).max().unwrap_or(0)
        };
        self.header.iter().enumerate().map(|(i, name)| width(i).max(name.len())).collect()
    }

    fn aligned(&self, widths: &[usize]) -> String {
        let header: Vec<String> = self.header.iter().map(|name| (*name).to_owned()).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(widths);
            let cells = cells.map(|(cell, width)| format!("{:<width$}", cut(shown(cell), *width)));
            cells.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
        };
        std::iter::once(&header).chain(&self.rows).map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Formats without a line break at the end, and without spaces after a row's last cell.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.aligned(&self.widths()))
    }
}

/// Returns the text of a cell; an empty one is shown as `-`.
fn shown(cell: &str) -> &str {
    if cell.is_empty() { "-" } else { cell }
}

fn cut(cell: &str, width: usize) -> String {
    if cell.chars().count() <= width {
        return cell.to_owned();
    }
    let kept: String = cell.chars().take(width.saturating_sub(1)).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(["ID", "NAME"]);
        table.row(["acct_1".to_owned(), "Acmé".to_owned()]);
        table.row(["acct_20".to_owned(), String::new()]);
        table
    }

    #[test]
    fn columns_are_aligned_without_trailing_spaces() {
        assert_eq!(table().to_string(), "ID       NAME\nacct_1   Acmé\nacct_20  -");
    }

    #[test]
    fn a_pipe_gets_tabs_and_neither_header_nor_padding() {
        assert_eq!(table().separated(), "acct_1\tAcmé\nacct_20\t");
        let mut broken = Table::new(["A", "B"]);
        broken.row(["a\tb".to_owned(), "c\nd".to_owned()]);
        assert_eq!(broken.separated(), "a\\tb\tc\\nd");
    }

    #[test]
    fn the_widest_columns_are_cut_but_never_the_first() {
        let mut table = Table::new(["ID", "URL", "STATUS"]);
        table.row(["wh_0123456789", "https://example.com/hooks", "enabled"].map(str::to_owned));
        let mut times = Table::new(["ID", "CREATED"]);
        times.row(["key_1", "2026-01-31T09:30:00.000Z"].map(str::to_owned));
        assert_eq!(times.fitted(10), times.to_string(), "half a time says nothing");
        let fitted = table.fitted(40);
        assert_eq!(fitted.lines().nth(1), Some("wh_0123456789  https://example…  enabled"));
        assert_eq!(table.fitted(5).lines().nth(1), Some("wh_0123456789  https…  enabl…"));
        assert_eq!(table.fitted(80), table.to_string());
    }
}
