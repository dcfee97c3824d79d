//! Documents under (partition, sort) keys.

use std::fmt::{self, Write as _};

use bytes::Bytes;
use domain::{Timestamp, id::AccountId};

/// Whose documents a partition holds. A partition can't be named without it, so no query can
/// forget to say for whom it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// The installation's own: look-ups that come before the account is known, and the list of
    /// accounts.
    Installation,
    /// One account's.
    Account(AccountId),
}

/// A kind of documents, by its stable name (`webhooks`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Collection(pub &'static str);

/// Documents that are listed together, in the order of their sort keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition(String);

/// The length of an account's identifier.
const ACCOUNT_LEN: usize = AccountId::PREFIX.len() + 26;

impl Partition {
    /// The documents of `collection` in `scope`; `part` divides it further (an environment, a
    /// webhook), and is empty where nothing does.
    #[must_use]
    pub fn new(scope: Scope, collection: Collection, part: &str) -> Self {
        let name = collection.0;
        let mut text = String::with_capacity(ACCOUNT_LEN + name.len() + 2 + part.len());
        if let Scope::Account(account) = scope {
            // Writing to a `String` can't fail.
            _ = write!(text, "{account}/");
        }
        text.extend([name, "/", part]);
        Self(text)
    }

    /// The text under which a backend stores it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The collection's name, as [`Collection`] had it.
    #[must_use]
    pub fn collection(&self) -> &str {
        let mut parts = self.0.split('/');
        let first = parts.next().unwrap_or_default();
        if first.starts_with(AccountId::PREFIX) { parts.next().unwrap_or_default() } else { first }
    }

    /// For backends and tools, from what [`as_str`](Self::as_str) gave.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The key of the document at `sort`.
    #[must_use]
    pub fn key(&self, sort: impl fmt::Display) -> Key {
        Key { partition: self.clone(), sort: sort.to_string() }
    }
}

/// Where one document is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The partition it is in.
    pub partition: Partition,
    /// Its place there; compared as bytes.
    pub sort: String,
}

/// A second place where a document is listed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndexEntry {
    /// A partition of entries, never of documents.
    pub partition: Partition,
    /// Its place there; compared as bytes.
    pub sort: String,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Where it is.
    pub key: Key,
    /// A number, from 1, that no other put under this key has had or will have, whatever was
    /// deleted, expired or swept in between. It says only whether two documents are of one put:
    /// nothing follows from which of two is greater.
    pub revision: u64,
    /// When it stops being there; swept some time later.
    pub expires_at: Option<Timestamp>,
    /// JSON.
    pub body: Bytes,
}
