//! Media type and content coding of a request's body.

use http::{HeaderMap, header};

use crate::problem::{Code, Problem};

/// Media type of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// Header that is named in a problem about a content coding.
pub(super) const CONTENT_ENCODING: &str = "Content-Encoding";

impl Media {
    /// Returns the media type of the body of a request with `headers`; JSON by default.
    ///
    /// # Errors
    /// [`Code::UnsupportedMediaType`] when it is neither of them, in another charset than UTF-8, or
    /// compressed.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        if is_encoded(headers) {
            let sentence = "Send the request body as it is: compressed ones are not taken.";
            return Err(Code::UnsupportedMediaType.of(CONTENT_ENCODING).saying(sentence));
        }
        let mut types = headers.get_all(header::CONTENT_TYPE).iter();
        let Some(content_type) = types.next() else { return Ok(Self::Json) };
        if types.next().is_some() {
            return Err(refused("Send one Content-Type."));
        }
        let mut parts = content_type.to_str().unwrap_or_default().split(';').map(str::trim);
        let media = match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "application/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            _ => return Err(Code::UnsupportedMediaType.into()),
        };
        if parts.any(is_other_charset) {
            return Err(refused("Send the request body in UTF-8."));
        }
        Ok(media)
    }
}

fn refused(sentence: &'static str) -> Problem {
    Problem::from(Code::UnsupportedMediaType).saying(sentence)
}

/// Returns whether the body is encoded. A transfer coding other than `chunked` counts as a content
/// coding: the server only removes the chunks.
fn is_encoded(headers: &HeaderMap) -> bool {
    [(header::CONTENT_ENCODING, "identity"), (header::TRANSFER_ENCODING, "chunked")].iter().any(
        |(name, plain)| {
            headers.get_all(name).iter().any(|codings| {
                let mut codings = codings.as_bytes().split(|byte| *byte == b',');
                codings.any(|coding| {
                    let coding = coding.trim_ascii();
                    !coding.is_empty() && !coding.eq_ignore_ascii_case(plain.as_bytes())
                })
            })
        },
    )
}

/// Returns whether a parameter of a media type names a charset that is neither UTF-8 nor a subset
/// of it.
fn is_other_charset(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let charset = value.trim().trim_matches('"');
    name.trim().eq_ignore_ascii_case("charset")
        && !["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &'static str)]) -> Result<Media, Option<String>> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        Media::of(&map).map_err(|problem| {
            assert_eq!(problem.code, Code::UnsupportedMediaType);
            problem.param.map(|param| param.as_str().to_owned())
        })
    }

    #[test]
    fn a_body_without_a_content_type_is_json() {
        assert_eq!(of(&[]), Ok(Media::Json));
        for json in ["application/json", "APPLICATION/JSON ; version=1", "application/json;"] {
            assert_eq!(of(&[("content-type", json)]), Ok(Media::Json), "{json}");
        }
        let form = "application/x-www-form-urlencoded";
        assert_eq!(of(&[("content-type", form)]), Ok(Media::Form));
    }

    #[test]
    fn other_media_types_and_more_than_one_are_refused() {
        for other in ["", "text/json", "application/vnd.api+json", "application/json, text/plain"] {
            assert_eq!(of(&[("content-type", other)]), Err(None), "{other}");
        }
        let one = ("content-type", "application/json");
        assert_eq!(of(&[one, one]), Err(None));
        assert_eq!(of(&[one, ("content-type", "text/plain")]), Err(None));
    }

    #[test]
    fn only_utf_8_and_its_subset_are_accepted() {
        for utf_8 in ["charset=utf-8", "Charset=\"UTF-8\"", " charset = utf8", "charset=us-ascii"] {
            let content_type = format!("application/json;{utf_8}").leak();
            assert_eq!(of(&[("content-type", content_type)]), Ok(Media::Json), "{utf_8}");
        }
        for other in ["charset=utf-16", "charset=\"iso-8859-1\"", "a=b; CHARSET=utf-32", "charset="]
        {
            let content_type = format!("application/json;{other}").leak();
            assert_eq!(of(&[("content-type", content_type)]), Err(None), "{other}");
        }
        let both = "application/x-www-form-urlencoded; charset=utf-8; charset=utf-16";
        assert_eq!(of(&[("content-type", both)]), Err(None));
    }

    #[test]
    fn encoded_bodies_are_refused() {
        for plain in ["identity", "Identity", "", " , identity"] {
            assert_eq!(of(&[("content-encoding", plain)]), Ok(Media::Json), "{plain}");
        }
        assert_eq!(of(&[("transfer-encoding", "chunked")]), Ok(Media::Json));
        let refused = Err(Some(CONTENT_ENCODING.to_owned()));
        for coded in ["gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "identity, gzip", "what"] {
            assert_eq!(of(&[("content-encoding", coded)]), refused, "{coded}");
        }
        assert_eq!(of(&[("content-encoding", "identity"), ("content-encoding", "br")]), refused);
        assert_eq!(of(&[("transfer-encoding", "gzip, chunked")]), refused);
        assert_eq!(of(&[("content-encoding", "gzip"), ("content-type", "text/plain")]), refused);
    }
}
