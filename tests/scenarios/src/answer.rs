//! Answers of the API, and checks of what the contract says about every answer.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

/// Answer of the API.
#[derive(Debug, Clone)]
pub struct Answer {
    what: String,
    /// HTTP status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    pub(crate) fn new(what: String, status: StatusCode, headers: HeaderMap, body: Bytes) -> Self {
        let answer = Self { what, status, headers, body };
        let request_id = answer.request_id();
        assert!(is_id("req_", &request_id), "{}: request id {request_id:?}", answer.tell());
        assert!(answer.status.as_u16() < 500 || answer.status == 503, "{}", answer.tell());
        answer
    }

    /// Asserts the status and returns the JSON body.
    #[track_caller]
    pub fn is(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.tell());
        let content_type = self.header(header::CONTENT_TYPE.as_str()).unwrap_or_default();
        assert!(content_type.starts_with("application/json"), "{}: {content_type}", self.tell());
        assert!(self.body.ends_with(b"}\n"), "{}: no newline at its end", self.tell());
        self.json()
    }

    /// Asserts that this is an error with `status` and `code` in the documented form, and returns
    /// the parameter that it names.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Option<String> {
        let error = self.is(status);
        assert_eq!(error["code"], code, "{}", self.tell());
        let mut fields: Vec<_> = error.as_object().unwrap().keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["code", "error", "param", "request_id"], "{}", self.tell());
        assert!(error["error"].as_str().is_some_and(|text| !text.is_empty()), "{}", self.tell());
        assert_eq!(error["request_id"], self.request_id(), "{}", self.tell());
        error["param"].as_str().map(ToOwned::to_owned)
    }

    /// Asserts as [`refused`](Answer::refused) does, and that `param` is named.
    #[track_caller]
    pub fn refused_for(&self, status: u16, code: &str, param: &str) {
        let named = self.refused(status, code);
        assert_eq!(named.as_deref(), Some(param), "{}", self.tell());
    }

    /// Status and error code, whatever they are.
    #[must_use]
    pub fn outcome(&self) -> (u16, Option<String>) {
        let code = self.try_json().and_then(|json| Some(json["code"].as_str()?.to_owned()));
        (self.status.as_u16(), code)
    }

    /// JSON body.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        self.try_json().unwrap_or_else(|| panic!("{}: not JSON", self.tell()))
    }

    pub(crate) fn try_json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Header of that name, as a whole number.
    #[must_use]
    #[track_caller]
    pub fn number(&self, name: &str) -> u64 {
        let value = self.header(name);
        let number = value.and_then(|value| value.parse().ok());
        number.unwrap_or_else(|| panic!("{}: {name}: {value:?}", self.tell()))
    }

    /// Request id.
    #[must_use]
    pub fn request_id(&self) -> String {
        self.header("x-request-id").unwrap_or_default().to_owned()
    }

    fn tell(&self) -> String {
        format!("{} -> {}\n{}", self.what, self.status, self.text())
    }
}

/// Returns whether `text` is `prefix` and a lowercase ULID.
#[must_use]
pub(crate) fn is_id(prefix: &str, text: &str) -> bool {
    let is_of_ulid =
        |b: u8| b.is_ascii_digit() || (b.is_ascii_lowercase() && !b"ilou".contains(&b));
    text.strip_prefix(prefix).is_some_and(|rest| rest.len() == 26 && rest.bytes().all(is_of_ulid))
}
