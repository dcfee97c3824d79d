//! How the commands talk to a running server.

mod args;
mod error;
mod pages;
mod transport;

use bytes::Bytes;
use http::{Method, header};
use serde_json::Value;

pub(crate) use args::ApiArgs;
pub(crate) use error::ApiError;
pub(crate) use pages::Query;
pub(crate) use transport::{Answer, Transport, TransportError};

use domain::Secret;

/// A server's API, for one caller.
pub(crate) struct Client {
    transport: Transport,
    base: String,
    token: Secret,
    account: Option<String>,
}

/// What a call sends besides its path.
#[derive(Default)]
pub(crate) struct Call<'a> {
    body: Option<&'a Value>,
    idempotency_key: Option<&'a str>,
}

impl<'a> Call<'a> {
    /// A call with a JSON body.
    pub(crate) fn with(body: &'a Value) -> Self {
        Self { body: Some(body), idempotency_key: None }
    }

    /// A call that can be repeated without being done twice.
    pub(crate) fn once(self, key: &'a str) -> Self {
        Self { idempotency_key: Some(key), ..self }
    }
}

impl Client {
    /// A client of the server at `base`, for the bearer of `token`, acting on `account`.
    pub(crate) fn new(base: &str, token: Secret, account: Option<String>) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { transport: Transport::new(), base, token, account }
    }

    /// The same client acting on another account.
    pub(crate) fn on(&self, account: &str) -> Self {
        Self {
            transport: self.transport.clone(),
            base: self.base.clone(),
            token: self.token.clone(),
            account: Some(account.to_owned()),
        }
    }

    /// `GET path`.
    ///
    /// # Errors
    /// [`ApiError`], whatever went wrong.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, ApiError> {
        self.call(Method::GET, path, Call::default()).await
    }

    /// `POST path` with a JSON body.
    ///
    /// # Errors
    /// [`ApiError`], whatever went wrong.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, ApiError> {
        self.call(Method::POST, path, Call::with(body)).await
    }

    /// Any call. The answer is the JSON value of a 2xx response.
    ///
    /// # Errors
    /// [`ApiError`], whatever went wrong.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        call: Call<'_>,
    ) -> Result<Value, ApiError> {
        let request = self.request(method, path, &call)?;
        let answer = self
            .transport
            .send(request)
            .await
            .map_err(|why| ApiError::Unreachable { url: self.base.clone(), why })?;
        understand(&answer)
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        call: &Call<'_>,
    ) -> Result<http::Request<Bytes>, ApiError> {
        let mut bearer =
            header::HeaderValue::try_from(format!("Bearer {}", self.token.expose()))
                .map_err(|_| ApiError::BadRequest("the token has characters that no token has"))?;
        bearer.set_sensitive(true);
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::AUTHORIZATION, bearer)
            .header(header::USER_AGENT, concat!("latchhook/", env!("CARGO_PKG_VERSION")));
        if let Some(account) = &self.account {
            request = request.header("latchhook-account", account);
        }
        if let Some(key) = call.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if call.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = call.body.map(Value::to_string).unwrap_or_default();
        request
            .body(Bytes::from(body))
            .map_err(|_| ApiError::BadRequest("the URL, the account or a name is malformed"))
    }
}

fn understand(answer: &Answer) -> Result<Value, ApiError> {
    let value = serde_json::from_slice::<Value>(&answer.body);
    match (answer.status.is_success(), value) {
        (true, Ok(value)) => Ok(value),
        (true, Err(_)) if answer.body.is_empty() => Ok(Value::Null),
        (false, Ok(value)) if value["code"].is_string() => Err(ApiError::refused(answer, &value)),
        _ => Err(ApiError::Strange { status: answer.status }),
    }
}

#[cfg(test)]
mod tests;
