//! Implementation of the [`Vault`] port on Secrets Manager: one secret each.
//!
//! The sealed vault does the rest: values without a name of their own (kept answers), publishable keys,
//! which are no secrets and would each cost as much as one, fingerprints,
//! and the question whether an account is open, which it answers by the account's data key. Secrets
//! Manager alone could not answer it: its list of secrets lags behind, and a secret created while
//! its account is closed would stay readable.

mod both;
mod kept_in;

use std::{borrow::Cow, error::Error, fmt, sync::Arc};

use async_trait::async_trait;
use aws_sdk_secretsmanager::{
    Client,
    error::SdkError,
    operation::create_secret::CreateSecretError,
    types::{Filter, FilterNameStringType, Tag},
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use backon::Retryable as _;
use domain::{Secret, id::AccountId};
use futures_util::future::join;
use ports::{
    Clock, Corrupt, ReadError, Unavailable, Vault,
    clock::sleeper,
    store::Write,
    vault::{FingerprintOf, Fingerprints, SealScope, SecretName, VaultError},
};
use serde::{Deserialize, Serialize};

pub use self::{both::BothVaults, kept_in::KeptIn};
use crate::{
    failure::{incomplete, unavailable},
    pauses::backoff,
};

/// Days for which a destroyed secret can be restored: the shortest time that Secrets Manager allows.
/// Nothing here destroys one at once, because a mistake could then not be mended.
const RECOVERY_DAYS: i64 = 7;

/// Vault that keeps each secret under the name `{prefix}/{account}/{purpose}`.
pub struct SecretsManagerVault {
    client: Client,
    prefix: String,
    kms_key: Option<String>,
    sealed: Arc<dyn Vault>,
    clock: Arc<dyn Clock>,
}

/// Secret of an account, as the list has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptApart {
    /// Name of the secret.
    pub name: SecretName,
    /// True if its deletion is scheduled.
    pub is_destroyed: bool,
}

/// Value of a secret as it is kept: Secrets Manager allows no empty one.
#[derive(Serialize, Deserialize)]
struct Value<'a> {
    #[serde(borrow)]
    secret: Cow<'a, str>,
}

/// Reason why a secret could not be put.
enum NotPut {
    /// The secret is being deleted, or just was: another try can succeed.
    BeingDeleted,
    /// The backend is unavailable.
    Unavailable(Unavailable),
}

impl SecretsManagerVault {
    /// Creates a vault of secrets whose names begin with `prefix`, and that leaves the rest to
    /// `sealed`.
    #[must_use]
    pub fn new(
        client: Client,
        prefix: String,
        sealed: Arc<dyn Vault>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { client, prefix, kms_key: None, sealed, clock }
    }

    /// Has new secrets encrypted under a KMS key of one's own; none is that of Secrets Manager.
    #[must_use]
    pub fn encrypted_under(self, kms_key: Option<String>) -> Self {
        Self { kms_key, ..self }
    }

    fn id_of(&self, name: SecretName) -> String {
        format!("{}/{}/{}", self.prefix, name.account, name.purpose)
    }

    /// Checks that the account is open.
    ///
    /// # Errors
    /// [`VaultError::Gone`] otherwise.
    async fn has_place(&self, account: AccountId) -> Result<(), VaultError> {
        self.sealed.seal(SealScope::Account(account), "", b"").await.map(drop)
    }

    /// Creates the secret, or changes it; restores it first if it is being deleted.
    async fn put(&self, name: SecretName, value: &str) -> Result<(), NotPut> {
        let id = self.id_of(name);
        let create = self.client.create_secret().name(&id).secret_string(value);
        let create = create.set_kms_key_id(self.kms_key.clone());
        let tags = [
            ("latchhook:installation", &*self.prefix),
            ("latchhook:account", &name.account.to_string()),
        ]
        .map(|(key, value)| Tag::builder().key(key).value(value).build());
        let Err(error) = create.set_tags(Some(tags.into())).send().await else { return Ok(()) };
        match error.as_service_error() {
            Some(CreateSecretError::ResourceExistsException(_)) => {
                match self.change(&id, value).await {
                    Err(NotPut::BeingDeleted) => self.change_restored(&id, value).await,
                    changed => changed,
                }
            }
            Some(CreateSecretError::InvalidRequestException(_)) => {
                self.change_restored(&id, value).await
            }
            _ => Err(NotPut::Unavailable(unavailable("keeping a secret", error))),
        }
    }

    async fn change(&self, id: &str, value: &str) -> Result<(), NotPut> {
        let put = self.client.put_secret_value().secret_id(id).secret_string(value);
        put.send().await.map(drop).map_err(not_put)
    }

    async fn change_restored(&self, id: &str, value: &str) -> Result<(), NotPut> {
        self.restore(id).await?;
        self.change(id, value).await
    }

    async fn restore(&self, id: &str) -> Result<(), NotPut> {
        let restore = self.client.restore_secret().secret_id(id);
        restore.send().await.map(drop).map_err(not_put)
    }

