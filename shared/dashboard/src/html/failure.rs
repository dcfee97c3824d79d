//! Error pages.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use super::page;
use crate::{
    assets::{ASSETS, Assets},
    client::Refusal,
};

/// Reason why a page can't be shown.
#[derive(Debug)]
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
struct Message {
    assets: &'static Assets,
    title: &'static str,
    text: String,
    next: Option<(&'static str, &'static str)>,
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let is_encoded = matches!(self, Self::Encoded);
        let (status, title, text, next) = self.told();
        let mut response = page(status, &Message { assets: &ASSETS, title, text, next });
        if is_encoded {
            let identity = HeaderValue::from_static("identity");
            response.headers_mut().insert(header::ACCEPT_ENCODING, identity);
        }
        response
    }
}

/// Contents of an error page: status, heading, text, and a link onwards.
type Told = (StatusCode, &'static str, String, Option<(&'static str, &'static str)>);

impl Failure {
    fn told(self) -> Told {
        let said = |status, title, text: &str, next| (status, title, text.to_owned(), next);
        match self {
            Self::SignedOut => said(
                StatusCode::UNAUTHORIZED,
                "Your session has ended",
                "Open Developer settings again from the product that brought you here: it makes a \
                 new session for you. Nothing that you saved is lost.",
                None,
            ),
            Self::CodeIsUsed => said(
                StatusCode::UNAUTHORIZED,
                "This sign-in link is used up",
                "A link signs in once, within ten minutes. Open Developer settings again from the \
                 product that brought you here to get a new one.",
                Some(("/dashboard/", "I am signed in already")),
            ),
            Self::Nothing => said(
                StatusCode::FORBIDDEN,
                "There is nothing here for you to see",
                "Your session has none of the permissions that these pages need. Ask whoever \
                 manages your account.",
                None,
            ),
            Self::OperatorSignedOut => said(
                StatusCode::UNAUTHORIZED,
                "You are not signed in",
                "An operator's session lasts an hour.",
                Some(("/operator", "Sign in")),
            ),
            Self::Foreign => said(
                StatusCode::FORBIDDEN,
                "This form was not sent",
                "It was sent from another site, or its page belongs to another session. Go back, \
                 reload the page, and send it again.",
                None,
            ),
            Self::Encoded => said(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "This form was not read",
                "It was sent compressed. Send it uncompressed.",
                None,
            ),
            Self::TooLarge => said(
                StatusCode::PAYLOAD_TOO_LARGE,
                "This form is too large",
                "Go back and shorten it.",
                None,
            ),
            Self::Incomplete => said(
                StatusCode::BAD_REQUEST,
                "This form did not arrive",
                "It broke off or took too long. Go back and send it again.",
                None,
            ),
            Self::Refused(refusal) => refused(refusal),
        }
    }
}

fn refused(refusal: Refusal) -> Told {
    let back = Some(("/dashboard/", "Back to Developer settings"));
    match refusal.status {
        StatusCode::FORBIDDEN if refusal.code == "permission_denied" => (
            StatusCode::FORBIDDEN,
            "You may not do this",
            "Your session lacks the permission for it. Ask whoever manages your account."
                .to_owned(),
            back,
        ),
        StatusCode::NOT_FOUND => (
            StatusCode::NOT_FOUND,
            "There is nothing here",
            "It was deleted, it has expired, or the address is mistyped.".to_owned(),
            back,
        ),
        StatusCode::SERVICE_UNAVAILABLE => (
            StatusCode::SERVICE_UNAVAILABLE,
            "This can\u{2019}t be shown right now",
            "Nothing was changed. Try again in a moment.".to_owned(),
            back,
        ),
        StatusCode::TOO_MANY_REQUESTS => {
            (StatusCode::TOO_MANY_REQUESTS, "Too many requests", refusal.message, back)
        }
        status => (status, "That did not work", refusal.message, back),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_ended_and_a_backend_that_is_away_are_told_apart() {
        let refusal = |status, code: &str| Refusal {
            status,
            code: code.to_owned(),
            message: "The API's own words.".to_owned(),
            param: None,
            also: vec![],
        };
        let ended = refusal(StatusCode::UNAUTHORIZED, "bad_authentication");
        let (status, title, text, _) = Failure::from(ended).told();
        assert_eq!((status.as_u16(), title), (401, "Your session has ended"));
        assert!(text.contains("it makes a new session for you"), "{text}");
        let (status, title, text, _) = Failure::from(Refusal::unavailable()).told();
        assert_eq!((status.as_u16(), title), (503, "This can\u{2019}t be shown right now"));
        assert!(text.contains("Nothing was changed"), "{text}");
        let other = refusal(StatusCode::CONFLICT, "conflict");
        assert_eq!(Failure::from(other).told().2, "The API's own words.");
    }
}
