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
/// The only document of its partition.
const SORT: &str = "data-key";

/// A data key as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    /// Which key of the ring wrapped it.
    wrapped_by: String,
    /// Base64 of the wrapped key.
    wrapped: String,
}

/// Where the data key of `scope` is.
pub(crate) fn key_of(scope: SealScope) -> Key {
    Partition::new(store_scope(scope), COLLECTION, "").key(SORT)
}

/// Puts a new data key for `scope`, where there is none.
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

/// The data key of `scope`, from its document.
///
/// A data key that is there and can't be read is not gone: most likely the ring is another
/// installation's, and everything is well again once the right one is back.
pub(crate) fn read(
    ring: &KeyRing,
    scope: SealScope,
    document: &Document,
) -> Result<KeyBytes, Unavailable> {
    let fails = |why: String| Unavailable::new("unwrapping a data key", why);
    let stored: Stored = serde_json::from_slice(&document.body)
        .map_err(|why| fails(format!("its document is damaged: {why}")))?;
    let by = ring.key(&stored.wrapped_by).ok_or_else(|| {
        fails(format!(
            "the key ring has no key {}: it is not the one of this store",
            stored.wrapped_by
        ))
    })?;
    BASE64_STANDARD
        .decode(&stored.wrapped)
        .ok()
        .and_then(|wrapped| by.key.open(&bound_to("data-key", scope, &by.id), wrapped))
        .and_then(|plain| KeyBytes::from_slice(&Zeroizing::new(plain)))
        .ok_or_else(|| fails(format!("it is not the one that key {} wrapped", by.id)))
}

/// What a ciphertext is bound to: what it is, whose, and under which name. Neither of the first two
/// has a slash in it, so no two places are written alike.
pub(crate) fn bound_to(kind: &str, scope: SealScope, name: &str) -> String {
    match scope {
        SealScope::Installation => format!("{kind}/installation/{name}"),
        SealScope::Account(account) => format!("{kind}/{account}/{name}"),
    }
}

/// The same scope, as the store calls it.
pub(crate) const fn store_scope(scope: SealScope) -> Scope {
    match scope {
        SealScope::Installation => Scope::Installation,
        SealScope::Account(account) => Scope::Account(account),
    }
}

/// A document's body.
pub(crate) fn to_body(stored: &impl Serialize) -> Result<Bytes, Unavailable> {
    let json = serde_json::to_vec(stored);
    json.map(Bytes::from).map_err(|why| Unavailable::new("writing a sealed document", why))
}
