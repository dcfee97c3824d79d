//! People who may sign in.

use serde_json::Value;

use crate::claims::Claims;

/// People who may sign in, of all whom the provider knows: by their email address, by a claim, or by
/// both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    /// Email addresses, in lower case.
    pub emails: Vec<String>,
    /// Domains of email addresses, in lower case.
    pub domains: Vec<String>,
    /// Name and value of a claim that everybody has to have, besides an allowed address if any are
    /// set.
    pub claim: Option<(String, String)>,
}

impl Allowed {
    /// Returns whether nothing says who may sign in.
    #[must_use]
    pub fn is_unset(&self) -> bool {
        self.by_claim_alone() && self.claim.is_none()
    }

    fn by_claim_alone(&self) -> bool {
        self.emails.is_empty() && self.domains.is_empty()
    }

    /// Returns whether the person with `claims` may sign in.
    pub(crate) fn admit(&self, claims: &Claims) -> bool {
        let has_claim = |(name, value): &(String, String)| {
            claims.other.get(name).is_some_and(|is| has(is, value))
        };
        let by_claim = self.claim.as_ref().is_none_or(has_claim);
        !self.is_unset() && by_claim && (self.by_claim_alone() || self.has_email(claims))
    }

    /// Returns whether the address is an allowed one. An unverified one is what somebody typed.
    fn has_email(&self, claims: &Claims) -> bool {
        let Some(email) = claims.verified_email() else { return false };
        let email = email.to_ascii_lowercase();
        let domain = email.rsplit_once('@').map(|(_, domain)| domain);
        self.emails.contains(&email)
            || domain.is_some_and(|domain| self.domains.iter().any(|allowed| allowed == domain))
    }
}

/// Returns whether a claim is `wanted`, or a list with it.
fn has(claim: &Value, wanted: &str) -> bool {
    match claim {
        Value::String(text) => text == wanted,
        Value::Array(list) => list.iter().any(|item| item.as_str() == Some(wanted)),
        Value::Bool(is) => wanted.parse() == Ok(*is),
        Value::Number(is) => wanted.parse().is_ok_and(|wanted: serde_json::Number| wanted == *is),
        Value::Null | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(more: &Value) -> Claims {
        let mut claims = json!({"iss": "i", "sub": "s", "aud": "a", "exp": 1, "iat": 1});
        claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(claims).unwrap()
    }

    #[test]
    fn an_email_address_counts_when_it_is_verified_and_its_whole_domain_is_allowed() {
        let allowed = Allowed {
            emails: vec!["ada@example.com".to_owned()],
            domains: vec!["ops.example".to_owned()],
            claim: None,
        };
        for (email, verified, admitted) in [
            ("ada@example.com", json!(true), true),
            ("Ada@Example.com", json!(true), true),
            ("bob@ops.example", json!(true), true),
            ("ada@example.com", json!(false), false),
            ("ada@example.com", json!("true"), false),
            ("ada@example.com", json!(null), false),
            ("bob@example.com", json!(true), false),
            ("bob@evil-ops.example", json!(true), false),
            ("bob@sub.ops.example", json!(true), false),
            ("ops.example", json!(true), false),
        ] {
            let claims = claims(&json!({"email": email, "email_verified": verified}));
            assert_eq!(allowed.admit(&claims), admitted, "{email} {verified}");
        }
        assert!(!allowed.admit(&claims(&json!({}))));
    }

    #[test]
    fn a_claim_is_needed_besides_an_address() {
        let claim = Some(("groups".to_owned(), "ops".to_owned()));
        let by_claim = Allowed { claim: claim.clone(), ..Allowed::default() };
        let by_both =
            Allowed { domains: vec!["example.com".to_owned()], claim, ..Allowed::default() };
        let email = json!({"email": "ada@example.com", "email_verified": true});
        for (groups, admitted) in [
            (json!(["dev", "ops"]), true),
            (json!("ops"), true),
            (json!(["dev"]), false),
            (json!("ops2"), false),
            (json!({"ops": "ops"}), false),
            (json!(null), false),
        ] {
            assert_eq!(by_claim.admit(&claims(&json!({"groups": groups}))), admitted, "{groups}");
            let mut both = email.clone();
            both["groups"] = groups.clone();
            assert_eq!(by_both.admit(&claims(&both)), admitted, "{groups}");
        }
        assert!(!by_both.admit(&claims(&email)));
        assert!(!by_both.admit(&claims(&json!({"groups": "ops"}))));
    }

    #[test]
    fn nobody_may_sign_in_if_nothing_says_who() {
        let email = json!({"email": "ada@example.com", "email_verified": true});
        assert!(!Allowed::default().admit(&claims(&email)));
    }
}
