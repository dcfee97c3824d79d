//! Headers of requests that are ours. One that is given twice is refused: whoever is in between may
//! have read the other.

use http::{HeaderMap, HeaderValue};

use crate::problem::{Code, Problem};

/// Returns the account that the operator names in a header.
pub(super) fn named_account(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = once(headers, "Latchhook-Account")? else { return Ok(None) };
    value.to_str().map(Some).map_err(|_| Code::NotFound.into())
}

/// Returns the idempotency key of the request.
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = once(headers, "Idempotency-Key")? else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let must = "must be 1 to 255 visible ASCII characters";
    if is_idempotency_key(text) {
        Ok(Some(text))
    } else {
        Err(Problem::invalid("Idempotency-Key", must))
    }
}

/// Returns whether `text` can be an idempotency key.
pub(crate) fn is_idempotency_key(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Returns the value of a header.
fn once<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
) -> Result<Option<&'a HeaderValue>, Problem> {
    let mut values = headers.get_all(name).iter();
    let value = values.next();
    if values.next().is_some() {
        Err(Problem::invalid(name, "must be given once"))
    } else {
        Ok(value)
    }
}
