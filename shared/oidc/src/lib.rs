//! Sign-in of the operator's people at their own provider, by OpenID Connect.
//!
//! [`OpenIdConnect`] is the port [`ports::IdentityProvider`] by the authorization code flow (OpenID Connect
//! Core 1.0, section 3.1) with PKCE (RFC 7636, S256). The provider's addresses come from its discovery
//! document and its keys from its key set; both are remembered for minutes. `claims` and `keys` check
//! an ID token, `allowed` says who may sign in.
//!
//! Signatures are verified by ring, which is here for TLS: of the crates for this, `openidconnect`
//! brings `rsa` (RUSTSEC-2023-0071) and `jsonwebtoken` either that or aws-lc-rs, which `deny.toml`
//! refuses. This crate opens no connection: requests go through [`ports::Fetch`], and the client's secret is
//! read through [`ClientSecret`] when a code is redeemed.

mod allowed;
mod claims;
mod client_secret;
mod keys;
mod options;
mod provider;
#[cfg(test)]
mod tests;

pub use allowed::Allowed;
pub use client_secret::ClientSecret;
pub use options::Options;
pub use provider::OpenIdConnect;
