//! Form token: proof that a form was made by a page of the same session.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// Form token, derived from the session's secret so that it need not be stored. It is good for
/// nothing but forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormToken(String);

impl FormToken {
    /// Derives the form token of the session with `secret`.
    pub(crate) fn of(secret: &[u8]) -> Self {
        let tag = Hmac::<Sha256>::new_from_slice(secret).map(|mut mac| {
            mac.update(b"latchhook form token");
            hex::encode(&mac.finalize().into_bytes()[..16])
        });
        // An HMAC takes a key of any length.
        Self(tag.unwrap_or_default())
    }

    /// Text of the token, for a form's hidden field.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Compares `given` with the token, in constant time.
    pub(crate) fn is(&self, given: &str) -> bool {
        !self.0.is_empty() && bool::from(self.0.as_bytes().ct_eq(given.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_of_one_session_and_tells_nothing_of_its_secret() {
        let token = FormToken::of(b"lhps_one");
        assert!(token.is(token.text()) && !token.is("") && !token.text().contains("lhps"));
        assert!(!token.is(FormToken::of(b"lhps_other").text()));
    }
}
