//! Error pages.

use std::borrow::Cow;

use askama::Template;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, Uri, header};

use super::page;
use crate::{
    assets::{ASSETS, Assets},
    brand::Brand,
    client::Refusal,
    state::Page,
    words::{MessageWords, Words},
};

/// Reason why a page can't be shown.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// The sign-in code was used before, has expired, or never existed.
    CodeIsUsed,
    /// The session may see no page.
    Nothing,
    /// The operator is not signed in, or the session has ended.
    OperatorSignedOut,
    /// The form was sent by another site, or belongs to another session.
    Foreign,
    /// The form is compressed.
    Encoded,
    /// The form is too large.
    TooLarge,
    /// The form did not arrive as a whole.
    Incomplete,
    /// The API refused a request that the page needs.
    Refused(Refusal),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal.code.as_str() {
            "bad_authentication" => Self::SignedOut,
            _ => Self::Refused(refusal),
        }
    }
}

/// Page with a message and a link.
#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    assets: &'static Assets,
    brand: &'a Brand,
    title: Cow<'a, str>,
    text: Cow<'a, str>,
    next: Option<(Cow<'a, str>, Cow<'a, str>)>,
    is_bare: bool,
}

/// Answers without a body: [`explain`] has the words of the page.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if matches!(self, Self::Encoded) {
            let identity = HeaderValue::from_static("identity");
            response.headers_mut().insert(header::ACCEPT_ENCODING, identity);
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the error page of a response that is a failure.
pub(crate) async fn explain(
    State(dashboard): State<Page>,
    request: Request,
    next: Next,
) -> Response {
    let asked = Asked::of(&request, dashboard.brand());
    let mut response = next.run(request).await;
    let Some(failure) = response.extensions_mut().remove::<Failure>() else { return response };
    let brand = dashboard.brand();
    let Told { title, text, next } = failure.told(&asked, brand.say());
    let is_bare = asked.is_bare;
    let message = Message { assets: &ASSETS, brand, title, text, next, is_bare };
    let (own, body) = page(failure.status(), &message).into_parts();
    let (mut parts, _) = response.into_parts();
    parts.headers.extend(own.headers);
    Response::from_parts(parts, body)
}

/// Request that failed, as far as its error page depends on it.
struct Asked {
    /// True if it is for one of the operator's pages.
    is_of_operator: bool,
    /// Address to try again, if the page can simply be asked for again.
    again: Option<String>,
    /// True if it is asked for by a frame that wants no header.
    is_bare: bool,
}

impl Asked {
    fn of(request: &Request, brand: &Brand) -> Self {
        let again = (request.method() == Method::GET).then(|| request.uri());
        Self {
            is_of_operator: request.uri().path().starts_with("/operator"),
            again: again.and_then(Uri::path_and_query).map(ToString::to_string),
            is_bare: brand.is_bare(request.headers()),
        }
    }
}

/// Contents of an error page: heading, text, and a link onwards.
struct Told<'a> {
    title: Cow<'a, str>,
    text: Cow<'a, str>,
    next: Option<(Cow<'a, str>, Cow<'a, str>)>,
}

impl Failure {
    fn status(&self) -> StatusCode {
        match self {
            Self::SignedOut | Self::CodeIsUsed | Self::OperatorSignedOut => {
                StatusCode::UNAUTHORIZED
            }
            Self::Nothing | Self::Foreign => StatusCode::FORBIDDEN,
            Self::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Incomplete => StatusCode::BAD_REQUEST,
            Self::Refused(refusal) => refusal.status,
        }
    }

