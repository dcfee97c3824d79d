//! Pages of lists, newest first, as use cases read them.

use std::marker::PhantomData;

use domain::{Timestamp, id::Ulid};
use futures_util::future::try_join_all;
use ports::{
    Store,
    store::{Order, Partition, Query, Range, Row},
};

use crate::{
    Backend,
    documents::{StoredState, state},
    problem::Problem,
};

/// Maximum number of rows examined for one page. A filter that passes too few yields a short page
/// and a cursor, so that no request costs more however long the log is.
pub(crate) const MOST_EXAMINED: usize = 5_000;
/// Rows read at a time when a filter may drop many.
const CHUNK: usize = 250;

/// Requested page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Number of rows on the page.
    pub per_page: usize,
    /// Sort key behind which the page begins; none for the first page.
    pub past: Option<String>,
    /// Number of rows from there on that are left out, for a page that is asked for by its number.
    pub skip: usize,
    /// Direction.
    pub order: Order,
}

impl Page {
    /// Cuts this page from a list in memory: `all` newest first, each with its sort key.
    #[must_use]
    pub fn cut<T>(&self, all: Vec<(String, T)>) -> Rows<T> {
        let mut rest = all.into_iter().filter(|(sort, _)| self.is_behind(sort)).skip(self.skip);
        let mut last = None;
        let mut kept = Vec::new();
        for (sort, row) in rest.by_ref().take(self.per_page) {
            last = Some(sort);
            kept.push(row);
        }
        let next = if rest.next().is_some() { last } else { None };
        Rows { kept, next }
    }

    /// Returns whether a row with that sort key is on this page or a later one.
    pub(crate) fn is_behind(&self, sort: &str) -> bool {
        self.past.as_deref().is_none_or(|past| match self.order {
            Order::Ascending => sort > past,
            Order::Descending => sort < past,
        })
    }
}

/// Rows of a page that is being read.
#[derive(Debug)]
pub(crate) struct Filling<T> {
    /// Rows that are on the page so far.
    pub(crate) kept: Vec<T>,
    /// Number of rows that are still left out.
    skip: usize,
    per_page: usize,
}

impl<T> Filling<T> {
    /// Begins `page`.
    pub(crate) const fn of(page: &Page) -> Self {
        Self { kept: Vec::new(), skip: page.skip, per_page: page.per_page }
    }

    /// Returns whether the page has all its rows, so that the next one is on another page.
    pub(crate) fn is_full(&self) -> bool {
        self.skip == 0 && self.kept.len() == self.per_page
    }

    /// Takes the next row of the list, unless it is left out.
    pub(crate) fn take(&mut self, row: T) {
        match self.skip.checked_sub(1) {
            Some(left) => self.skip = left,
            None => self.kept.push(row),
        }
    }
}

/// Period that a list is limited to, both ends included; an end that is none is open.
#[derive(Debug, Clone, Copy, Default)]
pub struct Period {
    /// Start of the period.
    pub since: Option<Timestamp>,
    /// End of the period.
    pub until: Option<Timestamp>,
}

impl Period {
    /// Returns whether `at` is in the period.
    #[must_use]
    pub fn contains(self, at: Timestamp) -> bool {
        self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at <= until)
    }

    /// Returns the range of sort keys of identifiers with `prefix` that were made in the period.
    #[must_use]
    pub fn of_ids(self, prefix: &str) -> Range {
        let first = |millis: i64| {
            let ulid = Ulid::from_parts(u64::try_from(millis).unwrap_or(0), 0);
            format!("{prefix}{}", ulid.to_string().to_ascii_lowercase())
        };
        Range {
            from: self.since.map(|since| first(since.as_millis())),
            to: self.until.map(|until| first(until.as_millis() + 1)),
        }
    }
}

/// Source of a list: partitions that share an order, merged.
#[derive(Debug, Clone)]
pub struct Source {
    /// Partitions to merge.
    pub partitions: Vec<Partition>,
    /// True if the partitions are of index entries.
    pub index: bool,
    /// Range of sort keys.
    pub range: Range,
}

