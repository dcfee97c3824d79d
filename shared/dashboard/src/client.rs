//! The API, asked in process.

pub(crate) mod resources;

use axum::{Router, body::Body};
use domain::Secret;
use http::{Extensions, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tower::ServiceExt as _;

/// Characters of a text that stands in a path or query.
const PLAIN: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A text as it stands in a path or query.
pub(crate) fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, PLAIN).to_string()
}

/// The API, for one caller.
pub(crate) struct Client {
    router: Router,
    authorization: Option<HeaderValue>,
    account: Option<HeaderValue>,
    extensions: Extensions,
}

/// What the API refused, and why.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// With which status.
    pub(crate) status: StatusCode,
    /// The stable code.
    pub(crate) code: String,
    /// A sentence for people.
    pub(crate) message: String,
    /// The offending field.
    pub(crate) param: Option<String>,
}

/// The body of a refusal.
#[derive(Deserialize)]
struct Problem {
    error: String,
    code: String,
    param: Option<String>,
}

impl Client {
    /// The API for nobody yet; `extensions` go with every request.
    pub(crate) const fn new(router: Router, extensions: Extensions) -> Self {
        Self { router, authorization: None, account: None, extensions }
    }

    /// For whoever has `token`.
    pub(crate) fn with_token(mut self, token: &Secret) -> Self {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose())).ok();
        if let Some(value) = &mut value {
            value.set_sensitive(true);
        }
        self.authorization = value;
        self
    }

    /// For the operator, acting on `account`.
    pub(crate) fn on(&self, account: &str) -> Self {
        Self {
            router: self.router.clone(),
            authorization: self.authorization.clone(),
            account: HeaderValue::try_from(account).ok(),
            extensions: self.extensions.clone(),
        }
    }

    /// `GET path`.
    ///
    /// # Errors
    /// What the API refuses it with.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Refusal> {
        self.ask(Method::GET, path, None, None).await
    }

    /// `method path` with the JSON `body`.
    ///
    /// # Errors
    /// What the API refuses it with.
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl ToString,
    ) -> Result<T, Refusal> {
        self.ask(method, path, Some(body.to_string()), None).await
    }

    /// `POST path` with `body`.
    ///
    /// # Errors
    /// What the API refuses it with.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &Value,
    ) -> Result<T, Refusal> {
        self.ask(Method::POST, path, Some(body.to_string()), None).await
    }

    /// The same, done once however often the form is sent that has the key `once`.
    ///
    /// # Errors
    /// What the API refuses it with.
    pub(crate) async fn post_once<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &Value,
        once: &str,
    ) -> Result<T, Refusal> {
        self.ask(Method::POST, path, Some(body.to_string()), Some(once)).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
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
        let body = body.unwrap_or_default().into();
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body);
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
        Err(Refusal { status, code: problem.code, message: problem.error, param: problem.param })
    }
}

impl Refusal {
    /// Of what can't be asked now.
    pub(crate) fn unavailable() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            code: "unavailable".to_owned(),
            message: "Nothing was changed. Try again in a moment.".to_owned(),
            param: None,
        }
    }

    /// Of what is not there.
    pub(crate) fn not_found() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: "not_found".to_owned(),
            message: "Not found.".to_owned(),
            param: None,
        }
    }

    /// Of the field `param`, by the page itself: what the API can't be asked.
    pub(crate) fn of(param: &str, message: &str) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: "invalid_field".to_owned(),
            message: message.to_owned(),
            param: Some(param.to_owned()),
        }
    }
}
