//! Lists: newest first, in pages, with opaque cursors.

use axum::extract::FromRequestParts;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::{Timestamp, id::Ulid};
use http::request::Parts;
use ports::store::{Order, Partition, Query, Range, Row};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::fields::from_form;
use crate::{
    App, Backend,
    problem::{Code, Problem},
};

/// Default number of rows on a page.
const USUAL_PAGE: usize = 25;
/// Maximum number of rows on a page.
const LARGEST_PAGE: usize = 100;
/// Maximum number of rows examined for one page. A filter that passes too few yields a short page
/// and a cursor, so that no request costs more however long the log is.
const MOST_EXAMINED: usize = 5_000;
/// Rows read at a time when a filter may drop many.
const CHUNK: usize = 250;

/// List in an answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct List<T> {
    /// Always `list`.
    #[schema(example = "list")]
    pub object: &'static str,
    /// Rows, newest first.
    pub data: Vec<T>,
    /// Total number of rows, if that is cheap to know.
    pub count: Option<u64>,
    /// Path of the next page; `null` on the last one.
    pub next_href: Option<String>,
    /// Always `null`: pages are followed forwards.
    pub previous_href: Option<String>,
}

/// Parameters that select a page of a list.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Number of rows on a page.
    #[param(minimum = 1, maximum = 100, default = 25)]
    per_page: Option<usize>,
    /// Cursor from the `next_href` of the previous page.
    cursor: Option<String>,
}

/// Query of a list: its filters, and the page.
pub struct Listed<F> {
    /// Filters of the list.
    pub filters: F,
    /// Requested page.
    pub page: Page,
}

/// Requested page, and the list that it is of.
#[derive(Debug, Clone)]
pub struct Page {
    /// Number of rows on the page.
    pub per_page: usize,
    /// Upper bound, exclusive, of the sort keys.
    before: Option<String>,
    /// Path and filters that define the list: a cursor is valid for this one only.
    list: String,
}

impl<F: DeserializeOwned> FromRequestParts<App> for Listed<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let (mut paging, mut filters) = (Vec::new(), Vec::new());
        for (name, value) in
            form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        {
            let pairs =
                if name == "per_page" || name == "cursor" { &mut paging } else { &mut filters };
            pairs.push((name, value));
        }
        filters.sort();
        let filters =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(filters).finish();
        let paging = form_urlencoded::Serializer::new(String::new()).extend_pairs(paging).finish();
        let page = Page::read(from_form(paging.as_bytes())?, parts.uri.path(), &filters)?;
        Ok(Self { filters: from_form(filters.as_bytes())?, page })
    }
}

impl Page {
    fn read(params: PageParams, path: &str, filters: &str) -> Result<Self, Problem> {
        let per_page = params.per_page.unwrap_or(USUAL_PAGE);
        if !(1..=LARGEST_PAGE).contains(&per_page) {
            return Err(Problem::invalid("per_page", "must be 1 to 100"));
        }
        let mut page = Self { per_page, before: None, list: format!("{path}?{filters}") };
        page.before = params.cursor.map(|cursor| page.position(&cursor)).transpose()?;
        Ok(page)
    }

    /// Returns a mark by which cursors of this list are told from those of others.
    fn mark(&self) -> [u8; 8] {
        let hash: [u8; 32] = Sha256::digest(&self.list).into();
        let mut mark = [0; 8];
        mark.copy_from_slice(&hash[..8]);
        mark
    }

    fn position(&self, cursor: &str) -> Result<String, Problem> {
        let wrong = || Code::InvalidCursor.of("cursor");
        let bytes = BASE64.decode(cursor).map_err(|_| wrong())?;
        let sort = bytes.strip_prefix(&self.mark()).ok_or_else(wrong)?;
        String::from_utf8(sort.to_vec()).map_err(|_| wrong())
    }

    fn href(&self, sort: &str) -> String {
        let cursor = BASE64.encode([&self.mark(), sort.as_bytes()].concat());
        let glue = if self.list.ends_with('?') { "" } else { "&" };
        let per_page = match self.per_page {
            USUAL_PAGE => String::new(),
            per_page => format!("per_page={per_page}&"),
        };
        format!("{}{glue}{per_page}cursor={cursor}", self.list)
    }

    /// Makes the list answer from the `rows` of this page.
    #[must_use]
    pub fn list<T>(&self, rows: Rows<T>, count: Option<u64>) -> List<T> {
        List {
            object: "list",
            data: rows.kept,
            count,
            next_href: rows.next.map(|sort| self.href(&sort)),
            previous_href: None,
        }
    }

