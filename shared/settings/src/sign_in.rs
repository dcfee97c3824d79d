//! Ways of signing in to the operator's pages, which the server and the pages' function take as a whole.

use domain::{OperatorScopes, Secret};
use oidc::{Allowed, Options};

use crate::{Names, Reader, SecretName, Setting, Subset, table};

/// Ways of signing in to the operator's pages. `S` is the secret of this installation at the provider,
/// or the place where that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn<S = Secret> {
    /// True if operator tokens do.
    pub token: bool,
    /// Provider at which people do, if there is one.
    pub provider: Option<Provider<S>>,
}

/// Provider at which people sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider<S = Secret> {
    /// Options of the provider.
    pub options: Options,
    /// Secret of this installation there, or its place.
    pub secret: S,
}

impl Subset for SignIn {
    fn read(reader: &mut Reader<'_>) -> Self {
        read(reader, &table::OIDC_CLIENT_SECRET)
    }
}

impl Subset for SignIn<SecretName> {
    fn read(reader: &mut Reader<'_>) -> Self {
        read(reader, &table::OIDC_SECRET)
    }
}

fn read<S>(reader: &mut Reader<'_>, secret: &Setting<S>) -> SignIn<S> {
    let token = reader.optional(&table::TOKEN_SIGN_IN).unwrap_or(true);
    let is_set = reader.has(&table::OIDC_ISSUER.names);
    let options = Options {
        issuer: reader.optional(&table::OIDC_ISSUER).unwrap_or_default(),
        client_id: reader.optional(&table::OIDC_CLIENT_ID).unwrap_or_default(),
        name: reader.optional(&table::OIDC_NAME).unwrap_or_default(),
        allowed: Allowed {
            emails: reader.optional(&table::OIDC_EMAILS).unwrap_or_default(),
            domains: reader.optional(&table::OIDC_DOMAINS).unwrap_or_default(),
            claim: reader.optional(&table::OIDC_CLAIM),
        },
        scopes: reader
            .optional(&table::OIDC_SCOPES)
            .unwrap_or_else(|| OperatorScopes::Some([].into())),
    };
    let found = reader.optional(secret).filter(|_| is_set);
    check(reader, token, is_set, &secret.names);
    SignIn { token, provider: found.map(|secret| Provider { options, secret }) }
}

