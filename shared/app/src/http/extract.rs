//! Extractors: the arguments of handlers.

use std::str::FromStr;

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse as _, Response},
};
use bytes::{Bytes, BytesMut};
use http::{HeaderValue, request::Parts};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use ports::store::Scope;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    body::BodyRefused,
    fields::{from_form, from_json, from_posted_form},
    gate::Session,
    headers::{idempotency_key, named_account},
    media::Media,
};
use crate::{
    App,
    auth::{self, Caller, Needs},
    problem::{Code, Problem},
    work::{
        Work,
        idempotency::{Claim, Slot},
    },
};

/// Maximum size of a request body, in bytes.
pub const LARGEST_BODY: usize = 256 * 1024;

/// Defines an extractor of [`Access`](auth::Access) for routes that require a kind of caller.
macro_rules! access {
    ($($(#[$doc:meta])* $name:ident = $needs:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name(pub auth::Access);

        impl FromRequestParts<App> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
                let caller = &session(parts)?.caller;
                let named = named_account(&parts.headers)?;
                auth::access(&app.backend, caller, Needs::$needs, named).await.map(Self)
            }
        }
    )*};
}

access! {
    /// A key, a portal session, or the operator for an account.
    Developer = Developer;
    /// A portal session, or the operator for an account.
    SettingsCaller = Settings;
    /// The operator, for an account.
    OperatorFor = Operator;
}

/// The operator, for no particular account.
#[derive(Debug, Clone, Copy)]
pub struct Operator;

impl FromRequestParts<App> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        match session(parts)?.caller {
            Caller::Operator => Ok(Self),
            _ => Err(Code::PermissionDenied.into()),
        }
    }
}

/// Any caller that may read data common to all accounts: a key, a portal session, or the operator
/// for no particular account.
#[derive(Debug, Clone, Copy)]
pub struct AnyDeveloper;

impl FromRequestParts<App> for AnyDeveloper {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        session(parts).map(|_| Self)
    }
}

/// Work of a request without a body.
pub struct Asks(pub Work);

impl FromRequestParts<App> for Asks {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Ok(Self(session(parts)?.work(app)))
    }
}

/// Identifier in the path; a malformed one is not found.
pub struct PathId<Id>(pub Id);

impl<Id: FromStr + Send> FromRequestParts<App> for PathId<Id> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, app).await;
        let text = path.map_err(|_| Code::NotFound)?.0;
        text.parse().map(Self).map_err(|_| Code::NotFound.into())
    }
}

/// Query string, read into a type.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        from_form(parts.uri.query().unwrap_or_default().as_bytes()).map(Self)
    }
}

/// Empty query: any parameter is refused as an unknown field.
pub struct NoQuery;

impl FromRequestParts<App> for NoQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        no_query(parts).map(|()| Self)
    }
}

/// Body of a `PATCH` or `PUT`, read into a type, and the work.
pub struct Sent<T>(pub T, pub Work);

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let work = session(&parts)?.work(app);
        let media = Media::of(&parts.headers)?;
        let body = collect(body).await?;
        no_query(&parts)?;
        Ok(Self(parse(media, &body)?, work))
    }
}

/// Body of a `POST`, read into a type, and the work, which keeps its answer for repeats when the
/// request has an idempotency key. A repeat is answered here.
pub struct Posted<T>(pub T, pub Work);

impl<T: DeserializeOwned> FromRequest<App> for Posted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let refused = |problem: Problem| problem.into_response();
        let media = Media::of(&parts.headers).map_err(refused)?;
        let body = collect(body).await.map_err(refused)?;
        no_query(&parts).map_err(refused)?;
        let session = session(&parts).map_err(refused)?;
        let mut work = session.work(app);
        if let Some(key) = idempotency_key(&parts.headers).map_err(refused)? {
            match claim(app, session, &parts, key, &body).await.map_err(refused)? {
                Claim::First(slot) => work.slot = Some(slot),
                Claim::Repeat(reply) => {
                    let mut response = reply.into_response();
                    let replayed = HeaderValue::from_static("true");
                    response.headers_mut().insert("idempotent-replayed", replayed);
                    return Err(response);
                }
            }
        }
        Ok(Self(parse(media, &body).map_err(refused)?, work))
    }
}

/// Body of a request without authentication, whose content is the credential.
pub struct Proof<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Proof<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let media = Media::of(&parts.headers)?;
        let body = collect(body).await?;
        no_query(&parts)?;
        parse(media, &body).map(Self)
    }
}

/// Body or query without fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Refuses query parameters as unknown fields: a `POST` takes its fields in the body.
fn no_query(parts: &Parts) -> Result<(), Problem> {
    from_form::<Nothing>(parts.uri.query().unwrap_or_default().as_bytes()).map(|_| ())
}

fn session(parts: &Parts) -> Result<&Session, Problem> {
    parts.extensions.get::<Session>().ok_or_else(|| Code::BadAuthentication.into())
}

/// Reads the body, up to the limit. Its time limit is kept by the backend's server.
async fn collect(mut body: Body) -> Result<Bytes, Problem> {
    if body.size_hint().lower() > LARGEST_BODY as u64 {
        return Err(Code::PayloadTooLarge.into());
    }
    let mut kept = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|why| incomplete(&why))?.into_data() else { continue };
        if kept.len() + data.len() > LARGEST_BODY {
            return Err(Code::PayloadTooLarge.into());
        }
        kept.extend_from_slice(&data);
    }
    Ok(kept.freeze())
}

/// Returns the problem of a body that did not come to its end.
fn incomplete(why: &axum::Error) -> Problem {
    match BodyRefused::of(why) {
        None => Problem::from(Code::MalformedJson).saying("The request body ended early."),
        Some(BodyRefused::Late) => {
            Problem::from(Code::MalformedJson).saying("The request body did not arrive in time.")
        }
        Some(BodyRefused::Crowded) => Problem::from(Code::Unavailable)
            .saying("Too many request bodies are arriving at once; repeat the request."),
    }
}

fn parse<T: DeserializeOwned>(media: Media, body: &[u8]) -> Result<T, Problem> {
    match media {
        Media::Json => from_json(body),
        Media::Form => from_posted_form(body),
    }
}

async fn claim(
    app: &App,
    session: &Session,
    parts: &Parts,
    key: &str,
    body: &[u8],
) -> Result<Claim, Problem> {
    let (scope, caller) = match &session.caller {
        Caller::Operator => {
            match named_account(&parts.headers)?.and_then(|named| named.parse().ok()) {
                None => (Scope::Installation, "operator".to_owned()),
                Some(account) => (Scope::Account(account), "operator".to_owned()),
            }
        }
        Caller::Portal { session, account } => {
            (Scope::Account(account.state.id), session.to_string())
        }
        Caller::Key { key, account } => (Scope::Account(account.state.id), key.id.to_string()),
    };
    let mut request = format!("{} {}\n", parts.method, parts.uri.path()).into_bytes();
    request.extend_from_slice(body);
    Slot::claim(&app.backend, &app.running, (scope, &caller), key, &request).await
}
