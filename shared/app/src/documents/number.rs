//! Number of a form, as a field of it.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::Form;

/// Number of a document that names none: those of version 0.1.0.
pub(super) const FIRST: u16 = 1;

/// Number of the form `F`. Writing writes it; reading fails on another one, so that no document is
/// taken for one of another form.
pub(crate) struct Number<F>(PhantomData<fn() -> F>);

impl<F> Default for Number<F> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<F> Clone for Number<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Number<F> {}

impl<F: Form> fmt::Debug for Number<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", F::NAME, F::NUMBER)
    }
}

impl<F: Form> Serialize for Number<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(F::NUMBER)
    }
}

/// Reads an absent field, too: serde asks for an option there.
impl<'de, F: Form> Deserialize<'de> for Number<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Option::<u16>::deserialize(deserializer)?.unwrap_or(FIRST);
        if number != F::NUMBER {
            let expected = format_args!("form {number}, expected form {}", F::NUMBER);
            return Err(D::Error::custom(expected));
        }
        Ok(Self(PhantomData))
    }
}