    /// Returns all secrets of accounts that the list contains yet, which is minutes behind; those
    /// included whose deletion is scheduled. For a command that compares, never for a request.
    ///
    /// # Errors
    /// When the backend is unavailable.
    pub async fn all(&self) -> Result<Vec<KeptApart>, Unavailable> {
        let prefix = format!("{}/", self.prefix);
        let by_name = Filter::builder().key(FilterNameStringType::Name).values(&prefix).build();
        let list = self.client.list_secrets().filters(by_name).include_planned_deletion(true);
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let page = list.clone().set_next_token(next).send().await;
            let page = page.map_err(|error| unavailable("listing secrets", error))?;
            for entry in page.secret_list.unwrap_or_default() {
                let name = entry.name.as_deref().and_then(|name| self.name_of(name));
                let is_destroyed = entry.deleted_date.is_some();
                found.extend(name.map(|name| KeptApart { name, is_destroyed }));
            }
            next = page.next_token;
            if next.is_none() {
                return Ok(found);
            }
        }
    }

    /// Restores a secret whose deletion is scheduled.
    ///
    /// # Errors
    /// When it is gone for good, or the backend is unavailable.
    pub async fn restore_destroyed(&self, name: SecretName) -> Result<(), Unavailable> {
        let restore = self.client.restore_secret().secret_id(self.id_of(name));
        restore.send().await.map(drop).map_err(|error| unavailable("restoring a secret", error))
    }

    /// Returns the name of the account's secret that is called `id`; none if it is another.
    fn name_of(&self, id: &str) -> Option<SecretName> {
        let (account, purpose) =
            id.strip_prefix(&self.prefix)?.strip_prefix('/')?.split_once('/')?;
        Some(SecretName { account: account.parse().ok()?, purpose: purpose.parse().ok()? })
    }

    /// Schedules the deletion of the secret; no error if it is deleted already. It costs nothing
    /// from then on, and can be restored for [`RECOVERY_DAYS`].
    async fn delete(&self, id: &str) -> Result<(), Unavailable> {
        let delete = self.client.delete_secret().secret_id(id);
        match delete.recovery_window_in_days(RECOVERY_DAYS).send().await {
            Ok(_) => Ok(()),
            Err(error) if is_gone(&error) => Ok(()),
            Err(error) => Err(unavailable("destroying a secret", error)),
        }
    }
}

#[async_trait]
impl Vault for SecretsManagerVault {
    fn keeps_apart(&self) -> bool {
        true
    }

    async fn fingerprints(
        &self,
        of: FingerprintOf,
        bytes: &[u8],
    ) -> Result<Fingerprints, ReadError> {
        self.sealed.fingerprints(of, bytes).await
    }

    async fn rewrap(&self, scope: SealScope) -> Result<Vec<Write>, ReadError> {
        self.sealed.rewrap(scope).await
    }

    async fn open_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.sealed.open_account(account).await
    }

    async fn close_account(&self, account: AccountId) -> Result<Vec<Write>, ReadError> {
        self.sealed.close_account(account).await
    }

    /// Returns the other vault's check that the account is still open: a commit must fail if the
    /// account is closed meanwhile.
    async fn keep(&self, name: SecretName, secret: &Secret) -> Result<Vec<Write>, VaultError> {
        if !name.purpose.is_secret() {
            return self.sealed.keep(name, secret).await;
        }
        let mut writes = self.sealed.keep(name, &Secret::new("")).await?;
        writes.retain(|write| matches!(write, Write::Check { .. }));
        let value = Secret::new(
            serde_json::to_string(&Value { secret: secret.expose().into() }).map_err(incomplete)?,
        );
        let put = (|| self.put(name, value.expose()))
            .retry(backoff(name.account.0.to_bytes()[15].into()))
            .sleep(sleeper(&self.clock))
            .when(|why| matches!(why, NotPut::BeingDeleted))
            .await;
        match put {
            Ok(()) => Ok(writes),
            Err(NotPut::Unavailable(why)) => Err(why.into()),
            Err(NotPut::BeingDeleted) => {
                let why = "an earlier secret of that name is still being deleted";
                Err(Unavailable::new("keeping a secret", why).into())
            }
        }
    }

    /// A publishable key may have been kept as a secret before.
    async fn reveal(&self, name: SecretName) -> Result<Secret, VaultError> {
        if !name.purpose.is_secret() {
            match self.sealed.reveal(name).await {
                Err(VaultError::Gone) => {}
                revealed => return revealed,
            }
        }
        let get = self.client.get_secret_value().secret_id(self.id_of(name)).send();
        let (has_place, found) = join(self.has_place(name.account), get).await;
        has_place?;
        let found = match found {
            Ok(found) => found,
            Err(error) if is_gone(&error) => return Err(VaultError::Gone),
            Err(error) => return Err(unavailable("revealing a secret", error).into()),
        };
        let text = Secret::new(found.secret_string.unwrap_or_default());
        let value: Value<'_> = serde_json::from_str(text.expose())
            .map_err(|why| Corrupt::new("opening a secret", why))?;
        Ok(Secret::new(value.secret))
    }

    async fn forget(&self, name: SecretName) -> Result<Vec<Write>, ReadError> {
        if name.purpose.is_secret() { Ok(Vec::new()) } else { self.sealed.forget(name).await }
    }

    async fn destroy(&self, name: SecretName) -> Result<(), Unavailable> {
        self.delete(&self.id_of(name)).await
    }

    async fn seal(
        &self,
        scope: SealScope,
        label: &str,
        plain: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.sealed.seal(scope, label, plain).await
    }

    async fn open(
        &self,
        scope: SealScope,
        label: &str,
        sealed: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.sealed.open(scope, label, sealed).await
    }
}

/// Returns the reason why a secret could not be changed.
fn not_put<E, R>(error: SdkError<E, R>) -> NotPut
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    R: fmt::Debug + Send + Sync + 'static,
{
    if is_gone(&error) {
        NotPut::BeingDeleted
    } else {
        NotPut::Unavailable(unavailable("keeping a secret", error))
    }
}

/// Returns whether a secret does not exist, or is being deleted.
fn is_gone<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    const GONE: [Option<&str>; 2] =
        [Some("ResourceNotFoundException"), Some("InvalidRequestException")];
    error.as_service_error().is_some_and(|error| GONE.contains(&error.code()))
}
