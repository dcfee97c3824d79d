//! Lists, page by page.

use serde_json::Value;

use super::{ApiError, Client};

/// The most that the API puts on one page.
const LARGEST_PAGE: usize = 100;

/// A path and its query.
pub(crate) struct Query {
    path: String,
    query: form_urlencoded::Serializer<'static, String>,
}

impl Query {
    /// `path` without a query.
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), query: form_urlencoded::Serializer::new(String::new()) }
    }

    /// Adds `name=value`, if there is a value.
    pub(crate) fn with(mut self, name: &str, value: Option<impl AsRef<str>>) -> Self {
        if let Some(value) = value {
            self.query.append_pair(name, value.as_ref());
        }
        self
    }

    /// The path and the query.
    pub(crate) fn finish(mut self) -> String {
        match self.query.finish() {
            query if query.is_empty() => self.path,
            query => format!("{}?{query}", self.path),
        }
    }
}

impl Client {
    /// The first `most` objects of a list, over as many pages as that takes.
    ///
    /// # Errors
    /// [`ApiError`], whatever went wrong.
    pub(crate) async fn list(&self, query: Query, most: usize) -> Result<Vec<Value>, ApiError> {
        let size = most.clamp(1, LARGEST_PAGE).to_string();
        let mut next = Some(query.with("per_page", Some(size)).finish());
        let mut objects = Vec::new();
        while let Some(path) = next.take_if(|_| objects.len() < most) {
            let mut page = self.get(&path).await?;
            next = page["next_href"].as_str().map(str::to_owned);
            if let Value::Array(data) = page["data"].take() {
                objects.extend(data);
            }
        }
        objects.truncate(most);
        Ok(objects)
    }
}
