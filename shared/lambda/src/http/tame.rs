//! Makes an event's path, query and host such that a URI can be made of them.
//!
//! An HTTP API hands over the path decoded and the query as it came, both from whoever calls, and
//! `lambda_http` panics where they are no URI, which the caller would be told as a 500.

use http::header::{HOST, HeaderMap};
use lambda_http::request::LambdaRequest;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What can't stand in a query.
const NOT_IN_QUERY: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`');
/// What can't stand in a path, or would end it. A percent sign stays: API Gateway decodes all but
/// that.
const NOT_IN_PATH: &AsciiSet = &NOT_IN_QUERY.add(b'?').add(b'{').add(b'|').add(b'}');

/// The same request, with what can't be part of a URI percent-encoded.
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

/// Drops the headers that a URI's scheme and host would be taken from. Nobody here asks for either.
fn drop_untrue(headers: &mut HeaderMap) {
    headers.remove("x-forwarded-proto");
    let is_host = |host: &str| url::Url::parse(&format!("https://{host}/")).is_ok();
    if !headers.get(HOST).and_then(|host| host.to_str().ok()).is_some_and(is_host) {
        headers.remove(HOST);
    }
}
