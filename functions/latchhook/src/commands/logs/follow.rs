//! `latchhook logs --follow`: shows rows as they are written.
//!
//! A row is written when its request or attempt ends, but listed by the time when that began. So
//! each poll asks for the rows that were written since shortly before the newest one that was shown
//! (`written_since`), and leaves out those that were shown. The overlap is for commits that
//! overtake each other, on machines whose clocks differ a little.

use std::{collections::HashSet, time::Duration};

use super::{Args, row};
use crate::{
    client::{Client, Document},
    context::Context,
    failure::Failure,
    system,
};
use domain::Timestamp;

/// Interval between two polls.
const PERIOD: Duration = Duration::from_secs(1);
/// Longest time between the start of a commit and its visibility.
const OVERLAP: Duration = Duration::from_secs(5);

/// Shows the rows that are written from now on. Relative times of `args` are relative to `began`.
/// `past` are the rows that were shown already, newest first; all there are, or the newest of them
/// if `is_cut`.
///
/// # Errors
/// [`Failure`], when the server can't be reached or refuses.
pub(super) async fn follow(
    client: &Client,
    context: &Context,
    args: &Args,
    began: Timestamp,
    past: &[Document],
    is_cut: bool,
) -> Result<(), Failure> {
    let mut tail = Tail::after(past, is_cut, system::now());
    loop {
        system::sleep(PERIOD).await;
        let since = tail.since.to_string();
        let query = args.filter.query(began)?.with("written_since", Some(since));
        let rows = tail.new_of(client.list(query, usize::MAX).await?, system::now());
        row::print(context, args.api.json, &rows)?;
    }
}

/// Rows that were shown, as far as they can be listed again.
struct Tail {
    /// Time from which on rows are asked for.
    since: Timestamp,
    /// Rows of the last poll.
    seen: HashSet<String>,
    /// True before the first poll if rows that were written before these are left out.
    is_cut: bool,
}

impl Tail {
    fn after(past: &[Document], is_cut: bool, now: Timestamp) -> Self {
        let seen = past.iter().map(id).collect();
        let mut tail = Self { since: Timestamp::from_millis(0), seen, is_cut };
        tail.go_on(past, now);
        tail
    }

    /// Returns the rows that are new, oldest first. `listed` is everything since [`Tail::since`],
    /// the latest written first.
    fn new_of(&mut self, mut listed: Vec<Document>, now: Timestamp) -> Vec<Document> {
        let all = listed.iter().map(id).collect();
        self.go_on(&listed, now);
        if std::mem::take(&mut self.is_cut) {
            let past = listed.iter().position(|row| self.seen.contains(&id(row)));
            listed.truncate(past.unwrap_or(listed.len()));
        }
        listed.retain(|row| !self.seen.contains(&id(row)));
        listed.reverse();
        // Contains all rows that the next poll can list and that were written before.
        self.seen = all;
        listed
    }

    /// Moves the start of the next poll to shortly before the newest of `rows`, but not into the
    /// future, from which reported requests can come.
    fn go_on(&mut self, rows: &[Document], now: Timestamp) {
        let times = rows.iter().filter_map(|row| row.at("/created_at").parse().ok());
        let newest: Option<Timestamp> = times.filter(|at| *at <= now).max();
        self.since = self.since.max(newest.map_or(self.since, |newest| newest.minus(OVERLAP)));
    }
}

fn id(row: &Document) -> String {
    row.at("/id")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, began: i64) -> Document {
        let row = format!(r#"{{"id":"{id}","created_at":"{}"}}"#, at(began));
        Document::parse(row.as_bytes()).unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn ids(rows: &[Document]) -> Vec<String> {
        rows.iter().map(id).collect()
    }

    #[test]
    fn a_row_that_took_long_is_shown_once_among_newer_ones() {
        let mut tail = Tail::after(&[row("b", 101), row("a", 100)], false, at(102));
        assert_eq!(tail.since, at(96));
        let slow = row("slow", 90);
        let listed = vec![slow.clone(), row("c", 103), row("b", 101), row("a", 100)];
        assert_eq!(ids(&tail.new_of(listed, at(105))), ["c", "slow"]);
        assert_eq!(tail.since, at(98));
        assert!(tail.new_of(vec![slow.clone(), row("c", 103)], at(106)).is_empty());
        let listed = vec![row("d", 107), slow, row("c", 103)];
        assert_eq!(ids(&tail.new_of(listed, at(108))), ["d"]);
    }

    #[test]
    fn a_row_committed_out_of_order_is_still_shown() {
        let mut tail = Tail::after(&[row("a", 100)], false, at(100));
        assert_eq!(ids(&tail.new_of(vec![row("c", 102), row("a", 100)], at(103))), ["c"]);
        let listed = vec![row("c", 102), row("b", 101), row("a", 100)];
        assert_eq!(ids(&tail.new_of(listed, at(104))), ["b"]);
    }

    #[test]
    fn past_rows_beyond_the_limit_are_not_shown_later() {
        let mut tail = Tail::after(&[row("c", 102), row("b", 101)], true, at(102));
        let listed = vec![row("slow", 95), row("d", 102), row("c", 102), row("a", 100)];
        assert_eq!(ids(&tail.new_of(listed.clone(), at(103))), ["d", "slow"]);
        assert!(tail.new_of(listed, at(104)).is_empty());
    }

    #[test]
    fn all_rows_of_an_empty_log_are_new_and_future_times_do_not_move_the_poll() {
        let mut tail = Tail::after(&[], false, at(100));
        let listed = vec![row("reported", 400), row("a", 101)];
        assert_eq!(ids(&tail.new_of(listed, at(102))), ["a", "reported"]);
        assert_eq!(tail.since, at(96));
    }
}
