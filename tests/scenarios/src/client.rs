//! Client of the API.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

use crate::{answer::Answer, backend::Backend};

/// Caller of the API: an address, a connection pool and a credential.
#[derive(Debug, Clone)]
pub struct Caller {
    backend: Backend,
    client: Client<HttpConnector, Full<Bytes>>,
    headers: HeaderMap,
}

/// Request to the API.
#[derive(Debug, Clone)]
pub struct Call {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Caller {
    pub(crate) fn new(backend: Backend) -> Self {
        let client = Client::builder(TokioExecutor::new()).build(HttpConnector::new());
        Self { backend, client, headers: HeaderMap::new() }
    }

    /// Base URL of the backend.
    #[must_use]
    pub const fn backend(&self) -> &Backend {
        &self.backend
    }

    /// Returns a caller with `Authorization: Bearer`.
    #[must_use]
    pub fn bearer(&self, token: &str) -> Self {
        self.with(header::AUTHORIZATION, &format!("Bearer {token}"))
    }

    /// Returns a caller with HTTP Basic, `user` and an empty password.
    #[must_use]
    pub fn basic(&self, user: &str) -> Self {
        self.with(header::AUTHORIZATION, &format!("Basic {}", STANDARD.encode(format!("{user}:"))))
    }

    /// Returns a caller that acts on one account; for the operator.
    #[must_use]
    pub fn acting_on(&self, account: &str) -> Self {
        self.with(HeaderName::from_static("latchhook-account"), account)
    }

    /// Returns a caller with one more header on every request.
    #[must_use]
    pub fn with(&self, name: HeaderName, value: &str) -> Self {
        let mut caller = self.clone();
        caller.headers.insert(name, HeaderValue::from_str(value).unwrap());
        caller
    }

    /// Sends a GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Call::new(Method::GET, path)).await
    }

    /// Sends a DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Call::new(Method::DELETE, path)).await
    }

    /// Sends a POST with a JSON body.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Call::new(Method::POST, path).json(&body)).await
    }

    /// Sends a PATCH with a JSON body.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Call::new(Method::PATCH, path).json(&body)).await
    }

    /// Sends a PUT with a JSON body.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Call::new(Method::PUT, path).json(&body)).await
    }

    /// Sends a POST without a body.
    pub async fn post_nothing(&self, path: &str) -> Answer {
        self.send(Call::new(Method::POST, path)).await
    }

    /// Sends a POST with an idempotency key.
    pub async fn post_once(&self, idempotency_key: &str, path: &str, body: Value) -> Answer {
        let call = Call::new(Method::POST, path).json(&body);
        self.send(call.header("idempotency-key", idempotency_key)).await
    }

    /// Reads every item of a list, page by page.
    pub async fn list(&self, path: &str) -> Vec<Value> {
        let (mut items, mut next) = (Vec::new(), Some(path.to_owned()));
        while let Some(path) = next {
            let page = self.get(&path).await.is(200);
            assert_eq!(page["object"], "list", "{path}");
            assert_eq!(page["previous_href"], Value::Null, "{path}");
            items.extend(page["data"].as_array().expect("a list has data").clone());
            next = page["next_href"].as_str().map(ToOwned::to_owned);
        }
        items
    }

    /// Sends `call`.
    ///
    /// # Panics
    /// Fails if there is no answer, or one that breaks what the contract says about every answer.
    pub async fn send(&self, call: Call) -> Answer {
        let what = format!("{} {}", call.method, call.path);
        let answer = self.try_send(call).await;
        answer.unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// Sends `call` to a backend that may be gone.
    ///
    /// # Errors
    /// The reason why there is no answer.
    pub async fn try_send(&self, call: Call) -> Result<Answer, String> {
        let what = format!("{} {}", call.method, call.path);
        let request = self.request(call);
        let response = self.client.request(request).await.map_err(|error| format!("{error:?}"))?;
        let (head, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| format!("{error:?}"))?.to_bytes();
        let answer = Answer::new(what, head.status, head.headers, body);
        if let Some(json) = answer.try_json() {
            self.backend.watch().see(&json);
        }
        Ok(answer)
    }

    fn request(&self, call: Call) -> Request<Full<Bytes>> {
        let uri = format!("{}{}", self.backend.base(), call.path);
        let mut request = Request::new(Full::new(call.body));
        *request.method_mut() = call.method;
        *request.uri_mut() = uri.parse().unwrap_or_else(|error| panic!("{uri}: {error}"));
        request.headers_mut().extend(self.headers.clone());
        request.headers_mut().extend(call.headers);
        request
    }
}

impl Call {
    /// Builds a request without a body.
    #[must_use]
    pub fn new(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: HeaderMap::new(), body: Bytes::new() }
    }

    /// Builds a POST.
    #[must_use]
    pub fn post(path: &str) -> Self {
        Self::new(Method::POST, path)
    }

    /// Adds a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", serde_json::to_vec(body).unwrap())
    }

    /// Adds a form-encoded body.
    #[must_use]
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    /// Adds a body of any media type.
    #[must_use]
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).unwrap();
        self.headers.insert(HeaderName::from_static(name), value);
        self
    }
}
