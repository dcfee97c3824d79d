//! Client of a running server, for the other commands.

mod args;
mod document;
mod error;
mod pages;
mod transport;

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::Value;

pub(crate) use args::ApiArgs;
pub(crate) use document::{Document, is_nested, plain};
pub(crate) use error::ApiError;
pub(crate) use pages::Query;
pub(crate) use transport::{Answer, Transport, TransportError, Trust};

use domain::Secret;

/// Prefix of operator tokens.
const OPERATOR: &str = "lhop_";

/// Client of a server's API, for one caller.
#[derive(Clone)]
pub(crate) struct Client {
    transport: Transport,
    base: String,
    token: Option<Secret>,
    account: Option<String>,
}

/// Parts of a call besides its path.
#[derive(Default)]
pub(crate) struct Call<'a> {
    body: Option<String>,
    idempotency_key: Option<&'a str>,
}

impl<'a> Call<'a> {
    /// Creates a call with a JSON body.
    pub(crate) fn with(body: &Value) -> Self {
        Self::text(body.to_string())
    }

    /// Creates a call with this text as its body, byte for byte.
    pub(crate) const fn text(body: String) -> Self {
        Self { body: Some(body), idempotency_key: None }
    }

    /// Sets the idempotency key, so that the call can be repeated without being done twice.
    pub(crate) fn once(self, key: &'a str) -> Self {
        Self { idempotency_key: Some(key), ..self }
    }
}

impl Client {
    /// Creates a client of the server at `base`, for the bearer of `token`, acting on `account`.
    pub(crate) fn new(base: &str, token: Secret, account: Option<String>) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { transport: Transport::new(), base, token: Some(token), account }
    }

    /// Creates a client of the server at `base` without a credential.
    pub(crate) fn anonymous(base: &str) -> Self {
        let base = base.trim_end_matches('/').to_owned();
        Self { transport: Transport::new(), base, token: None, account: None }
    }

    /// Returns the account that it acts on, if that was said.
    #[cfg(feature = "mcp")]
    pub(crate) fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// Returns whether the token is the operator's. Any other credential identifies its account.
    pub(crate) fn is_operator(&self) -> bool {
        self.token.as_ref().is_some_and(|token| token.expose().starts_with(OPERATOR))
    }

    /// Returns the same client acting on another account.
    pub(crate) fn on(&self, account: &str) -> Self {
        Self {
            transport: self.transport.clone(),
            base: self.base.clone(),
            token: self.token.clone(),
            account: Some(account.to_owned()),
        }
    }

    /// Sends `GET path`.
    ///
    /// # Errors
    /// [`ApiError`], for any failure.
    pub(crate) async fn get(&self, path: &str) -> Result<Value, ApiError> {
        self.call(Method::GET, path, Call::default()).await
    }

    /// Sends `POST path` with a JSON body.
    ///
    /// # Errors
    /// [`ApiError`], for any failure.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<Value, ApiError> {
        self.call(Method::POST, path, Call::with(body)).await
    }

    /// Sends any call and returns the JSON value of a 2xx response.
    ///
    /// # Errors
    /// [`ApiError`], for any failure.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        call: Call<'_>,
    ) -> Result<Value, ApiError> {
        let strange = ApiError::Strange { status: StatusCode::OK };
        self.ask(method, path, call).await?.read().ok_or(strange)
    }

    /// Sends any call and returns the JSON of a 2xx response as it came; `null` if it had no body.
    ///
    /// # Errors
    /// [`ApiError`], for any failure.
    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        call: Call<'_>,
    ) -> Result<Document, ApiError> {
        let answer = self.exchange(method, path, call).await?;
        let body: &[u8] = if answer.body.is_empty() { b"null" } else { &answer.body };
        match Document::parse(body) {
            Some(document) if answer.status.is_success() => Ok(document),
            _ => Err(ApiError::of(&answer)),
        }
    }

    /// Sends any call and returns the whole answer, whatever its status.
    ///
    /// # Errors
    /// [`ApiError`], when there is no answer.
    pub(crate) async fn exchange(
        &self,
        method: Method,
        path: &str,
        call: Call<'_>,
    ) -> Result<Answer, ApiError> {
        let request = self.request(method, path, call)?;
        let answer = self.transport.send(request).await;
        answer.map_err(|why| ApiError::Unreachable { url: self.base.clone(), why })
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        call: Call<'_>,
    ) -> Result<http::Request<Bytes>, ApiError> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::USER_AGENT, concat!("latchhook/", env!("CARGO_PKG_VERSION")));
        if let Some(token) = &self.token {
            request = request.header(header::AUTHORIZATION, bearer(token)?);
        }
        if let Some(account) = &self.account {
            request = request.header("latchhook-account", account);
        }
        if let Some(key) = call.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if call.body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        request
            .body(Bytes::from(call.body.unwrap_or_default()))
            .map_err(|_| ApiError::BadRequest("the URL, the account or a name is malformed"))
    }
}

fn bearer(token: &Secret) -> Result<HeaderValue, ApiError> {
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose()))
        .map_err(|_| ApiError::BadRequest("the token has characters that no token has"))?;
    bearer.set_sensitive(true);
    Ok(bearer)
}

#[cfg(test)]
pub(crate) mod tests;
