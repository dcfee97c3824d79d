//! Claims of an ID token, and the checks of all but its signature.
//!
//! The checks are those of OpenID Connect Core 1.0, section 3.1.3.7.

use std::time::Duration;

use domain::{Secret, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Difference of two clocks that is tolerated.
const LEEWAY: Duration = Duration::from_mins(1);
/// Most characters of a subject (section 2), which a provider keeps to.
const LONGEST_SUBJECT: usize = 255;
/// Most characters of a name that are kept.
const LONGEST_NAME: usize = 200;

/// Claims of an ID token.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    pub(crate) sub: String,
    aud: Audience,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    azp: Option<String>,
    nonce: Option<Secret>,
    /// Every other claim.
    #[serde(flatten)]
    pub(crate) other: Map<String, Value>,
}

/// Audience: one client, or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// Terms that a token has to meet.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce: &'a Secret,
    pub(crate) now: Timestamp,
}

impl Claims {
    /// Checks the claims.
    ///
    /// # Errors
    /// The claim that is wrong.
    pub(crate) fn check(&self, expected: &Expected<'_>) -> Result<(), &'static str> {
        let Expected { issuer, client_id, nonce, now } = *expected;
        let (early, late) = (seconds(now.minus(LEEWAY)), seconds(now.plus(LEEWAY)));
        let right = [
            (self.iss == issuer, "the issuer is another"),
            (self.is_for(client_id), "the audience is another"),
            (self.azp.as_deref().is_none_or(|azp| azp == client_id), "it was issued to another"),
            (self.exp > early, "it has expired"),
            (self.iat <= late, "it is from the future"),
            (self.nbf.is_none_or(|from| from <= late), "it is not valid yet"),
            (self.nonce.as_ref() == Some(nonce), "the nonce is another"),
            ((1..=LONGEST_SUBJECT).contains(&self.sub.len()), "the subject is none"),
        ];
        right.into_iter().try_for_each(|(is_right, why)| if is_right { Ok(()) } else { Err(why) })
    }

    /// Returns whether the token is for `client`. One for others too has to say who asked for it.
    fn is_for(&self, client: &str) -> bool {
        match &self.aud {
            Audience::One(one) => one == client,
            Audience::Several(several) => {
                several.iter().any(|one| one == client)
                    && (several.len() == 1 || self.azp.is_some())
            }
        }
    }

    /// Returns the email address, if the provider has verified it.
    pub(crate) fn verified_email(&self) -> Option<&str> {
        let is_verified = self.other.get("email_verified") == Some(&Value::Bool(true));
        self.text("email").filter(|_| is_verified)
    }

    /// Returns the name under which the history knows the person.
    pub(crate) fn name(&self) -> String {
        let name = self.verified_email().or_else(|| self.text("name")).unwrap_or(&self.sub);
        name.chars().filter(|letter| !letter.is_control()).take(LONGEST_NAME).collect()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.other.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }
}

/// Returns a time in seconds since 1970, as claims have it.
#[expect(clippy::cast_precision_loss, reason = "seconds fit 52 bits")]
fn seconds(time: Timestamp) -> f64 {
    time.as_seconds() as f64
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn checked(change: impl Fn(&mut Map<String, Value>)) -> Result<(), &'static str> {
        let good = json!({
            "iss": "https://id.example.com", "sub": "248289761001", "aud": "latchhook",
            "exp": NOW + 300, "iat": NOW, "nonce": "n-0S6_WzA2Mj",
        });
        let Value::Object(mut claims) = good else { unreachable!() };
        change(&mut claims);
        let claims: Claims =
            serde_json::from_value(Value::Object(claims)).map_err(|_| "unreadable")?;
        claims.check(&Expected {
            issuer: "https://id.example.com",
            client_id: "latchhook",
            nonce: &Secret::new("n-0S6_WzA2Mj"),
            now: Timestamp::from_millis(NOW * 1000),
        })
    }

    fn with(name: &str, value: &Value) -> Result<(), &'static str> {
        checked(|claims| drop(claims.insert(name.to_owned(), value.clone())))
    }

    #[test]
    fn a_token_with_any_wrong_claim_is_refused() {
        for (name, value, why) in [
            ("iss", json!("https://evil.example.com"), "the issuer is another"),
            ("iss", json!("https://id.example.com/"), "the issuer is another"),
            ("aud", json!("other"), "the audience is another"),
            ("aud", json!([]), "the audience is another"),
            ("aud", json!(["other"]), "the audience is another"),
            // For others too, and nothing says who asked for it.
            ("aud", json!(["latchhook", "other"]), "the audience is another"),
            ("azp", json!("other"), "it was issued to another"),
            ("exp", json!(NOW - 60), "it has expired"),
            ("exp", json!("9999999999"), "unreadable"),
            ("iat", json!(NOW + 61), "it is from the future"),
            ("iat", json!(null), "unreadable"),
            ("nbf", json!(NOW + 61), "it is not valid yet"),
            ("nonce", json!("another"), "the nonce is another"),
            ("nonce", json!(null), "the nonce is another"),
            ("sub", json!(""), "the subject is none"),
            ("sub", json!("s".repeat(256)), "the subject is none"),
        ] {
            assert_eq!(with(name, &value), Err(why), "{name} {value}");
        }
        for name in ["iss", "sub", "aud", "exp", "iat"] {
            assert_eq!(checked(|claims| drop(claims.remove(name))), Err("unreadable"), "{name}");
        }
        assert_eq!(checked(|claims| drop(claims.remove("nonce"))), Err("the nonce is another"));
    }

    #[test]
    fn a_token_for_this_client_is_taken_a_minute_past_its_time() {
        assert_eq!(checked(|_| ()), Ok(()));
        assert_eq!(with("aud", &json!(["latchhook"])), Ok(()));
        assert_eq!(with("azp", &json!("latchhook")), Ok(()));
        assert_eq!(with("exp", &json!(NOW - 59)), Ok(()));
        assert_eq!(with("iat", &json!(NOW + 60)), Ok(()));
        let several = |claims: &mut Map<String, Value>| {
            claims.insert("aud".to_owned(), json!(["other", "latchhook"]));
            claims.insert("azp".to_owned(), json!("latchhook"));
        };
        assert_eq!(checked(several), Ok(()));
    }

    #[test]
    fn a_person_is_named_by_a_verified_address_or_else_by_name_or_subject() {
        for (more, name) in [
            (json!({"email": "a@b.c", "email_verified": true, "name": "Ada"}), "a@b.c"),
            (json!({"email": "a@b.c", "email_verified": false, "name": "Ada"}), "Ada"),
            (json!({"email": "a@b.c", "name": ""}), "s"),
            (json!({"name": "A\u{7}da"}), "Ada"),
        ] {
            let mut claims = json!({"iss": "i", "sub": "s", "aud": "a", "exp": 1, "iat": 1});
            claims.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            assert_eq!(serde_json::from_value::<Claims>(claims).unwrap().name(), name);
        }
    }
}
