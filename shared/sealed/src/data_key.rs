//! Data keys: one an account and one for the installation, wrapped by the key ring.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use ports::{
    Ids, Unavailable,
    store::{Collection, Condition, Document, Key, Partition, Scope, Write},
    vault::SealScope,
};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{aead::KeyBytes, key_ring::KeyRing};

const COLLECTION: Collection = Collection("data_keys");
/// Sort key of a data key, the only document of its partition.
const SORT: &str = "data-key";

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
    Partition::new(store_scope(scope), COLLECTION, "").key(SORT)
}

/// Creates a data key for `scope`, which must have none.
pub(crate) fn create(
    ring: &KeyRing,
    ids: &dyn Ids,
    scope: SealScope,
) -> Result<Write, Unavailable> {
    let by = ring.current();
    let wrapped = by
        .key
        .seal(ids, &bound_to("data-key", scope, &by.id), KeyBytes::random(ids).as_slice())
        .map_err(|why| Unavailable::new("wrapping a data key", why))?;
    let stored = Stored { wrapped_by: by.id.clone(), wrapped: BASE64_STANDARD.encode(wrapped) };
    Ok(Write::Put {
        key: key_of(scope),
        body: to_body(&stored)?,
        expires_at: None,
        index: Vec::new(),
        condition: Condition::Absent,
    })
}

/// Reads the data key of `scope` from its document.
///
/// A data key that is there and can't be read counts as unavailable, not as gone: most likely the
/// ring belongs to another installation, and everything works again with the right one.
pub(crate) fn read(
    ring: &KeyRing,
    scope: SealScope,
    document: &Document,
) -> Result<KeyBytes, Unavailable> {
    let fails = |why: String| Unavailable::new("unwrapping a data key", why);
    let stored: Stored = serde_json::from_slice(&document.body)
        .map_err(|why| fails(format!("its document is damaged: {why}")))?;
    let by = ring.key(&stored.wrapped_by).ok_or_else(|| {
        fails(format!("the key ring has no key {}: it belongs to another store", stored.wrapped_by))
    })?;
    BASE64_STANDARD
        .decode(&stored.wrapped)
        .ok()
        .and_then(|wrapped| by.key.open(&bound_to("data-key", scope, &by.id), wrapped))
        .and_then(|plain| KeyBytes::from_slice(&Zeroizing::new(plain)))
        .ok_or_else(|| fails(format!("it is not the one that key {} wrapped", by.id)))
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