/// Rows of a page, and the sort key of the last one examined if there may be more.
#[derive(Debug)]
pub struct Rows<T> {
    /// Rows that passed the filter.
    pub kept: Vec<T>,
    /// Upper bound of the next page.
    pub next: Option<String>,
}

impl<T> Rows<T> {
    /// Maps each row with `f`.
    #[must_use]
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Rows<U> {
        Rows { kept: self.kept.into_iter().map(f).collect(), next: self.next }
    }

    /// Maps all rows at once with `f`, so that it can read what they need in one call.
    ///
    /// # Errors
    /// The errors of `f`.
    pub async fn try_map_all<U, E, F>(self, f: impl FnOnce(Vec<T>) -> F) -> Result<Rows<U>, E>
    where
        F: Future<Output = Result<Vec<U>, E>>,
    {
        Ok(Rows { kept: f(self.kept).await?, next: self.next })
    }

    /// Maps each row with the asynchronous `f`.
    ///
    /// # Errors
    /// The first error of `f`.
    pub async fn try_map<U, E, F>(self, f: impl Fn(T) -> F) -> Result<Rows<U>, E>
    where
        F: Future<Output = Result<U, E>>,
    {
        let mut kept = Vec::with_capacity(self.kept.len());
        for row in self.kept {
            kept.push(f(row).await?);
        }
        Ok(Rows { kept, next: self.next })
    }
}

impl Source {
    /// Reads a page of the rows that `keep` accepts.
    ///
    /// # Errors
    /// When the backend is unavailable, or a row can't be read.
    pub async fn page<T: Send>(
        &self,
        backend: &Backend,
        page: &Page,
        keep: impl Fn(&Row) -> Result<Option<T>, Problem> + Sync,
    ) -> Result<Rows<T>, Problem> {
        Self::page_of(std::slice::from_ref(self), backend, page, keep).await
    }

    /// Reads a page from several sources that share an order.
    ///
    /// # Errors
    /// When the backend is unavailable, or a row can't be read.
    pub async fn page_of<T: Send>(
        sources: &[Self],
        backend: &Backend,
        page: &Page,
        keep: impl Fn(&Row) -> Result<Option<T>, Problem> + Sync,
    ) -> Result<Rows<T>, Problem> {
        Self::page_by(sources, backend, page, &By(keep)).await
    }

    /// Reads a page of the states that `keep` accepts.
    ///
    /// # Errors
    /// When the backend is unavailable, or a state can't be read.
    pub async fn page_of_states<S: StoredState>(
        &self,
        backend: &Backend,
        page: &Page,
        keep: impl Fn(&S) -> bool + Sync,
    ) -> Result<Rows<S>, Problem> {
        let reader = OfStates(keep, PhantomData);
        Self::page_by(std::slice::from_ref(self), backend, page, &reader).await
    }

    /// Reads a page of the rows of all `sources` of which `reader` returns something.
    ///
    /// # Errors
    /// When the backend is unavailable, or a row can't be read.
    pub(crate) async fn page_by<T>(
        sources: &[Self],
        backend: &Backend,
        page: &Page,
        reader: &impl ReadRows<T>,
    ) -> Result<Rows<T>, Problem> {
        let mut filling = Filling::of(page);
        let (mut past, mut last_taken) = (page.past.clone(), None);
        let (mut chunk, mut examined) = ((page.skip + page.per_page + 1).min(CHUNK), 0);
        loop {
            let rows =
                Self::rows_of(sources, backend, (page.order, past.as_deref()), chunk).await?;
            let is_last = rows.len() < chunk;
            let items = reader.read(backend, &rows).await?;
            for (row, item) in rows.iter().zip(items) {
                if let Some(item) = item {
                    if filling.is_full() {
                        return Ok(Rows { kept: filling.kept, next: last_taken });
                    }
                    filling.take(item);
                    last_taken = Some(row.sort.clone());
                }
            }
            examined += rows.len();
            past = rows.into_iter().next_back().map(|row| row.sort);
            if is_last {
                return Ok(Rows { kept: filling.kept, next: None });
            }
            if examined >= MOST_EXAMINED {
                return Ok(Rows { kept: filling.kept, next: past });
            }
            chunk = CHUNK;
        }
    }

