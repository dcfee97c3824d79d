//! Answers that are larger than Lambda passes on. What it would give up as a 502 of API Gateway has a reason
//! instead, and a line in the log.

use axum::body::{Body, HttpBody as _};
use domain::answers::{LARGEST_ANSWER, length_in_json};
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
};
use http_body_util::{BodyExt as _, Collected};
use serde_json::json;

/// Largest number of bytes that a byte of a body takes in JSON: a control character takes so many.
const MOST_A_BYTE: usize = r"\u0000".len();
/// Size of what is around body and headers in the JSON of an answer, in bytes, generously.
const AROUND: usize = 1024;

/// Returns `response`, or an explanation in its place if Lambda would not pass it on.
pub(super) async fn explained(response: Response<Body>) -> Response<Body> {
    let most = response.body().size_hint().upper().and_then(|most| usize::try_from(most).ok());
    let around = of_headers(response.headers());
    if most.is_some_and(|most| most * MOST_A_BYTE + around <= LARGEST_ANSWER) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    // What answers is in memory already: collecting it can't fail.
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let size = around + of_body(&parts.headers, &body);
    if size <= LARGEST_ANSWER {
        return Response::from_parts(parts, Body::from(body));
    }
    tracing::error!(bytes = size, "the answer is larger than Lambda passes on");
    let id = parts.headers.get("x-request-id").and_then(|id| id.to_str().ok());
    let explanation = json!({
        "error": "The answer is larger than AWS Lambda passes on. Repeating the request does not help; the operator's log says more.",
        "code": "internal",
        "param": null,
        "request_id": id,
    });
    parts.status = StatusCode::INTERNAL_SERVER_ERROR;
    for name in [CONTENT_ENCODING, CONTENT_LENGTH] {
        parts.headers.remove(name);
    }
    parts.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(parts, Body::from(format!("{explanation}\n")))
}

/// Returns the size of the headers in the JSON of an answer, and of what is around them.
fn of_headers(headers: &HeaderMap) -> usize {
    let quotes = r#""":"","#.len();
    let of = |(name, value): (&http::HeaderName, &HeaderValue)| {
        name.as_str().len() + length_in_json(value.as_bytes()) + quotes
    };
    AROUND + headers.iter().map(of).sum::<usize>()
}

/// Returns the size of a body in the JSON of an answer: as text, or in base64.
fn of_body(headers: &HeaderMap, body: &[u8]) -> usize {
    if is_text(headers) { length_in_json(body) } else { body.len().div_ceil(3) * 4 }
}

/// Returns whether a body is passed on as text, as `lambda_http` decides that.
fn is_text(headers: &HeaderMap) -> bool {
    if headers.contains_key(CONTENT_ENCODING) {
        return false;
    }
    let Some(kind) = headers.get(CONTENT_TYPE) else { return true };
    let kind = kind.to_str().unwrap_or_default();
    let begins = [
        "text",
        "application/json",
        "application/javascript",
        "application/xml",
        "application/yaml",
    ];
    let essence = kind.split(';').next().unwrap_or_default().trim();
    begins.iter().any(|begin| kind.starts_with(begin))
        || ["+xml", "+yaml", "+json"].iter().any(|end| essence.ends_with(end))
}

#[cfg(test)]
mod tests {
    use lambda_http::IntoResponse as _;

    use super::*;

    fn response(kind: &'static str, body: Vec<u8>) -> Response<Body> {
        Response::builder()
            .header(CONTENT_TYPE, kind)
            .header("x-request-id", "req_1")
            .body(Body::from(body))
            .unwrap()
    }

    /// Returns the size of a response's body as Lambda is told it.
    async fn told(response: Response<Body>) -> usize {
        let converted = response.into_response().await;
        serde_json::to_string(converted.body()).unwrap().len()
    }

    #[tokio::test]
    async fn an_answer_is_counted_as_lambda_is_told_it() {
        for kind in ["text/csv", "application/json; charset=utf-8", "image/svg+xml", "image/png"] {
            let body: Vec<u8> = (0..0x80).cycle().take(1_000).collect();
            let response = response(kind, body.clone());
            let counted = of_body(response.headers(), &body);
            assert_eq!(counted + 2, told(response).await, "{kind}");
        }
    }

    #[tokio::test]
    async fn an_answer_that_lambda_would_give_up_is_explained() {
        for (kind, byte, most) in [
            ("text/csv", b'x', LARGEST_ANSWER),
            ("application/json", b'"', LARGEST_ANSWER / 2),
            ("text/plain", 1, LARGEST_ANSWER / 6),
            ("image/png", 1, LARGEST_ANSWER / 4 * 3),
        ] {
            let whole = explained(response(kind, vec![byte; most - 2_000])).await;
            assert_eq!(whole.status(), StatusCode::OK, "{kind}");
            assert!(told(whole).await > LARGEST_ANSWER - 20_000, "{kind}");
            let large = explained(response(kind, vec![byte; most + 1])).await;
            assert_eq!(large.status(), StatusCode::INTERNAL_SERVER_ERROR, "{kind}");
            let body = large.into_body().collect().await.unwrap().to_bytes();
            let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert_eq!((&body["code"], &body["request_id"]), (&json!("internal"), &json!("req_1")));
        }
    }
}
