//! Requests to the API, and their answers.

use axum::body::Body;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use serde_json::Value;

use crate::{Held, held};

/// Operator token of every simulation.
pub const OPERATOR_TOKEN: &str = "lhop_simulated";

/// Request to the API.
#[derive(Debug, Clone)]
pub struct Call {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Call {
    /// Builds a request without credentials.
    #[must_use]
    pub fn new(method: Method, path: &str) -> Self {
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Self { method, path: path.to_owned(), headers, body }
    }

    /// Builds a `GET` by the operator.
    #[must_use]
    pub fn get(path: &str) -> Self {
        Self::new(Method::GET, path).bearer(OPERATOR_TOKEN)
    }

    /// Builds a `POST` by the operator.
    #[must_use]
    pub fn post(path: &str, body: &Value) -> Self {
        Self::new(Method::POST, path).bearer(OPERATOR_TOKEN).json(body)
    }

    /// Builds a `PATCH` by the operator.
    #[must_use]
    pub fn patch(path: &str, body: &Value) -> Self {
        Self::new(Method::PATCH, path).bearer(OPERATOR_TOKEN).json(body)
    }

    /// Builds a `PUT` by the operator.
    #[must_use]
    pub fn put(path: &str, body: &Value) -> Self {
        Self::new(Method::PUT, path).bearer(OPERATOR_TOKEN).json(body)
    }

    /// Builds a `DELETE` by the operator.
    #[must_use]
    pub fn delete(path: &str) -> Self {
        Self::new(Method::DELETE, path).bearer(OPERATOR_TOKEN)
    }

    /// Returns whether it is a `POST`, which an idempotency key is for, by the operator, who does
    /// not lose the right to repeat it.
    #[must_use]
    pub fn is_post_by_the_operator(&self) -> bool {
        let operator = format!("Bearer {OPERATOR_TOKEN}");
        let caller = self.headers.get("authorization");
        self.method == Method::POST && caller.is_some_and(|caller| *caller == operator)
    }

    /// Replaces the credentials by the bearer token `token`.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Replaces the credentials by `key`, as the user name of HTTP Basic.
    #[must_use]
    pub fn basic(self, key: &str) -> Self {
        let credential = BASE64_STANDARD.encode(format!("{key}:"));
        self.header("authorization", &format!("Basic {credential}"))
    }

    /// Replaces the credentials by a customer's key or session, which acts on its own account.
    #[must_use]
    pub fn by_customer(mut self, token: &str) -> Self {
        self.headers.remove("latchhook-account");
        self.bearer(token)
    }

    /// Removes the credentials.
    #[must_use]
    pub fn anonymous(mut self) -> Self {
        self.headers.remove("authorization");
        self
    }

    /// Acts on `account`.
    #[must_use]
    pub fn on(self, account: &str) -> Self {
        self.header("latchhook-account", account)
    }

    /// Adds an idempotency key.
    #[must_use]
    pub fn once(self, idempotency_key: &str) -> Self {
        self.header("idempotency-key", idempotency_key)
    }

    /// Sets a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// Sets a body of any media type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Adds one more line of a header; an invalid one is left out.
    #[must_use]
    pub fn header_again(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            self.headers.append(name, value);
        }
        self
    }

    /// Adds a header; an invalid one is left out.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Method and path, with its query.
    pub(crate) fn target(&self) -> (Method, String) {
        (self.method.clone(), self.path.clone())
    }

    /// Converts to a request for a router.
    ///
    /// # Panics
    /// Fails if the path is not one.
    #[must_use]
    pub fn into_request(mut self) -> Request<Body> {
        let body = std::mem::take(&mut self.body);
        self.with_body(Body::from(body))
    }

    /// Converts to a request whose body is held back after its first byte.
    #[must_use]
    pub fn into_held_request(mut self) -> (Request<Body>, Held) {
        let (body, held) = held::body(std::mem::take(&mut self.body));
        (self.with_body(body), held)
    }

    #[expect(clippy::expect_used, reason = "a test that asks for what is no path is wrong")]
    fn with_body(self, body: Body) -> Request<Body> {
        let mut request = Request::builder()
            .method(self.method)
            .uri(self.path)
            .body(body)
            .expect("a path and query");
        *request.headers_mut() = self.headers;
        request
    }
}

/// Answer of the API.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// Body as JSON; `null` if it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Text of a field of the body, by its JSON pointer; empty if there is none.
    #[must_use]
    pub fn text(&self, pointer: &str) -> String {
        let json = self.json();
        json.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// Text of a header; empty if there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Returns the answer itself, which must have `status`.
    ///
    /// # Panics
    /// Fails if it has another status.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self
    }
}
