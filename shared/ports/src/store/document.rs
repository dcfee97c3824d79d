//! Documents under (partition, sort) keys.

use std::fmt::{self, Write as _};

use bytes::Bytes;
use domain::{Timestamp, id::AccountId};

/// Owner of a partition's documents. A partition can't be named without it, so no query can forget
/// to say for whom it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Installation: look-ups that come before the account is known, and the list of accounts.
    Installation,
    /// One account.
    Account(AccountId),
}

/// Kind of documents, by its stable name (`webhooks`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Collection(pub &'static str);

/// Documents that are listed together, in the order of their sort keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Partition(String);

/// Length of an account's identifier.
const ACCOUNT_LEN: usize = AccountId::PREFIX.len() + 26;

/// Text between the name of a list and the number of one of its parts.
const PART: &str = "/~";

impl Partition {
    /// Returns the partition of the documents of `collection` in `scope`; `part` divides it further
    /// (an environment, a webhook), and is empty if nothing does.
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

    /// Returns the text under which a backend stores it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name of the [`Collection`].
    #[must_use]
    pub fn collection(&self) -> &str {
        let mut parts = self.0.split('/');
        let first = parts.next().unwrap_or_default();
        if first.starts_with(AccountId::PREFIX) { parts.next().unwrap_or_default() } else { first }
    }

    /// Returns the owner.
    #[must_use]
    pub fn scope(&self) -> Scope {
        let first = self.0.split('/').next().unwrap_or_default();
        first.parse().map_or(Scope::Installation, Scope::Account)
    }

    /// Restores a partition from the text of [`as_str`](Self::as_str), for backends and tools.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// Returns one of the partitions that a busy list is spread over, by its number; 0 is this one.
    #[must_use]
    pub fn part(&self, number: u8) -> Self {
        if number == 0 { self.clone() } else { Self(format!("{}{PART}{number}", self.0)) }
    }

    /// Returns the partition that gives the whole list its name; this one, if it is not one
    /// [part](Self::part) of a list.
    #[must_use]
    pub fn whole(&self) -> Self {
        let is_number = |rest: &str| rest.parse::<u8>().is_ok_and(|number| number > 0);
        match self.0.rsplit_once(PART) {
            Some((whole, number)) if is_number(number) => Self(whole.to_owned()),
            _ => self.clone(),
        }
    }

    /// Returns the key of the document at `sort`, which is not empty: DynamoDB refuses that.
    #[must_use]
    pub fn key(&self, sort: impl fmt::Display) -> Key {
        let sort = sort.to_string();
        debug_assert!(!sort.is_empty(), "no sort key in {self:?}");
        Key { partition: self.clone(), sort }
    }
}

/// Key of a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Partition.
    pub partition: Partition,
    /// Sort key in the partition; compared as bytes.
    pub sort: String,
}

/// Second place where a document is listed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndexEntry {
    /// Partition, which has index entries only and never documents.
    pub partition: Partition,
    /// Sort key in the partition; compared as bytes.
    pub sort: String,
}

/// Document as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Key.
    pub key: Key,
    /// Revision: a number, from 1, that no other put under this key has had or will have, whatever
    /// was deleted, expired or swept in between. Equal revisions mean the same put; their order
    /// means nothing.
    pub revision: u64,
    /// Time from which the document no longer exists; it is swept some time later.
    pub expires_at: Option<Timestamp>,
    /// Body, JSON.
    pub body: Bytes,
}
