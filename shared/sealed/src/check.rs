//! Check of what is sealed: whether the ring opens it.

use ports::{
    Corrupt, ReadError,
    store::Document,
    vault::{SealScope, VaultError},
};

use crate::{
    DATA_KEYS, SealedVault,
    data_key::bound_to,
    vault::{OPENING, sealed_in},
};

impl SealedVault {
    /// Opens a document of [`DATA_KEYS`](crate::DATA_KEYS) or [`SECRETS`](crate::SECRETS), and shows
    /// nobody what is in it. A secret whose account is closed counts as destroyed, not as damaged.
    ///
    /// # Errors
    /// When it can't be opened, or the backend is unavailable.
    pub async fn check(&self, document: &Document) -> Result<(), ReadError> {
        let scope = scope_of(document);
        if document.key.partition.collection() == DATA_KEYS.0 {
            return self.unwrapped(scope, document).await.map(drop);
        }
        let data_key = match self.key_of(scope).await {
            Err(VaultError::Gone) => return Ok(()),
            Err(VaultError::Unavailable(why)) => return Err(why.into()),
            Err(VaultError::Corrupt(why)) => return Err(why.into()),
            Ok(data_key) => data_key,
        };
        let sealed = sealed_in(document).map_err(|why| Corrupt::new(OPENING, why))?;
        match data_key.open(&bound_to("secret", scope, &document.key.sort), sealed) {
            Some(plain) => {
                drop(zeroize::Zeroizing::new(plain));
                Ok(())
            }
            None => Err(Corrupt::new(OPENING, "its data key does not open it").into()),
        }
    }
}

/// Returns the scope under whose data key a document is sealed.
fn scope_of(document: &Document) -> SealScope {
    let owner = document.key.partition.as_str().split('/').next().unwrap_or_default();
    owner.parse().map_or(SealScope::Installation, SealScope::Account)
}