    fn told<'a>(&'a self, asked: &'a Asked, say: &'a Words) -> Told<'a> {
        let frame = &say.frame;
        let say = &say.messages;
        let to = |path: &'static str, label| Some((Cow::Borrowed(path), label));
        let (title, text, next) = match self {
            Self::SignedOut => (say.session_ended(), say.session_ended_what(), None),
            Self::CodeIsUsed => {
                let next = to("/dashboard/", say.code_used_next());
                (say.code_used(), say.code_used_what(), next)
            }
            Self::Nothing => (say.nothing_to_see(), say.nothing_to_see_what(), None),
            Self::OperatorSignedOut => {
                let next = to("/operator", frame.sign_in());
                (say.operator_signed_out(), say.operator_signed_out_what(), next)
            }
            Self::Foreign => (say.foreign(), say.foreign_what(), None),
            Self::Encoded => (say.encoded(), say.encoded_what(), None),
            Self::TooLarge => (say.too_large(), say.too_large_what(), None),
            Self::Incomplete => (say.incomplete(), say.incomplete_what(), None),
            Self::Refused(refusal) => {
                let (title, text) = refused(refusal, asked, say);
                let passes = matches!(refusal.status.as_u16(), 429 | 503);
                let again = asked.again.as_deref().filter(|_| passes);
                let next = match again {
                    Some(again) => Some((Cow::Borrowed(again), say.try_again())),
                    None if asked.is_of_operator => to("/operator", say.back_operator()),
                    None => to("/dashboard/", say.back_home()),
                };
                (title, text, next)
            }
        };
        Told { title, text, next }
    }
}

/// Heading and text for what the API refused.
fn refused<'a>(
    refusal: &'a Refusal,
    asked: &Asked,
    say: &'a MessageWords,
) -> (Cow<'a, str>, Cow<'a, str>) {
    match refusal.status {
        StatusCode::FORBIDDEN if refusal.code == "permission_denied" && asked.is_of_operator => {
            (say.not_permitted(), say.operator_not_permitted_what())
        }
        StatusCode::FORBIDDEN if refusal.code == "permission_denied" => {
            (say.not_permitted(), say.not_permitted_what())
        }
        StatusCode::NOT_FOUND => (say.not_found(), say.not_found_what()),
        StatusCode::SERVICE_UNAVAILABLE if asked.again.is_none() => {
            (say.not_done(), say.not_done_what())
        }
        StatusCode::SERVICE_UNAVAILABLE => (say.unavailable(), say.unavailable_what()),
        StatusCode::INTERNAL_SERVER_ERROR => (say.broken(), say.broken_what()),
        StatusCode::TOO_MANY_REQUESTS => (say.too_many(), Cow::Borrowed(&refusal.message)),
        _ => (say.refused(), Cow::Borrowed(&refusal.message)),
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;
    use crate::Branding;

    #[test]
    fn a_session_that_ended_and_a_backend_that_is_away_are_told_apart() {
        let refusal = |status, code: &str| Refusal {
            status,
            code: code.to_owned(),
            message: "The API's own words.".to_owned(),
            param: None,
            also: vec![],
        };
        let say = Words::default();
        let asked = |method: &str, path: &str| {
            let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
            Asked::of(&request, &Brand::new(Branding::default(), &[]))
        };
        let of_customer = asked("GET", "/dashboard/logs?status=4xx");
        let ended = refusal(StatusCode::UNAUTHORIZED, "bad_authentication");
        let ended = Failure::from(ended);
        let told = ended.told(&of_customer, &say);
        assert_eq!((ended.status().as_u16(), &*told.title), (401, "Your session has ended"));
        assert!(told.text.contains("it makes a new session for you"), "{}", told.text);
        let away = Failure::from(Refusal::unavailable());
        let told = away.told(&of_customer, &say);
        assert_eq!(
            (away.status().as_u16(), &*told.title),
            (503, "This can\u{2019}t be shown right now")
        );
        let (href, label) = told.next.unwrap();
        assert_eq!((&*href, &*label), ("/dashboard/logs?status=4xx", "Try again"));
        let form = asked("POST", "/operator/accounts");
        let told = away.told(&form, &say);
        assert_eq!(told.title, "This can\u{2019}t be done right now");
        assert_eq!(told.next.unwrap().0, "/operator");
        let other = Failure::from(refusal(StatusCode::CONFLICT, "conflict"));
        let told = other.told(&of_customer, &say);
        assert_eq!(told.text, "The API's own words.");
        assert_eq!(told.next.unwrap().0, "/dashboard/");
        let forbidden = Failure::from(Refusal::not_permitted());
        assert!(forbidden.told(&form, &say).text.contains("scope"));
    }
}
