//! Lists: newest first, in pages, with opaque cursors.

use std::io;

use axum::extract::FromRequestParts;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use domain::answers::{LARGEST_CONTENT, length_in_json};
use http::request::Parts;
use ports::store::Order;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};

use super::{extract::session, fields::from_form, turn::turn};
use crate::{
    App,
    long_work::LongTurn,
    paging::{Page, Rows},
    problem::{Code, Problem},
};

/// Default number of rows on a page.
const USUAL_PAGE: usize = 25;
/// Maximum number of rows on a page.
const LARGEST_PAGE: usize = 100;

/// Maximum number of rows up to which pages are found by their number: all those before have to be read.
/// Cursors lead on from there.
const MOST_NUMBERED: usize = 5_000;

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

/// Parameters that select a page where pages have numbers as well.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberedParams {
    per_page: Option<usize>,
    cursor: Option<String>,
    /// Number of the page, from 1 on. Beside a cursor, which is precise, it only names the page.
    page: Option<usize>,
}

/// Query of a list: its filters, and the page. As long as it is held, the account has no other list
/// made.
pub struct Listed<F> {
    /// Filters of the list.
    pub filters: F,
    /// Requested page.
    pub page: Page,
    /// Links to the pages of the list.
    pub links: Links,
    _turn: Option<LongTurn>,
}

/// Query of an answer that takes long to make. As long as it is held, the account has no list made.
pub struct LongQuery<F> {
    /// Parameters.
    pub parameters: F,
    _turn: Option<LongTurn>,
}

impl<F: DeserializeOwned + Send> FromRequestParts<App> for LongQuery<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let parameters = from_form(parts.uri.query().unwrap_or_default().as_bytes())?;
        Ok(Self { parameters, _turn: long_turn(parts, app).await? })
    }
}

/// Links to the pages of one list.
#[derive(Debug, Clone)]
pub struct Links {
    /// Path and filters that define the list: a cursor is valid for this one only.
    list: String,
    per_page: usize,
    numbers: Option<Numbers>,
}

/// Numbers of the pages of a list, and where its links lead.
#[derive(Debug, Clone)]
struct Numbers {
    /// URL of the installation, without a slash at the end.
    base: String,
    /// Number of this page; none if its cursor was given alone.
    page: Option<usize>,
}

impl<F: DeserializeOwned + Send> FromRequestParts<App> for Listed<F> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let settings = &app.backend.settings;
        let has_numbers = settings.compatibility.is_checkr();
        let (mut paging, mut filters) = (Vec::new(), Vec::new());
        for (name, value) in
            form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
        {
            let is_paging =
                matches!(&*name, "per_page" | "cursor") || (has_numbers && name == "page");
            let pairs = if is_paging { &mut paging } else { &mut filters };
            pairs.push((name, value));
        }
        filters.sort();
        let filters =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(filters).finish();
        let paging = form_urlencoded::Serializer::new(String::new()).extend_pairs(paging).finish();
        let list = format!("{}?{filters}", parts.uri.path());
        let (page, links) = if has_numbers {
            numbered(from_form(paging.as_bytes())?, list, &settings.public_url)?
        } else {
            page(from_form(paging.as_bytes())?, list)?
        };
        let filters = from_form(filters.as_bytes())?;
        Ok(Self { filters, page, links, _turn: long_turn(parts, app).await? })
    }
}

/// Waits for the turn of the account that the caller acts on.
async fn long_turn(parts: &Parts, app: &App) -> Result<Option<LongTurn>, Problem> {
    let session = session(parts)?;
    let had = turn(app, session, &parts.headers).await?;
    if had.was_awaited {
        session.work(app).again().await?.check()?;
    }
    Ok(had.turn)
}

/// Returns the page that the query asks for of `list`, and the links from it.
fn page(params: PageParams, list: String) -> Result<(Page, Links), Problem> {
    let per_page = params.per_page.unwrap_or(USUAL_PAGE);
    if !(1..=LARGEST_PAGE).contains(&per_page) {
        return Err(Problem::invalid("per_page", "must be 1 to 100"));
    }
    let links = Links { list, per_page, numbers: None };
    let past = params.cursor.map(|cursor| links.position(&cursor)).transpose()?;
    Ok((Page { per_page, past, skip: 0, order: Order::Descending }, links))
}

