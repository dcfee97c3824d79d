//! The [`Vault`](ports::Vault) port on any [`Store`](ports::Store): secrets are documents, sealed.
//!
//! Three layers, each wrapped by the next:
//!
//! 1. a secret is sealed by AES-256-GCM under the *data key* of its account, bound to its account
//!    and name, so that a ciphertext that is moved to another place opens nowhere;
//! 2. an account's data key is a document too, wrapped by the current key of the *key ring*. Once
//!    it is deleted, nothing that was sealed for the account can be opened, backups included;
//! 3. the [`KeyRing`] is kept outside the store: a file of mode 0600 beside the embedded backend
//!    ([`ring_file`]), one secret of a secrets manager elsewhere.
//!
//! To reveal a secret, [`SealedVault`] gets the data key's document and the secret's in one call,
//! the ring unwraps the data key, the data key opens the secret. The data key's document is asked
//! for every time and nothing unwrapped outlives the call, so that nothing can be read once the
//! commit that closes an account has returned. Unwrapping costs about a microsecond; a cache would
//! save less than its look-up costs.
//!
//! The ring also has the pepper of the fingerprints under which API keys are looked up. It is the
//! only part of a ring that moves with an installation to another backend, [sealed](passphrase)
//! under a passphrase. This crate writes to the store only to create the installation's own data
//! key; every other change is returned for the caller's commit.
//!
//! A ring is rotated by adding a key and a pepper ([`KeyRing::rotate`]). Everything is readable at
//! any moment: each data key names the ring key that wrapped it, each fingerprint its pepper, and
//! the older ones stay in the ring until all are brought under the newest and the older retired.
//! If several processes share a ring, all of them learn a new key or pepper before one uses it
//! (`rings`).

mod aead;
mod check;
mod data_key;
mod key_ring;
pub mod passphrase;
pub mod ring_file;
mod rings;
mod vault;

pub use data_key::DATA_KEYS;
pub use key_ring::{KeyRing, NotAKeyRing, NotRetired};
pub use rings::{NOTICE, RingSource};
pub use vault::{SECRETS, SealedVault};
