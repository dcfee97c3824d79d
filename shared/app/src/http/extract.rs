//! Extractors: the arguments of handlers.

use std::{fmt, str::FromStr, sync::Arc};

use axum::{
    body::Body,
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse as _, Response},
};
use bytes::{Bytes, BytesMut};
use futures_util::FutureExt as _;
use http::request::Parts;
use http_body::Body as _;
use http_body_util::BodyExt as _;
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    body::BodyRefused,
    fields::{from_form, from_json, from_posted_form},
    gate::Session,
    headers::{idempotency_key, named_account},
    media::Media,
    turn::{Had, turn},
};
use crate::{
    App,
    auth::{self, Caller, Needs},
    owner::owner,
    problem::{Code, Problem},
    work::{
        Reply, Work,
        idempotency::{Claim, Repeat, Slot},
    },
};

/// Size in bytes from which reading a body, and what it says, takes long.
const LARGE_BODY: usize = 32 * 1024;

/// Maximum size of a request body, in bytes.
pub const LARGEST_BODY: usize = 256 * 1024;
/// Maximum size of the body of a batch of such requests, in bytes.
pub const LARGEST_BATCH: usize = 1024 * 1024;

/// Defines an extractor of [`Access`](auth::Access) for routes that require a kind of caller.
macro_rules! access {
    ($($(#[$doc:meta])* $name:ident = $needs:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name(pub auth::Access);

        impl FromRequestParts<App> for $name {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
                acting(parts, Needs::$needs).await.map(Self)
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

/// Returns the access of the caller at a route that `needs` a kind of caller. The work of the
/// request then rests on the account as well.
async fn acting(parts: &mut Parts, needs: Needs) -> Result<auth::Access, Problem> {
    let Session { authority, asked } = session(parts)?;
    let (admission, access) = authority.acting(needs, named_account(&parts.headers)?).await?;
    let session = Session { authority: Arc::new(admission), asked: asked.clone() };
    parts.extensions.insert(session);
    Ok(access)
}

/// The operator, for no particular account.
#[derive(Debug, Clone, Copy)]
pub struct Operator;

impl FromRequestParts<App> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        match session(parts)?.authority.caller() {
            Caller::Operator(_) => Ok(Self),
            _ => Err(Code::PermissionDenied.into()),
        }
    }
}

/// The operator, for their own account, if that is open.
#[derive(Debug, Clone)]
pub struct OperatorsOwn(pub Option<auth::Access>);

impl FromRequestParts<App> for OperatorsOwn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Operator = Operator::from_request_parts(parts, app).await?;
        let Session { authority, asked } = session(parts)?;
        let asked = asked.clone();
        let Some((admission, access)) = authority.on_own().await? else { return Ok(Self(None)) };
        parts.extensions.insert(Session { authority: Arc::new(admission), asked });
        Ok(Self(Some(access)))
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

/// Name in the path of a `PUT`, which may be a new one; a malformed one is a field that is wrong.
pub struct NewName<Name>(pub Name);

impl<Name: FromStr<Err: fmt::Display> + Send> FromRequestParts<App> for NewName<Name> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let path = axum::extract::Path::<String>::from_request_parts(parts, app).await;
        let text = path.map_err(|_| Problem::invalid("name", "must be UTF-8"))?.0;
        text.parse().map(Self).map_err(|must| Problem::invalid("name", must))
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
        let media = Media::of(&parts.headers)?;
        let body = collect(body, LARGEST_BODY).await?;
        no_query(&parts)?;
        let work = work(&parts, app, &body).await?;
        Ok(Self(parse(media, &body.bytes)?, work))
    }
}

/// Body of a `POST`, read into a type, and the work, which keeps its answer for repeats when the
/// request has an idempotency key. A repeat is answered here. The body has at most so many bytes.
pub struct Posted<T, const LARGEST: usize = LARGEST_BODY>(pub T, pub Work);

impl<T: DeserializeOwned, const LARGEST: usize> FromRequest<App> for Posted<T, LARGEST> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let refused = |problem: Problem| problem.into_response();
        let media = Media::of(&parts.headers).map_err(refused)?;
        let body = collect(body, LARGEST).await.map_err(refused)?;
        no_query(&parts).map_err(refused)?;
        let mut work = work(&parts, app, &body).await.map_err(refused)?;
        if let Some(key) = idempotency_key(&parts.headers).map_err(refused)? {
            let session = session(&parts).map_err(refused)?;
            match claim(app, session, &parts, key, &body.bytes).await.map_err(refused)? {
                Claim::Open(slot) => work.slot = Some(Arc::new(slot)),
                Claim::Repeat(repeat) => {
                    return Err(replayed(repeat, &work).await.map_err(refused)?.into_response());
                }
            }
        }
        Ok(Self(parse(media, &body.bytes).map_err(refused)?, work))
    }
}

