//! Client of the API, called in process.

pub(crate) mod resources;

use axum::{Router, body::Body};
use domain::Secret;
use http::{Extensions, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tower::ServiceExt as _;

/// Characters that need percent-encoding in a path or query.
const PLAIN: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Code of what the page itself refuses, in its own words.
pub(crate) const OWN: &str = "own";

/// Percent-encodes a text for a path or query.
pub(crate) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, PLAIN).to_string()
}

/// Client of the API on behalf of one caller.
pub(crate) struct Client {
    router: Router,
    authorization: Option<HeaderValue>,
    account: Option<HeaderValue>,
    extensions: Extensions,
}

/// Error answer of the API.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub(crate) status: StatusCode,
    /// Stable error code.
    pub(crate) code: String,
    /// Sentence for people.
    pub(crate) message: String,
    /// Name of the offending field.
    pub(crate) param: Option<String>,
    /// Further faults, where the page itself found several.
    pub(crate) also: Vec<Refusal>,
}

/// Body of an error answer.
#[derive(Deserialize)]
struct Problem {
    error: String,
    code: String,
    param: Option<String>,
}

impl Client {
    /// Creates a client without credentials; `extensions` are attached to every request.
    pub(crate) const fn new(router: Router, extensions: Extensions) -> Self {
        Self { router, authorization: None, account: None, extensions }
    }

    /// Adds the bearer token.
    pub(crate) fn with_token(mut self, token: &Secret) -> Self {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose())).ok();
        if let Some(value) = &mut value {
            value.set_sensitive(true);
        }
        self.authorization = value;
        self
    }

    /// Returns a client with which the operator acts on `account`.
    pub(crate) fn on(&self, account: &str) -> Self {
        Self {
            router: self.router.clone(),
            authorization: self.authorization.clone(),
            account: HeaderValue::try_from(account).ok(),
            extensions: self.extensions.clone(),
        }
    }

    /// Sends `GET path`.
    ///
    /// # Errors
    /// The API's error answer.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Refusal> {
        self.ask(Method::GET, path, None::<&()>, None).await
    }

    /// Sends `method path` with `body`.
    ///
    /// # Errors
    /// The API's error answer.
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Refusal> {
        self.ask(method, path, Some(body), None).await
    }

    /// Sends `POST path` with `body`.
    ///
    /// # Errors
    /// The API's error answer.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Refusal> {
        self.ask(Method::POST, path, Some(body), None).await
    }

    /// Sends `POST path` with `once` as its idempotency key: a form that is submitted twice has one
    /// effect.
    ///
    /// # Errors
    /// The API's error answer.
    pub(crate) async fn post_once<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
        once: &str,
    ) -> Result<T, Refusal> {
        self.ask(Method::POST, path, Some(body), Some(once)).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
        once: Option<&str>,
    ) -> Result<T, Refusal> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in [
            (header::AUTHORIZATION.as_str(), &self.authorization),
            ("latchhook-account", &self.account),
        ] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        if let Some(once) = once.filter(|once| !once.is_empty()) {
            request = request.header("idempotency-key", once);
        }
        let text = body.map(serde_json::to_string).transpose();
        let text = text.map_err(|_| Refusal::unavailable())?.unwrap_or_default();
        let request = request.header(header::CONTENT_TYPE, "application/json").body(text.into());
        let Ok(mut request): Result<Request<Body>, _> = request else {
            return Err(Refusal::not_found());
        };
        *request.extensions_mut() = self.extensions.clone();
        let Ok(response) = self.router.clone().oneshot(request).await;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|_| Refusal::unavailable())?;
        let body = body.to_bytes();
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|why| {
                tracing::error!(%why, "an answer of the API is not understood by the dashboard");
                Refusal::unavailable()
            });
        }
        let problem: Problem = serde_json::from_slice(&body).map_err(|_| Refusal::unavailable())?;
        Err(Refusal {
            status,
            code: problem.code,
            message: problem.error,
            param: problem.param,
            also: vec![],
        })
    }
}

impl Refusal {
    /// Refusal because the service is unavailable. The page has its own words for it.
    pub(crate) fn unavailable() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            code: "unavailable".to_owned(),
            message: String::new(),
            param: None,
            also: vec![],
        }
    }

    /// Makes the refusal of somebody who may do nothing here.
    pub(crate) fn not_permitted() -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: "permission_denied".to_owned(),
            message: String::new(),
            param: None,
            also: vec![],
        }
    }

    /// Refusal because the resource does not exist. The page has its own words for it.
    pub(crate) fn not_found() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: "not_found".to_owned(),
            message: String::new(),
            param: None,
            also: vec![],
        }
    }

    /// Refusal of the field `param` by the page itself, for input that can't be sent to the API.
    pub(crate) fn of(param: &str, message: &str) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: OWN.to_owned(),
            message: message.to_owned(),
            param: Some(param.to_owned()),
            also: vec![],
        }
    }

    /// Refuses if any field is wrong, naming each.
    ///
    /// # Errors
    /// The first of `wrong`, with the others.
    pub(crate) fn all(mut wrong: Vec<Self>) -> Result<(), Self> {
        if wrong.is_empty() {
            return Ok(());
        }
        let also = wrong.split_off(1);
        wrong.pop().map_or(Ok(()), |first| Err(Self { also, ..first }))
    }

    /// Each refusal of its own.
    pub(crate) fn each(mut self) -> Vec<Self> {
        let also = std::mem::take(&mut self.also);
        std::iter::once(self).chain(also).collect()
    }
}