/// Returns the page that the query asks for of `list`, by its number or a cursor, and the links from it,
/// which begin with `base`.
fn numbered(params: NumberedParams, list: String, base: &str) -> Result<(Page, Links), Problem> {
    let per_page = params.per_page.unwrap_or(USUAL_PAGE);
    if per_page > LARGEST_PAGE {
        return Err(Problem::invalid("per_page", "must be 0 to 100"));
    }
    if params.page == Some(0) {
        return Err(Problem::invalid("page", "must be 1 or more"));
    }
    let page = if params.cursor.is_some() { params.page } else { params.page.or(Some(1)) };
    let numbers = Some(Numbers { base: base.to_owned(), page });
    let links = Links { list, per_page, numbers };
    let (past, skip) = match (params.cursor, page) {
        (Some(cursor), _) => (Some(links.position(&cursor)?), 0),
        (None, page) => (None, links.rows_before(page.unwrap_or(1))?),
    };
    Ok((Page { per_page, past, skip, order: Order::Descending }, links))
}

impl Links {
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

    /// Returns the number of rows before the page with a number.
    fn rows_before(&self, page: usize) -> Result<usize, Problem> {
        let end = page.checked_mul(self.per_page).filter(|end| *end <= MOST_NUMBERED);
        let must = format_args!("must not go beyond {MOST_NUMBERED} rows: follow next_href");
        let far = || Problem::invalid("page", must);
        end.map(|end| end - self.per_page).ok_or_else(far)
    }

    /// Returns the link to the page behind `sort`.
    fn next(&self, sort: &str) -> String {
        let cursor = BASE64.encode([&self.mark(), sort.as_bytes()].concat());
        let page = self.numbers.as_ref().and_then(|numbers| numbers.page);
        self.href(page.map(|page| page.saturating_add(1)), Some(&cursor))
    }

    /// Returns the link to the page before this one, if it can be found by its number.
    fn previous(&self) -> Option<String> {
        let page = self.numbers.as_ref()?.page?;
        let before = page.checked_sub(1).filter(|before| *before > 0)?;
        self.rows_before(before).ok()?;
        Some(self.href(Some(before), None))
    }

    fn href(&self, page: Option<usize>, cursor: Option<&str>) -> String {
        let base = self.numbers.as_ref().map(|numbers| numbers.base.as_str()).unwrap_or_default();
        let per_page = (self.per_page != USUAL_PAGE).then_some(self.per_page);
        let parameters = [
            page.map(|page| format!("page={page}")),
            per_page.map(|per_page| format!("per_page={per_page}")),
            cursor.map(|cursor| format!("cursor={cursor}")),
        ];
        let parameters: Vec<String> = parameters.into_iter().flatten().collect();
        let glue = if self.list.ends_with('?') { "" } else { "&" };
        format!("{base}{}{glue}{}", self.list, parameters.join("&"))
    }

    /// Makes the list answer from the `rows` of the page, as `show` shows them. Those that are too many for one
    /// answer are left to the next page, which begins behind the `sort` key of the last one here.
    #[must_use]
    pub fn list<R, T: Serialize>(
        &self,
        rows: Rows<R>,
        count: Option<u64>,
        sort: impl Fn(&R) -> String,
        show: impl Fn(R) -> T,
    ) -> List<T> {
        let (mut data, mut next, mut size) = (Vec::new(), rows.next, 0);
        let mut last = None;
        for row in rows.kept {
            let at = sort(&row);
            let shown = show(row);
            size += escaped(&shown);
            if size > LARGEST_CONTENT && last.is_some() {
                next = last;
                break;
            }
            data.push(shown);
            last = Some(at);
        }
        List {
            object: "list",
            data,
            count,
            next_href: next.map(|sort| self.next(&sort)),
            previous_href: self.previous(),
        }
    }
}

/// Returns the size of the JSON of `value` inside a JSON text.
fn escaped(value: &impl Serialize) -> usize {
    struct Escaped(usize);

    impl io::Write for Escaped {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += length_in_json(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    let mut size = Escaped(0);
    // What can't be written at all is refused when the answer is.
    drop(serde_json::to_writer(&mut size, value));
    size.0
}
