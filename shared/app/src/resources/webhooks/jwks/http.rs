//! Route of a webhook's public keys, for everybody: a JWK set (RFC 7517).

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use domain::{id::WebhookId, signing::PublicKey};
use http::{HeaderValue, header};
use serde::Serialize;
use utoipa::ToSchema;

use super::public_keys;
use crate::{
    App,
    http::{
        extract::{NoQuery, PathId},
        routes::{Routes, routes},
    },
    problem::Problem,
    work::Reply,
};

/// Time for which a set may be kept: shorter than any sensible overlap of a rotation.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// Returns the routes of webhooks that are open to everybody.
pub(crate) fn open_routes() -> Routes {
    Routes::new().routes(routes!(jwks))
}

/// Public keys of a webhook.
#[derive(Debug, Serialize, ToSchema)]
struct JwkSet {
    /// Keys that verify now, the newest first: two during the overlap of a rotation.
    keys: Vec<Jwk>,
}

/// Public key (RFC 8037).
#[derive(Debug, Serialize, ToSchema)]
struct Jwk {
    /// Always `OKP`.
    #[schema(example = "OKP")]
    kty: &'static str,
    /// Always `Ed25519`.
    #[schema(example = "Ed25519")]
    crv: &'static str,
    /// The 32 bytes of the key, in base64 for URLs.
    #[schema(example = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")]
    x: String,
    /// Identifier of the key.
    #[schema(example = "wh_01jgz2v6nv6e0w5dj3c5rqm8ta_1")]
    kid: String,
    /// Always `EdDSA`.
    #[schema(example = "EdDSA")]
    alg: &'static str,
    /// Always `sig`.
    #[schema(example = "sig")]
    r#use: &'static str,
}

/// Show a webhook's public keys
///
/// Of a webhook whose `signing` is `ed25519`, as a JWK set; open to everybody.
#[utoipa::path(get, path = "/jwks/{id}", tag = "Webhooks", security(()),
    params(("id" = String, Path)),
    responses((status = 200, description = "The keys that verify its deliveries now", body = JwkSet)))]
async fn jwks(
    State(app): State<App>,
    PathId(webhook): PathId<WebhookId>,
    _: NoQuery,
) -> Result<Response, Problem> {
    let keys = public_keys(&app.backend, webhook).await?;
    let keys = keys.into_iter().map(|(number, key)| jwk(webhook, number, key)).collect();
    Ok(([(header::CACHE_CONTROL, KEPT)], Reply::ok(&JwkSet { keys })).into_response())
}

fn jwk(webhook: WebhookId, number: u32, key: PublicKey) -> Jwk {
    Jwk {
        kty: "OKP",
        crv: "Ed25519",
        x: key.jwk_x(),
        kid: format!("{webhook}_{number}"),
        alg: "EdDSA",
        r#use: "sig",
    }
}
