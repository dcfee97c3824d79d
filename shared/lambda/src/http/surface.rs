//! Surface that an API offers: everybody's, or the customers' alone.
//!
//! The stage of an API says so in a variable, which API Gateway passes on and no caller can set. Where only
//! customers are served, the operator's pages do not exist and the operator's token is no credential.

use app::{auth, settings::OPERATOR_TOKEN_PREFIX};
use domain::Secret;
use http::{Uri, header::AUTHORIZATION};
use lambda_http::{Request, RequestExt as _};

/// Stage variable, and its value where only customers are served; see `infra/template.yaml`.
const VARIABLE: (&str, &str) = ("surface", "customers");
/// Path of the operator's pages.
const PAGES: &str = "/operator";
/// Path that no route has.
const NOWHERE: &str = "/nowhere";

/// Takes from a request to the customers' API what would make it the operator's.
pub(super) fn restrict(request: &mut Request) {
    let (name, customers) = VARIABLE;
    if request.stage_variables().first(name) != Some(customers) {
        return;
    }
    let below = request.uri().path().strip_prefix(PAGES);
    if below.is_some_and(|below| below.is_empty() || below.starts_with('/')) {
        *request.uri_mut() = Uri::from_static(NOWHERE);
    }
    let token = auth::credential(request.headers()).map(Secret::new);
    if token.is_some_and(|token| token.expose().starts_with(OPERATOR_TOKEN_PREFIX)) {
        request.headers_mut().remove(AUTHORIZATION);
    }
}