    /// Reads the first `most` rows behind a sort key, of all `sources` together.
    async fn rows_of(
        sources: &[Self],
        backend: &Backend,
        place: (Order, Option<&str>),
        most: usize,
    ) -> Result<Vec<Row>, Problem> {
        let mut rows = Vec::new();
        let store = &*backend.store;
        for source in sources {
            rows.extend(source.rows(store, place, most).await?);
        }
        Ok(merged(rows, sources.len(), place.0, most))
    }

    /// Reads the `most` greatest rows below `to` of all partitions together.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn newest(
        &self,
        backend: &Backend,
        to: Option<&str>,
        most: usize,
    ) -> Result<Vec<Row>, Problem> {
        self.rows(&*backend.store, (Order::Descending, to), most).await
    }

    /// Reads the `most` smallest rows of all partitions together.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn oldest(&self, store: &dyn Store, most: usize) -> Result<Vec<Row>, Problem> {
        self.rows(store, (Order::Ascending, None), most).await
    }

    /// Reads the first `most` rows behind a sort key, of all partitions together.
    async fn rows(
        &self,
        store: &dyn Store,
        (order, past): (Order, Option<&str>),
        most: usize,
    ) -> Result<Vec<Row>, Problem> {
        let mut range = self.range.clone();
        match (order, past) {
            (_, None) => {}
            (Order::Descending, Some(past)) => {
                range.to = Some(range.to.map_or(past.to_owned(), |to| to.min(past.to_owned())));
            }
            (Order::Ascending, Some(past)) => {
                // The first sort key after this one.
                range.from = range.from.max(Some(format!("{past}\0")));
            }
        }
        let query = |partition: &Partition| Query {
            partition: partition.clone(),
            index: self.index,
            range: range.clone(),
            order,
            limit: most,
        };
        let queries: Vec<Query> = self.partitions.iter().map(query).collect();
        let rows = try_join_all(queries.iter().map(|query| store.query(query))).await?;
        let rows = rows.into_iter().flatten().collect();
        Ok(merged(rows, self.partitions.len(), order, most))
    }
}

/// Merges `rows`, which come from so many lists, into one list of `most` at most.
fn merged(mut rows: Vec<Row>, lists: usize, order: Order, most: usize) -> Vec<Row> {
    if lists > 1 {
        rows.sort_unstable_by(|a, b| a.sort.cmp(&b.sort));
        if order == Order::Descending {
            rows.reverse();
        }
        rows.truncate(most);
    }
    rows
}

/// Reader of the rows of a list.
pub(crate) trait ReadRows<T>: Sync {
    /// Returns what the list shows of each of `rows`; none where one is left out.
    fn read(
        &self,
        backend: &Backend,
        rows: &[Row],
    ) -> impl Future<Output = Result<Vec<Option<T>>, Problem>> + Send;
}

/// Reader of rows by a function.
struct By<F>(F);

impl<T: Send, F: Fn(&Row) -> Result<Option<T>, Problem> + Sync> ReadRows<T> for By<F> {
    async fn read(&self, _: &Backend, rows: &[Row]) -> Result<Vec<Option<T>>, Problem> {
        rows.iter().map(&self.0).collect()
    }
}

/// Reader of rows that are states, of those that a function accepts.
struct OfStates<S, F>(F, PhantomData<fn(S)>);

impl<S: StoredState, F: Fn(&S) -> bool + Sync> ReadRows<S> for OfStates<S, F> {
    async fn read(&self, backend: &Backend, rows: &[Row]) -> Result<Vec<Option<S>>, Problem> {
        let mut states = Vec::with_capacity(rows.len());
        for row in rows {
            let state = state::<S>(&*backend.store, &row.document).await?;
            states.push(state.map(|state| state.state).filter(&self.0));
        }
        Ok(states)
    }
}
