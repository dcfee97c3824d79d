//! Settings of signing in to the operator's pages.

use domain::{OperatorScopes, Secret};

use crate::{parse, secret_name::SecretName, setting::Setting};

/// Choice to let operator tokens sign in to the pages.
pub const TOKEN_SIGN_IN: Setting<bool> =
    Setting::new("token_sign_in", "LATCHHOOK_TOKEN_SIGN_IN", |text| {
        parse::one_of(text, &[("on", true), ("off", false)])
    })
    .help(
        "on|off",
        "off: /operator takes no operator token, only people who sign in by OpenID Connect",
    )
    .or("on");

/// Issuer of OpenID Connect; with it, people sign in there.
pub const OIDC_ISSUER: Setting<String> =
    Setting::new("oidc_issuer", "LATCHHOOK_OIDC_ISSUER", parse::issuer).help(
        "URL",
        "Issuer of OpenID Connect at which the operator's people sign in to /operator",
    );

/// Identifier of this installation at the issuer.
pub const OIDC_CLIENT_ID: Setting<String> =
    Setting::new("oidc_client_id", "LATCHHOOK_OIDC_CLIENT_ID", parse::text)
        .help("ID", "Client ID of this installation at the issuer");

/// Secret of this installation at the issuer.
pub const OIDC_CLIENT_SECRET: Setting<Secret> =
    Setting::new("oidc_client_secret", "LATCHHOOK_OIDC_CLIENT_SECRET", parse::secret)
        .help("SECRET", "Client secret of this installation at the issuer");

/// Secret of Secrets Manager that has the secret of this installation at the issuer.
pub const OIDC_SECRET: Setting<SecretName> =
    Setting::new("oidc_secret", "LATCHHOOK_OIDC_SECRET", |text| Ok(SecretName(text.to_owned())));

/// Base of the addresses of the operator's pages, where it is another than that of portal sessions.
pub const OPERATOR_URL: Setting<String> =
    Setting::new("operator_url", "LATCHHOOK_OPERATOR_URL", parse::base_url);

/// Name of the issuer on the button.
pub const OIDC_NAME: Setting<String> =
    Setting::new("oidc_name", "LATCHHOOK_OIDC_NAME", parse::brand_name)
        .help("NAME", "Name of the issuer on the sign-in page: Sign in with NAME")
        .or("single sign-on");

/// Email addresses that may sign in.
pub const OIDC_EMAILS: Setting<Vec<String>> =
    Setting::new("oidc_emails", "LATCHHOOK_OIDC_EMAILS", parse::emails)
        .help("EMAILS", "Email addresses, verified by the issuer, that may sign in");

/// Domains of email addresses that may sign in.
pub const OIDC_DOMAINS: Setting<Vec<String>> =
    Setting::new("oidc_domains", "LATCHHOOK_OIDC_DOMAINS", parse::domains)
        .help("DOMAINS", "Domains of email addresses, verified by the issuer, that may sign in");

/// Claim that everybody who signs in has to have.
pub const OIDC_CLAIM: Setting<(String, String)> =
    Setting::new("oidc_claim", "LATCHHOOK_OIDC_CLAIM", parse::claim).help(
        "NAME=VALUE",
        "A claim that whoever signs in must have, such as groups=ops, besides an allowed address if any are set",
    );

/// Scopes of those who sign in.
pub const OIDC_SCOPES: Setting<OperatorScopes> =
    Setting::new("oidc_scopes", "LATCHHOOK_OIDC_SCOPES", parse::operator_scopes)
        .help(
            "SCOPES",
            "Scopes of whoever signs in: all, or a list such as accounts:read,logs:read",
        )
        .or("all");
