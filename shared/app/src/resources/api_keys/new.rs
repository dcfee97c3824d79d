//! New API key, before it is created.

use domain::{
    Environment, KeyType, Secret, Timestamp,
    id::{AccountId, KeyId},
    key::{ApiKey, Created, Settings, foreign, token},
};

use super::shown::{Shown, name};
use crate::{
    auth::of_hash,
    documents::Shows,
    problem::Problem,
    secrets::Secrets,
    work::{Reply, Work},
};

/// API key that is about to be created.
pub(super) struct New {
    pub(super) id: KeyId,
    account: AccountId,
    key_type: KeyType,
    environment: Environment,
    pub(super) text: Secret,
    fingerprint: String,
}

impl New {
    pub(super) async fn mint(
        work: &Work,
        account: AccountId,
        key_type: KeyType,
        environment: Environment,
    ) -> Result<Self, Problem> {
        let backend = &work.backend;
        let text =
            token::mint(&backend.settings.key_prefix, key_type, environment, backend.random());
        let fingerprint = of_hash(backend, &foreign::hash(text.expose())).await?.in_use.to_string();
        Ok(Self { id: backend.new_id(work.now), account, key_type, environment, text, fingerprint })
    }

    pub(super) fn created(&self, settings: Settings, expires_at: Option<Timestamp>) -> Created {
        let Settings { name, scopes, metadata, rate_limit, allowed_networks } = settings;
        Created {
            id: self.id,
            account: self.account,
            key_type: self.key_type,
            environment: self.environment,
            name,
            redacted: token::redacted(self.text.expose()),
            fingerprint: self.fingerprint.clone(),
            expires_at,
            imported: false,
            revealable: true,
            scopes,
            metadata,
            rate_limit,
            allowed_networks,
        }
    }

    /// Returns the answer that shows the key whole, as it was created.
    pub(super) fn shown_by(
        &self,
        answer: impl Fn(Shown) -> Reply,
        key: ApiKey,
        work: &Work,
    ) -> Reply {
        let reply = answer(Shown::made(key, work.now, Some(self.text.clone())));
        match self.key_type {
            KeyType::Secret => {
                let shows = Shows::ApiKey { environment: self.environment, key: self.id };
                reply.showing_kept(shows, &self.text)
            }
            // No secret: it is shown whole wherever it is shown.
            KeyType::Publishable => reply,
        }
    }

    /// Returns the secret to keep, of a key that ends then.
    pub(super) fn secrets(&self, ends_at: Option<Timestamp>) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.keep(name(self.account, self.id, self.key_type), self.text.clone());
        if ends_at.is_some() {
            end(&mut secrets, (self.account, self.id), self.key_type, ends_at);
        }
        secrets
    }
}

/// Lets the text of a key go a day after the key ends. A publishable key is no secret, and is always
/// shown.
pub(super) fn end(
    secrets: &mut Secrets,
    (account, key): (AccountId, KeyId),
    key_type: KeyType,
    ends_at: Option<Timestamp>,
) {
    if key_type == KeyType::Secret {
        secrets.end(name(account, key, key_type), ends_at);
    }
}
