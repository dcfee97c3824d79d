//! Forms: their fields, and the check that one was sent from these pages.

use std::error::Error as _;

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::{HeaderMap, header, request::Parts};
use http_body_util::LengthLimitError;

use super::FormToken;
use crate::{html::Failure, state::Page};

/// Largest form, in bytes.
const LARGEST: usize = 256 * 1024;
/// Largest form of somebody who is not signed in, in bytes: it has a token or a code.
const LARGEST_ANONYMOUS: usize = 8 * 1024;
/// Name of the field that carries the form token.
const TOKEN: &str = "form";

/// Fields of a form or query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Parses URL-encoded `pairs`.
    pub(crate) fn parse(pairs: &[u8]) -> Self {
        Self(form_urlencoded::parse(pairs).into_owned().collect())
    }

    /// Text of a field without space around it; empty if there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// Text of a field, unless it is empty.
    pub(crate) fn some(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|text| !text.is_empty())
    }

    /// Every text of a field that may occur several times.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let all = self.0.iter().filter(|(known, _)| known == name);
        all.map(|(_, value)| value.trim()).filter(|text| !text.is_empty()).collect()
    }

    /// Fields that the reader filled in: all but the form token.
    pub(crate) fn input(&self) -> impl Iterator<Item = (&str, &str)> {
        let input = self.0.iter().filter(|(name, _)| name != TOKEN);
        input.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Writes the fields as a query, without `less` and with `more`.
    pub(crate) fn query(&self, less: &[&str], more: &[(&str, &str)]) -> String {
        let kept = self
            .0
            .iter()
            .filter(|(name, value)| !value.is_empty() && !less.contains(&name.as_str()));
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(kept)
            .extend_pairs(more)
            .finish()
    }
}

/// Query of the address. It never fails: with a query that makes no sense the page is shown, too.
impl FromRequestParts<Page> for Fields {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Page) -> Result<Self, Self::Rejection> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default().as_bytes()))
    }
}

/// Signed-in caller, whose forms have a token.
pub(crate) trait SignedIn: FromRequestParts<Page, Rejection = Failure> + Send {
    /// Token of the caller's forms.
    fn form_token(&self) -> &FormToken;
}

/// Form that `Who` sent from these pages.
pub(crate) struct Form<Who> {
    /// Sender of the form.
    pub(crate) who: Who,
    /// Fields of the form.
    pub(crate) fields: Fields,
}

impl<Who: SignedIn> FromRequest<Page> for Form<Who> {
    type Rejection = Failure;

    async fn from_request(request: Request, page: &Page) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        from_here(&parts.headers)?;
        // Nobody else has their form read.
        Who::from_request_parts(&mut parts, page).await?;
        let fields = read(&parts.headers, body, LARGEST).await?;
        // The session may have ended while the form was on its way.
        let who = Who::from_request_parts(&mut parts, page).await?;
        if !who.form_token().is(fields.get(TOKEN)) {
            return Err(Failure::Foreign);
        }
        Ok(Self { who, fields })
    }
}

/// Form of somebody who is not signed in.
pub(crate) struct Anonymous(pub(crate) Fields);

impl FromRequest<Page> for Anonymous {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &Page) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        from_here(&parts.headers)?;
        read(&parts.headers, body, LARGEST_ANONYMOUS).await.map(Self)
    }
}

async fn read(
    headers: &HeaderMap,
    body: axum::body::Body,
    largest: usize,
) -> Result<Fields, Failure> {
    if is_encoded(headers) {
        return Err(Failure::Encoded);
    }
    let body = axum::body::to_bytes(body, largest).await.map_err(|why| unread(&why))?;
    Ok(Fields::parse(&body))
}

/// Returns the failure of a form that was not read to its end.
fn unread(why: &axum::Error) -> Failure {
    let is_too_large = matches!(why.source(), Some(why) if why.is::<LengthLimitError>());
    if is_too_large { Failure::TooLarge } else { Failure::Incomplete }
}

/// Returns whether the form is compressed.
fn is_encoded(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut codings = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    codings.any(|coding| {
        let coding = coding.trim_ascii();
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    })
}

/// Accepts only forms that a page of this very origin sent. Browsers say so in `Sec-Fetch-Site`;
/// older ones only send `Origin`.
fn from_here(headers: &HeaderMap) -> Result<(), Failure> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let is_ours = match text("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => text(header::ORIGIN.as_str()).is_some_and(|origin| {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(header::HOST.as_str())
        }),
    };
    if is_ours { Ok(()) } else { Err(Failure::Foreign) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect()
    }

    #[test]
    fn only_forms_of_this_origin_are_taken() {
        let host = ("host", "hooks.example");
        for ours in [
            vec![("sec-fetch-site", "same-origin"), host],
            vec![("origin", "https://hooks.example"), host],
            vec![("origin", "http://127.0.0.1:80"), ("host", "127.0.0.1:80")],
        ] {
            assert!(from_here(&headers(&ours)).is_ok(), "{ours:?}");
        }
        for foreign in [
            vec![host],
            vec![("sec-fetch-site", "cross-site"), ("origin", "https://hooks.example"), host],
            vec![("sec-fetch-site", "same-site"), host],
            vec![("sec-fetch-site", "none"), host],
            vec![("origin", "null"), host],
            vec![("origin", "https://evil.example"), host],
            vec![("origin", "https://hooks.example.evil.example"), host],
            vec![("origin", "https://hooks.example")],
        ] {
            assert!(from_here(&headers(&foreign)).is_err(), "{foreign:?}");
        }
    }

    #[test]
    fn a_compressed_form_is_known_by_its_headers() {
        for coded in ["gzip", "BR", "identity, deflate"] {
            assert!(is_encoded(&headers(&[("content-encoding", coded)])), "{coded}");
        }
        for plain in ["identity", "Identity", ""] {
            assert!(!is_encoded(&headers(&[("content-encoding", plain)])), "{plain}");
        }
        assert!(!is_encoded(&HeaderMap::new()));
    }

    #[test]
    fn a_query_keeps_what_it_is_not_told_to_lose() {
        let fields = Fields::parse(b"kind=api_request&status=&cursor=x&environment=test");
        assert_eq!(
            fields.query(&["cursor"], &[("live", "1")]),
            "kind=api_request&environment=test&live=1"
        );
        assert_eq!((fields.some("status"), fields.get("kind")), (None, "api_request"));
    }
}