    /// Cuts this page from a list in memory: `all` newest first, each with its sort key.
    #[must_use]
    pub fn of<T>(&self, all: Vec<(String, T)>) -> List<T> {
        let count = u64::try_from(all.len()).ok();
        let mut rest = all.into_iter().filter(|(sort, _)| self.is_before(sort));
        let mut last = None;
        let mut kept = Vec::new();
        for (sort, row) in rest.by_ref().take(self.per_page) {
            last = Some(sort);
            kept.push(row);
        }
        let next = if rest.next().is_some() { last } else { None };
        self.list(Rows { kept, next }, count)
    }

    fn is_before(&self, sort: &str) -> bool {
        self.before.as_deref().is_none_or(|before| sort < before)
    }

    /// Returns the upper bound of this page, for lists that do their own paging.
    #[must_use]
    pub fn before(&self) -> Option<&str> {
        self.before.as_deref()
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

    /// Maps each row with `f`.
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
    pub async fn page<T>(
        &self,
        backend: &Backend,
        page: &Page,
        keep: impl Fn(&Row) -> Result<Option<T>, Problem>,
    ) -> Result<Rows<T>, Problem> {
        Self::page_of(std::slice::from_ref(self), backend, page, keep).await
    }

    /// Reads a page from several sources that share an order.
    ///
    /// # Errors
    /// When the backend is unavailable, or a row can't be read.
    pub async fn page_of<T>(
        sources: &[Self],
        backend: &Backend,
        page: &Page,
        keep: impl Fn(&Row) -> Result<Option<T>, Problem>,
    ) -> Result<Rows<T>, Problem> {
        let mut kept: Vec<T> = Vec::new();
        let (mut to, mut last_kept) = (page.before.clone(), None);
        let (mut chunk, mut examined) = (page.per_page + 1, 0);
        loop {
            let rows = Self::newest_of(sources, backend, to.as_deref(), chunk).await?;
            let is_last = rows.len() < chunk;
            for row in &rows {
                if let Some(item) = keep(row)? {
                    if kept.len() == page.per_page {
                        return Ok(Rows { kept, next: last_kept });
                    }
                    kept.push(item);
                    last_kept = Some(row.sort.clone());
                }
            }
            examined += rows.len();
            to = rows.into_iter().next_back().map(|row| row.sort);
            if is_last {
                return Ok(Rows { kept, next: None });
            }
            if examined >= MOST_EXAMINED {
                return Ok(Rows { kept, next: to });
            }
            chunk = CHUNK;
        }
    }

    /// Reads the `most` greatest rows below `to` of all `sources` together.
    async fn newest_of(
        sources: &[Self],
        backend: &Backend,
        to: Option<&str>,
        most: usize,
    ) -> Result<Vec<Row>, Problem> {
        let mut rows = Vec::new();
        for source in sources {
            rows.extend(source.newest(backend, to, most).await?);
        }
        if sources.len() > 1 {
            rows.sort_unstable_by(|a, b| b.sort.cmp(&a.sort));
            rows.truncate(most);
        }
        Ok(rows)
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
        let mut range = self.range.clone();
        if let Some(to) = to {
            range.to = Some(range.to.map_or(to.to_owned(), |bound| bound.min(to.to_owned())));
        }
        let mut rows = Vec::new();
        for partition in &self.partitions {
            let query = Query {
                partition: partition.clone(),
                index: self.index,
                range: range.clone(),
                order: Order::Descending,
                limit: most,
            };
            rows.extend(backend.store.query(&query).await?);
        }
        if self.partitions.len() > 1 {
            rows.sort_unstable_by(|a, b| b.sort.cmp(&a.sort));
            rows.truncate(most);
        }
        Ok(rows)
    }
}

/// Returns the range of sort keys of identifiers made from `since` to `until`, both inclusive.
#[must_use]
pub fn created(prefix: &str, since: Option<Timestamp>, until: Option<Timestamp>) -> Range {
    let first = |millis: i64| {
        let ulid = Ulid::from_parts(u64::try_from(millis).unwrap_or(0), 0);
        format!("{prefix}{}", ulid.to_string().to_ascii_lowercase())
    };
    Range {
        from: since.map(|since| first(since.as_millis())),
        to: until.map(|until| first(until.as_millis() + 1)),
    }
}
