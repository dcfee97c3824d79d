//! HTTP request of a delivery.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use domain::{
    Secret,
    delivery::{Failure, FailureCode},
    webhook::{Credentials, HttpUrl},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT},
    uri::Scheme,
};
use ports::sender::Outgoing;

use crate::failure::failure;

/// Builds the request that carries `outgoing` to `endpoint`. `host` and `content-length` are added
/// when it is written.
pub(super) fn build(
    endpoint: &HttpUrl,
    outgoing: Outgoing,
    user_agent: &HeaderValue,
) -> Result<Request<Bytes>, Failure> {
    let mut request = Request::new(outgoing.body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri(endpoint).map_err(|_| unwritable("URL"))?;
    let headers = request.headers_mut();
    headers.reserve(outgoing.headers.len() + outgoing.webhook_headers.len() + 5);
    // Ahead of ours, which replace them.
    for (name, value) in &outgoing.webhook_headers {
        add_secret(headers, name, value)?;
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    // Some firewalls refuse a request without it.
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(USER_AGENT, user_agent.clone());
    if let Some(credentials) = &endpoint.credentials {
        let value = basic(credentials).map_err(|_| unwritable("credentials"))?;
        headers.insert(AUTHORIZATION, value);
    }
    for (name, value) in outgoing.headers {
        add(headers, &name, value)?;
    }
    if let Some((name, value)) = outgoing.extra_header {
        add(headers, &name, value)?;
    }
    Ok(request)
}

fn uri(endpoint: &HttpUrl) -> Result<Uri, http::Error> {
    Uri::builder()
        .scheme(if endpoint.tls { Scheme::HTTPS } else { Scheme::HTTP })
        .authority(endpoint.authority())
        .path_and_query(endpoint.path_and_query.as_str())
        .build()
}

/// Returns the header of RFC 7617, in UTF-8. Marked as sensitive, which keeps it out of HTTP/2's
/// header tables.
fn basic(credentials: &Credentials) -> Result<HeaderValue, http::Error> {
    let pair = format!("{}:{}", credentials.user, credentials.password.expose());
    let value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(pair)))?;
    Ok(sensitive(value))
}

fn add(headers: &mut HeaderMap, name: &str, value: String) -> Result<(), Failure> {
    let name = HeaderName::try_from(name).map_err(|_| unwritable("header names"))?;
    let value = HeaderValue::try_from(value).map_err(|_| unwritable("header values"))?;
    headers.insert(name, value);
    Ok(())
}

/// Adds a header whose value is marked as sensitive.
fn add_secret(headers: &mut HeaderMap, name: &str, value: &Secret) -> Result<(), Failure> {
    let name = HeaderName::try_from(name).map_err(|_| unwritable("header names"))?;
    let value = HeaderValue::try_from(value.expose()).map_err(|_| unwritable("header values"))?;
    headers.insert(name, sensitive(value));
    Ok(())
}

fn sensitive(mut value: HeaderValue) -> HeaderValue {
    value.set_sensitive(true);
    value
}

/// Returns the failure for a part that can't be written. Validation prevents this; if it ever
/// happens, the attempt fails and says so.
fn unwritable(what: &str) -> Failure {
    failure(FailureCode::Protocol, format!("the delivery's {what} can't be written as HTTP"))
}
