//! Masking.

use domain::Redacted;

/// Masks any text, also as a path: what is masked stays as it is when it is masked again.
pub fn redaction(data: &[u8]) {
    let Some(text) = crate::text(data) else { return };
    for masked in [Redacted::new(text), Redacted::path(text)] {
        let again = Redacted::new(masked.as_str());
        assert_eq!(again.as_str(), masked.as_str(), "masked twice, it is masked otherwise");
    }
}
