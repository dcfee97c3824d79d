//! Mask in the place of a secret.

use memchr::memmem;

use super::unescaped::Unescaped;

/// Mask that replaces a secret.
pub const MASK: &str = "****";

/// Returns whether `text` has a mask in it, as it is or escaped. A secret of which not even the
/// kind is shown leaves nothing else (`?key=****`).
#[must_use]
pub fn has_mask(text: &str) -> bool {
    memmem::find(Unescaped::of(text).as_bytes(), MASK.as_bytes()).is_some()
}
