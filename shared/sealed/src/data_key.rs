//! Data keys: one an account and one for the installation, wrapped by the key ring.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use ports::{
    Corrupt, Ids, ReadError, Unavailable,
    store::{Collection, Condition, Document, Key, Partition, Scope, Write},
    vault::SealScope,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    aead::KeyBytes,
    key_ring::{KeyRing, RingKey},
};

/// Collection of the data keys; a closed account's is deleted.
pub const DATA_KEYS: Collection = Collection("data_keys");
/// Sort key of a data key, the only document of its partition.
const SORT: &str = "data-key";
const UNWRAPPING: &str = "unwrapping a data key";

/// Stored form of a data key.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// Name of the ring key that wrapped it.
    wrapped_by: String,
    /// Wrapped key, base64.
    wrapped: String,
}

/// Returns the document key of the data key of `scope`.
pub(crate) fn key_of(scope: SealScope) -> Key {
    Partition::new(store_scope(scope), DATA_KEYS, "").key(SORT)
}

/// Creates a data key for `scope`, which must have none, wrapped by the ring key `by`.
pub(crate) fn create(by: &RingKey, ids: &dyn Ids, scope: SealScope) -> Result<Write, Unavailable> {
    put(by, ids, scope, &KeyBytes::random(ids), Condition::Absent)
}

/// Wraps the data key in `document` anew, by the ring key `by`; `None` if that has wrapped it.
///
/// The put has the condition that the document is still that one: the account may be closed
/// meanwhile, and its data key must not come back.
pub(crate) fn rewrap(
    ring: &KeyRing,
    by: &RingKey,
    ids: &dyn Ids,
    scope: SealScope,
    document: &Document,
) -> Result<Option<Write>, ReadError> {
    if wrapped_by(document)? == by.id {
        return Ok(None);
    }
    let data_key = read(ring, scope, document)?;
    Ok(Some(put(by, ids, scope, &data_key, Condition::Revision(document.revision))?))
}

fn put(
    by: &RingKey,
    ids: &dyn Ids,
    scope: SealScope,
    data_key: &KeyBytes,
    condition: Condition,
) -> Result<Write, Unavailable> {
    let wrapped = by
        .key
        .seal(ids, &bound_to("data-key", scope, &by.id), data_key.as_slice())
        .map_err(|why| Unavailable::new("wrapping a data key", why))?;
    let stored = Stored { wrapped_by: by.id.clone(), wrapped: BASE64_STANDARD.encode(wrapped) };
    let body = to_body(&stored)?;
    Ok(Write::Put { key: key_of(scope), body, expires_at: None, index: Vec::new(), condition })
}

/// Returns the name of the ring key that wrapped the data key in `document`.
pub(crate) fn wrapped_by(document: &Document) -> Result<String, Corrupt> {
    Ok(stored(document)?.wrapped_by)
}

/// Reads the data key of `scope` from its document.
///
/// A data key that is there and can't be read is never gone. Under a ring key that this ring lacks it
/// is unavailable: the ring is older than the store, or another installation's, and everything works
/// again with the right one.
pub(crate) fn read(
    ring: &KeyRing,
    scope: SealScope,
    document: &Document,
) -> Result<KeyBytes, ReadError> {
    let stored = stored(document)?;
    let by = ring.key(&stored.wrapped_by).ok_or_else(|| {
        let id = &stored.wrapped_by;
        let why = format!(
            "the key ring has no key {id}: it belongs to another store, or is an older copy"
        );
        Unavailable::new(UNWRAPPING, why)
    })?;
    BASE64_STANDARD
        .decode(&stored.wrapped)
        .ok()
        .and_then(|wrapped| by.key.open(&bound_to("data-key", scope, &by.id), wrapped))
        .and_then(|plain| KeyBytes::from_slice(&Zeroizing::new(plain)))
        .ok_or_else(|| {
            let why = format!("it is not the one that key {} wrapped", by.id);
            Corrupt::new(UNWRAPPING, why).into()
        })
}

fn stored(document: &Document) -> Result<Stored, Corrupt> {
    serde_json::from_slice(&document.body).map_err(|why| Corrupt::new(UNWRAPPING, why))
}

/// Returns the associated data of a ciphertext: its kind, its scope and its name. Neither kind nor
/// scope contains a slash, so no two places give the same text.
pub(crate) fn bound_to(kind: &str, scope: SealScope, name: &str) -> String {
    match scope {
        SealScope::Installation => format!("{kind}/installation/{name}"),
        SealScope::Account(account) => format!("{kind}/{account}/{name}"),
    }
}

/// Returns the store's scope for `scope`.
pub(crate) const fn store_scope(scope: SealScope) -> Scope {
    match scope {
        SealScope::Installation => Scope::Installation,
        SealScope::Account(account) => Scope::Account(account),
    }
}

/// Serializes the body of a document.
pub(crate) fn to_body(stored: &impl Serialize) -> Result<Bytes, Unavailable> {
    let json = serde_json::to_vec(stored);
    json.map(Bytes::from).map_err(|why| Unavailable::new("writing a sealed document", why))
}
