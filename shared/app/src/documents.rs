//! Stored documents: the form in which each is stored, apart from the type that it is read as.
//!
//! A [`Form`] has a number, written into every document and checked in the same parse that reads it
//! (`Number`). Version 0.1.0 wrote none, which means 1. Like an event's schema a form is for ever:
//! `golden/<name>.<number>.json` holds a document as it was stored and is never edited. A change of
//! a form is a new number; the old form stays as a type that converts ([`Form::older`]) for as long
//! as reading it is worth that.
//!
//! A document that can't be read, of a newer release or of one long gone, is no obstacle where it is
//! derived from events: [`state`] folds it anew from its stream, and the next commit of that stream
//! writes all its documents in the present form. So neither an upgrade nor the way back waits for
//! a rebuild. Of events on their way, deliveries and logs there is nothing to fold: there it is an
//! error that names both numbers ([`Unreadable`]).

mod account;
mod api_key;
mod delivery;
mod event_types;
mod fold;
mod health;
mod kept_answer;
mod key_scopes;
mod number;
mod operator_token;
mod public_keys;
mod recovery;
mod request_row;
mod state;
#[cfg(test)]
mod tests;
mod unreadable;
mod usage;
mod webhook;

use std::cmp::Ordering;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

pub(crate) use self::{
    account::StoredAccount,
    api_key::StoredApiKey,
    delivery::StoredDelivery,
    event_types::{StoredNames, StoredRegistered, names, registered},
    fold::folded,
    health::Health,
    kept_answer::{KeptAnswer, KeptData},
    key_scopes::StoredKeyScopes,
    number::Number,
    operator_token::StoredOperatorToken,
    public_keys::PublicKeys,
    recovery::RecoveryProgress,
    request_row::{StoredRequestRow, WrittenRow},
    state::{StateDocument, version_of},
    usage::Usage,
    webhook::StoredWebhook,
};
pub use self::{
    kept_answer::Shows,
    request_row::{RequestRow, RequestRowDetails},
    state::{StoredState, state},
    unreadable::Unreadable,
};

/// Form in which a document is stored.
pub trait Form: DeserializeOwned {
    /// Name of the document, for errors and golden files.
    const NAME: &'static str;
    /// Number of the form, from 1.
    const NUMBER: u16;

    /// Reads a document of an older form; none if that form is no longer read.
    #[must_use]
    fn older(_number: u64, _body: &[u8]) -> Option<serde_json::Result<Self>> {
        None
    }
}

/// Type that is stored as a document of its own, by the form in which it is.
pub(crate) trait Stored: Sized {
    /// Form of the document.
    type Form: Form + Into<Self>;
}

/// Reads a document.
///
/// # Errors
/// When it has a form that this release does not read, or is damaged.
pub(crate) fn read<T: Stored>(body: &[u8]) -> Result<T, Unreadable> {
    read_form::<T::Form>(body).map(Into::into)
}

/// Reads a document as its form.
fn read_form<F: Form>(body: &[u8]) -> Result<F, Unreadable> {
    serde_json::from_slice(body).or_else(|why| read_older(number_of(body), body, why))
}

/// Reads a document that is not of the present form, which failed because of `why`.
#[cold]
fn read_older<F: Form>(
    number: Option<u64>,
    body: &[u8],
    why: serde_json::Error,
) -> Result<F, Unreadable> {
    let name = F::NAME;
    let number = number.filter(|number| *number != u64::from(F::NUMBER));
    let Some(number) = number else { return Err(Unreadable::Damaged { name, why }) };
    match F::older(number, body) {
        Some(read) => read.map_err(|why| Unreadable::Damaged { name, why }),
        None => Err(Unreadable::Form { name, number, known: F::NUMBER }),
    }
}

/// Returns the number in a document; none if the document is damaged.
fn number_of(body: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Numbered {
        #[serde(default = "first")]
        format: u64,
    }
    serde_json::from_slice(body).ok().map(|Numbered { format }| format)
}

/// Returns the number of a document that names none.
const fn first() -> u64 {
    number::FIRST as u64
}

/// Returns whether `stored` is the document `derived`, however its JSON is laid out, and whether it
/// names the first number or leaves it out as version 0.1.0 did. Of an older form, which has fewer
/// fields, those that it has are compared.
#[must_use]
pub fn are_same(derived: &[u8], stored: &[u8]) -> bool {
    let read = |body: &[u8]| {
        let mut value: Value = serde_json::from_slice(body).ok()?;
        let format = value.as_object_mut()?.remove("format");
        Some((format.map_or(Some(first()), |format| format.as_u64())?, value))
    };
    let (Some((derived_form, derived)), Some((stored_form, stored))) =
        (read(derived), read(stored))
    else {
        return false;
    };
    match stored_form.cmp(&derived_form) {
        Ordering::Equal => derived == stored,
        Ordering::Less => is_part(&stored, &derived),
        Ordering::Greater => false,
    }
}

/// Returns whether `whole` has everything that `part` has, at any depth.
fn is_part(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => part
            .iter()
            .all(|(name, value)| whole.get(name).is_some_and(|whole| is_part(value, whole))),
        (part, whole) => part == whole,
    }
}
