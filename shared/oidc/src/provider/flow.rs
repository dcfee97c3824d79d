//! Requests of the authorization code flow.

use std::error::Error;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;
use domain::Secret;
use form_urlencoded::{Serializer, byte_serialize};
use http::{HeaderValue, Method, Request, StatusCode, header};
use ports::identity::{NotIdentified, SignInAttempt};
use ring::digest::{SHA256, digest};
use serde::Deserialize;
use url::Url;

use super::OpenIdConnect;
use crate::Options;

/// Path of the discovery document, after the issuer (OpenID Connect Discovery 1.0, section 4).
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// Discovery document: the provider's addresses.
#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    pub(super) jwks_uri: String,
    #[serde(default = "basic_alone")]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// Returns the ways of naming itself that a client has if the provider says nothing of them.
fn basic_alone() -> Vec<String> {
    vec!["client_secret_basic".to_owned()]
}

/// Answer to the code.
#[derive(Deserialize)]
struct Tokens {
    id_token: Secret,
}

/// Makes the URL at which the provider asks the person to sign in.
///
/// # Errors
/// When the provider's address is none.
pub(super) fn authorization_url(
    provider: &Metadata,
    options: &Options,
    redirect_uri: &str,
    attempt: &SignInAttempt,
) -> Result<String, NotIdentified> {
    let mut url = Url::parse(&provider.authorization_endpoint).map_err(unusable)?;
    let hash = digest(&SHA256, attempt.verifier.expose().as_bytes());
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &options.client_id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("scope", "openid email profile")
        .append_pair("state", attempt.state.expose())
        .append_pair("nonce", attempt.nonce.expose())
        .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(hash))
        .append_pair("code_challenge_method", "S256");
    Ok(url.into())
}

impl OpenIdConnect {
    /// Fetches the provider's addresses.
    pub(super) async fn discover(&self) -> Result<Metadata, NotIdentified> {
        let issuer = &self.options.issuer;
        let body = self.get(&format!("{}{DISCOVERY}", issuer.trim_end_matches('/'))).await?;
        let metadata: Metadata = serde_json::from_slice(&body).map_err(unusable)?;
        if metadata.issuer != *issuer {
            return Err(unusable("the discovery document is another issuer's"));
        }
        let all = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        // Whoever can read what goes to the token endpoint has the client's secret.
        if issuer.starts_with("https:") && all.iter().any(|url| !url.starts_with("https:")) {
            return Err(unusable("the discovery document has an address without TLS"));
        }
        Ok(metadata)
    }

    /// Redeems a code for an ID token, of which nothing is proven yet.
    pub(super) async fn redeem(
        &self,
        code: &Secret,
        verifier: &Secret,
    ) -> Result<Secret, NotIdentified> {
        let provider = self.provider().await?;
        let secret = self.secret.read().await.map_err(unusable)?;
        let request = self.token_request(&provider, &secret, code, verifier)?;
        let answer = self.fetch.fetch(&request).await.map_err(NotIdentified::Unavailable)?;
        match answer.status() {
            StatusCode::OK => {
                let tokens: Tokens = serde_json::from_slice(answer.body()).map_err(unusable)?;
                Ok(tokens.id_token)
            }
            // RFC 6749, section 5.2: of a wrong code, and of a wrong client.
            StatusCode::BAD_REQUEST => Err(NotIdentified::Unproven("the code is none")),
            status => Err(unusable(format!("the token endpoint answered {status}"))),
        }
    }

    fn token_request(
        &self,
        provider: &Metadata,
        client_secret: &Secret,
        code: &Secret,
        verifier: &Secret,
    ) -> Result<Request<Bytes>, NotIdentified> {
        let client_id = &self.options.client_id;
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code.expose())
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("code_verifier", verifier.expose());
        let methods = &provider.token_endpoint_auth_methods_supported;
        let by_header = methods.iter().any(|method| method == "client_secret_basic");
        if !by_header {
            form.append_pair("client_id", client_id)
                .append_pair("client_secret", client_secret.expose());
        }
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&provider.token_endpoint)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if by_header {
            request = request.header(header::AUTHORIZATION, basic(client_id, client_secret)?);
        }
        request.body(form.finish().into()).map_err(unusable)
    }

    /// Sends `GET url`.
    pub(super) async fn get(&self, url: &str) -> Result<Bytes, NotIdentified> {
        let request = Request::get(url).header(header::ACCEPT, "application/json");
        let request = request.body(Bytes::new()).map_err(unusable)?;
        let answer = self.fetch.fetch(&request).await.map_err(NotIdentified::Unavailable)?;
        match answer.status() {
            StatusCode::OK => Ok(answer.into_body()),
            status => Err(unusable(format!("{url} answered {status}"))),
        }
    }
}

/// Makes the credentials of a client (RFC 6749, section 2.3.1): each is encoded for itself.
fn basic(id: &str, secret: &Secret) -> Result<HeaderValue, NotIdentified> {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let both = Secret::new(format!("{}:{}", encoded(id), encoded(secret.expose())));
    let value = format!("Basic {}", STANDARD.encode(both.expose()));
    let mut value = HeaderValue::try_from(value).map_err(unusable)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Says that the provider's answer is none of the protocol.
pub(super) fn unusable(why: impl Into<Box<dyn Error + Send + Sync>>) -> NotIdentified {
    NotIdentified::Unavailable(why.into())
}