/// Body of a request without authentication, whose content is the credential.
pub struct Proof<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Proof<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let media = Media::of(&parts.headers)?;
        let body = collect(body, LARGEST_BODY).await?;
        no_query(&parts)?;
        parse(media, &body.bytes).map(Self)
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

/// Returns the work of a request whose body was read, if the caller may still make changes. If the
/// body or a turn had to be waited for, what was read of the caller before is too old.
async fn work(parts: &Parts, app: &App, body: &Collected) -> Result<Work, Problem> {
    let session = session(parts)?;
    let had = if body.bytes.len() > LARGE_BODY {
        turn(app, session, &parts.headers).await?
    } else {
        Had { turn: None, was_awaited: false }
    };
    let mut work = session.work(app);
    if body.was_awaited || had.was_awaited {
        work = work.again().await?;
    }
    work.turn = had.turn.map(Arc::new);
    work.check()?;
    Ok(work)
}

/// Returns the kept answer to a repeat, for a caller who would still be answered.
async fn replayed(repeat: Repeat, work: &Work) -> Result<Reply, Problem> {
    let work = work.again().await?;
    work.check()?;
    work.repeated(repeat).await
}

/// Returns the session of the request.
pub(super) fn session(parts: &Parts) -> Result<&Session, Problem> {
    parts.extensions.get::<Session>().ok_or_else(|| Code::BadAuthentication.into())
}

/// Body that was read.
struct Collected {
    bytes: Bytes,
    /// True if a part of it was not there yet when it was asked for.
    was_awaited: bool,
}

/// Reads the body, up to the `largest` size. Its time limit is kept by the backend's server.
async fn collect(mut body: Body, largest: usize) -> Result<Collected, Problem> {
    if body.size_hint().lower() > largest as u64 {
        return Err(too_large(largest));
    }
    let (mut kept, mut was_awaited) = (BytesMut::new(), false);
    loop {
        let frame = if let Some(frame) = body.frame().now_or_never() {
            frame
        } else {
            was_awaited = true;
            body.frame().await
        };
        let Some(frame) = frame else { break };
        let Ok(data) = frame.map_err(|why| incomplete(&why))?.into_data() else { continue };
        if kept.len() + data.len() > largest {
            return Err(too_large(largest));
        }
        kept.extend_from_slice(&data);
    }
    Ok(Collected { bytes: kept.freeze(), was_awaited })
}

fn too_large(largest: usize) -> Problem {
    let sentence = format!("The request body is larger than {} KiB.", largest / 1024);
    Problem::from(Code::PayloadTooLarge).saying(sentence)
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
    let caller = session.authority.caller();
    let account = match caller {
        Caller::Operator(_) => named_account(&parts.headers)?.and_then(|named| named.parse().ok()),
        Caller::Portal { .. } | Caller::Key { .. } => None,
    };
    let owner = owner(caller, account);
    let mut request = format!("{} {}\n", parts.method, parts.uri.path()).into_bytes();
    request.extend_from_slice(body);
    Slot::claim(&app.backend, &app.running, &owner, key, &request).await
}
