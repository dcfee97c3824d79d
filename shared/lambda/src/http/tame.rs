//! Encoding of an event's path, query and host, so that they form a valid URI.
//!
//! An HTTP API hands over the path decoded and the query as it came, both from the caller, and
//! `lambda_http` panics if they are not a valid URI, which would make the answer a 500.

use http::header::{HOST, HeaderMap};
use lambda_http::request::LambdaRequest;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Characters that can't be part of a query.
const NOT_IN_QUERY: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`');
/// Characters that can't be part of a path, or would end it. A percent sign stays: API Gateway
/// decodes all but that.
const NOT_IN_PATH: &AsciiSet = &NOT_IN_QUERY.add(b'?').add(b'{').add(b'|').add(b'}');

/// Returns the request with all characters percent-encoded that can't be part of a URI.
pub(super) fn tame(request: LambdaRequest) -> LambdaRequest {
    match request {
        LambdaRequest::ApiGatewayV2(mut request) => {
            encode(&mut request.raw_path, NOT_IN_PATH);
            encode(&mut request.raw_query_string, NOT_IN_QUERY);
            drop_untrue(&mut request.headers);
            LambdaRequest::ApiGatewayV2(request)
        }
        LambdaRequest::ApiGatewayV1(mut request) => {
            encode(&mut request.path, NOT_IN_PATH);
            drop_untrue(&mut request.headers);
            drop_untrue(&mut request.multi_value_headers);
            LambdaRequest::ApiGatewayV1(request)
        }
        other => other,
    }
}

fn encode(text: &mut Option<String>, not_in: &'static AsciiSet) {
    if let Some(text) = text {
        *text = utf8_percent_encode(text, not_in).to_string();
    }
}

/// Drops the headers from which `lambda_http` would take a URI's scheme and host. Nothing here
/// needs either.
fn drop_untrue(headers: &mut HeaderMap) {
    headers.remove("x-forwarded-proto");
    let is_host = |host: &str| url::Url::parse(&format!("https://{host}/")).is_ok();
    if !headers.get(HOST).and_then(|host| host.to_str().ok()).is_some_and(is_host) {
        headers.remove(HOST);
    }
}
