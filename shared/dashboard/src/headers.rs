//! Response headers of every page.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, header};

/// Content-Security-Policy that allows only files of this origin, and no inline script or style. It
/// ends with `frame-ancestors`, which is filled in from the settings.
macro_rules! ours_only {
    ($ancestors:literal) => {
        concat!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; ",
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ",
            $ancestors
        )
    };
}

/// Headers that are the same for every answer, computed once.
pub(crate) struct Policy {
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Policy {
    /// Computes the headers of pages that `frame_ancestors` may embed.
    pub(crate) fn of(frame_ancestors: &[String]) -> Self {
        let ancestors = frame_ancestors.join(" ");
        let embedding = HeaderValue::try_from(format!(ours_only!("{}"), ancestors));
        // A value that a header can't hold is treated as an empty list: nobody may embed the page.
        let embedding = embedding.ok().filter(|_| !ancestors.is_empty());
        let mut headers = vec![
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            // Not `no-referrer`: with that, browsers send forms with `Origin: null`.
            (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                HeaderValue::from_static("same-origin"),
            ),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                HeaderValue::from_static("same-origin"),
            ),
            (
                HeaderName::from_static("permissions-policy"),
                HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"),
            ),
        ];
        let is_alone = embedding.is_none();
        let policy = embedding.unwrap_or(HeaderValue::from_static(ours_only!("'none'")));
        headers.push((header::CONTENT_SECURITY_POLICY, policy));
        if is_alone {
            headers.push((header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")));
        }
        Self { headers }
    }
}

/// Adds the headers that the answer does not have yet. Without a caching header of its own it gets
/// `no-store`: pages are personal.
pub(crate) async fn add(
    State(policy): State<Arc<Policy>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in &policy.headers {
        headers.entry(name).or_insert_with(|| value.clone());
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Embedding rules: the policy, and whether the older `X-Frame-Options` forbids it as well.
    fn embedding(sites: &[&str]) -> (String, bool) {
        let sites: Vec<String> = sites.iter().map(|site| (*site).to_owned()).collect();
        let headers: http::HeaderMap = Policy::of(&sites).headers.into_iter().collect();
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        let (_, ancestors) = policy.rsplit_once("frame-ancestors ").unwrap();
        (ancestors.to_owned(), headers.contains_key(header::X_FRAME_OPTIONS))
    }

    #[test]
    fn only_sites_that_are_named_may_embed_the_page() {
        assert_eq!(embedding(&[]), ("'none'".to_owned(), true));
        let sites = ["https://a.example", "https://b.example"];
        assert_eq!(embedding(&sites), (sites.join(" "), false));
    }

    #[test]
    fn a_site_that_cannot_be_named_may_not() {
        assert_eq!(embedding(&["https://a.example\n"]), ("'none'".to_owned(), true));
    }
}