/// Adds the problems that settings have with one another.
fn check(reader: &mut Reader<'_>, token: bool, is_set: bool, secret: &Names) {
    let who = [&table::OIDC_EMAILS.names, &table::OIDC_DOMAINS.names, &table::OIDC_CLAIM.names];
    let client = [&table::OIDC_CLIENT_ID.names, secret];
    let issuer = &table::OIDC_ISSUER.names;
    if is_set {
        for names in client.into_iter().filter(|names| !reader.has(names)).collect::<Vec<_>>() {
            reader.problem(names, "is missing, for oidc_issuer is set");
        }
        if !who.iter().any(|names| reader.has(names)) {
            let why =
                "says of nobody that they may sign in: set oidc_emails, oidc_domains or oidc_claim";
            reader.problem(issuer, why);
        }
        return;
    }
    if !token {
        let why = "leaves nobody a way to sign in, for oidc_issuer is not set";
        reader.problem(&table::TOKEN_SIGN_IN.names, why);
    }
    let lost = |names: &&&Names| reader.has(names);
    if client.iter().chain(&who).any(|names| lost(&names)) {
        reader.problem(issuer, "is missing, for other settings of oidc are there");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{Problems, read, read_deployed};

    const CLIENT: [(&str, &str); 3] = [
        ("LATCHHOOK_OIDC_ISSUER", "https://id.example.com/"),
        ("LATCHHOOK_OIDC_CLIENT_ID", "latchhook"),
        ("LATCHHOOK_OIDC_CLIENT_SECRET", "s3cret"),
    ];

    fn with(pairs: &[(&str, &str)]) -> Result<SignIn, Problems> {
        let env = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        read(&BTreeMap::new(), &env.collect())
    }

    fn refused(pairs: &[(&str, &str)], why: &str) {
        let problems = with(pairs).unwrap_err().to_string();
        assert!(problems.contains(why), "{problems}");
        assert!(!problems.contains("s3cret"), "{problems}");
    }

    #[test]
    fn without_an_issuer_operator_tokens_sign_in_alone() {
        assert_eq!(with(&[]), Ok(SignIn { token: true, provider: None }));
    }

    #[test]
    fn an_issuer_is_taken_with_those_who_may_sign_in() {
        let more = [
            ("LATCHHOOK_OIDC_DOMAINS", "Example.com, ops.example"),
            ("LATCHHOOK_TOKEN_SIGN_IN", "off"),
        ];
        let SignIn { token, provider } = with(&[&CLIENT[..], &more].concat()).unwrap();
        let Provider { options: provider, secret } = provider.unwrap();
        assert!(!token);
        assert_eq!(
            (provider.issuer.as_str(), secret.expose()),
            ("https://id.example.com/", "s3cret")
        );
        assert_eq!(provider.allowed.domains, ["example.com", "ops.example"]);
        assert_eq!(
            (provider.scopes, provider.name.as_str()),
            (OperatorScopes::All, "single sign-on")
        );
    }

    #[test]
    fn an_issuer_that_lets_nobody_or_everybody_in_is_refused() {
        refused(&CLIENT, "LATCHHOOK_OIDC_ISSUER: says of nobody");
        refused(&[&CLIENT[..], &[("LATCHHOOK_OIDC_EMAILS", " , ")]].concat(), "must name an email");
        refused(&[&CLIENT[..], &[("LATCHHOOK_OIDC_DOMAINS", "com")]].concat(), "is no domain");
        refused(&[&CLIENT[..], &[("LATCHHOOK_OIDC_CLAIM", "groups")]].concat(), "groups=ops");
        let nothing = [("LATCHHOOK_OIDC_EMAILS", "a@b.example"), ("LATCHHOOK_OIDC_SCOPES", ",")];
        refused(&[&CLIENT[..], &nothing].concat(), "one scope or more");
    }

    #[test]
    fn an_issuer_needs_a_client_and_tls() {
        let who = ("LATCHHOOK_OIDC_EMAILS", "a@b.example");
        refused(&[CLIENT[0], who], "LATCHHOOK_OIDC_CLIENT_SECRET: is missing");
        refused(&[CLIENT[1], CLIENT[2], who], "LATCHHOOK_OIDC_ISSUER: is missing");
        let plain = ("LATCHHOOK_OIDC_ISSUER", "http://id.example.com");
        refused(&[plain, CLIENT[1], CLIENT[2], who], "https://");
        let here = ("LATCHHOOK_OIDC_ISSUER", "http://127.0.0.1:9000");
        assert!(with(&[here, CLIENT[1], CLIENT[2], who]).is_ok());
    }

    #[test]
    fn a_function_is_told_the_name_of_the_secret() {
        let env = |name: &str| {
            let own =
                [CLIENT[0], CLIENT[1], ("LATCHHOOK_OIDC_CLAIM", "hd=example.com"), (name, "oidc")];
            own.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
        };
        let told: SignIn<SecretName> = read_deployed(&env("LATCHHOOK_OIDC_SECRET")).unwrap();
        assert_eq!(told.provider.unwrap().secret, SecretName("oidc".to_owned()));
        let told = read_deployed::<SignIn<SecretName>>(&env("LATCHHOOK_OIDC_CLIENT_SECRET"));
        let problems = told.unwrap_err().to_string();
        assert!(problems.contains("LATCHHOOK_OIDC_SECRET: is missing"), "{problems}");
    }

    #[test]
    fn tokens_are_not_switched_off_where_nothing_else_signs_in() {
        refused(&[("LATCHHOOK_TOKEN_SIGN_IN", "off")], "leaves nobody a way to sign in");
    }
}
