//! Lists, read page by page.

use http::{Method, StatusCode};
use serde::Deserialize;

use super::{ApiError, Call, Client, Document};

/// Largest page of the API.
const LARGEST_PAGE: usize = 100;

/// Fields of a page that are needed for reading the whole list.
#[derive(Deserialize)]
struct Page {
    data: Vec<Document>,
    next_href: Option<String>,
}

/// Returns the path and query of a link, which begins with the installation's public URL where the server
/// answers as Checkr does: credentials are for the server that was named, and no other.
fn local(href: &str) -> &str {
    let rest = href.split_once("://").map(|(_, rest)| rest);
    rest.and_then(|rest| rest.find('/').map(|path| &rest[path..])).unwrap_or(href)
}

/// Path with its query.
pub(crate) struct Query {
    path: String,
    /// The parameters, encoded.
    query: String,
}

impl Query {
    /// Creates `path` without a query.
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), query: String::new() }
    }

    /// Adds `name=value`, if there is a value.
    pub(crate) fn with(mut self, name: &str, value: Option<impl AsRef<str>>) -> Self {
        if let Some(value) = value {
            let mut pairs = form_urlencoded::Serializer::new(self.query);
            self.query = pairs.append_pair(name, value.as_ref()).finish();
        }
        self
    }

    /// Returns the path and the query.
    pub(crate) fn finish(self) -> String {
        let Self { path, query } = self;
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

impl Client {
    /// Returns the first `most` objects of a list, over as many pages as needed.
    ///
    /// # Errors
    /// [`ApiError`], for any failure.
    pub(crate) async fn list(&self, query: Query, most: usize) -> Result<Vec<Document>, ApiError> {
        let size = most.clamp(1, LARGEST_PAGE).to_string();
        let mut next = Some(query.with("per_page", Some(size)).finish());
        let mut objects = Vec::new();
        while let Some(path) = next.take_if(|_| objects.len() < most) {
            let page = self.ask(Method::GET, &path, Call::default()).await?;
            let page: Page = page.read().ok_or(ApiError::Strange { status: StatusCode::OK })?;
            next = page.next_href.map(|href| local(&href).to_owned());
            objects.extend(page.data);
        }
        objects.truncate(most);
        Ok(objects)
    }
}
