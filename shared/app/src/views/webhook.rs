use domain::Environment;
use domain::webhook::Webhook;
use ports::{
    store::{IndexEntry, Key, StreamId},
    vault::{SecretName, SecretPurpose},
};
use serde_json::json;

use super::{Derivation, View, collections};
use crate::documents::{PublicKeys, StateDocument, StoredWebhook};

impl View for Webhook {
    type Form = StoredWebhook;

    fn stream(&self) -> StreamId {
        StreamId::Webhook(self.account, self.id)
    }

    fn environment(&self) -> Option<Environment> {
        Some(self.environment)
    }

    fn key(&self) -> Key {
        collections::webhooks(self.account, self.environment).key(self.id)
    }

    /// Returns the names of its signing secrets, of its headers' values, and of its URL if that has
    /// credentials.
    fn secrets(&self) -> Vec<SecretName> {
        let signing = self.kept_secrets();
        let signing = signing.map(|number| SecretPurpose::SigningSecret(self.id, number));
        let url = self.endpoint.secret.map(|number| SecretPurpose::WebhookUrl(self.id, number));
        let headers = self.headers.as_ref();
        let headers = headers.map(|own| SecretPurpose::WebhookHeaders(self.id, own.secret));
        let named = |purpose| SecretName { account: self.account, purpose };
        signing.chain(url).chain(headers).map(named).collect()
    }

    /// Derives nothing from a deleted webhook: its URL is free again and it no longer counts.
    fn derive(&self, version: u64) -> Derivation {
        if self.deleted_at.is_some() {
            return Derivation::default();
        }
        let (account, environment) = (self.account, self.environment);
        let derived = match PublicKeys::of(self) {
            None => Derivation::default(),
            Some(keys) => {
                let key = collections::webhook_public_keys(self.id);
                Derivation::default().document(key, &keys, vec![])
            }
        };
        let hears = self.hears_statements().then(|| IndexEntry {
            partition: collections::statement_webhooks(),
            sort: self.id.to_string(),
        });
        let state = StateDocument::<StoredWebhook>::of(version, self);
        derived
            .document(self.key(), &state, hears.into_iter().collect())
            .unique(
                collections::webhook_url(account, environment, &self.endpoint.fingerprint),
                &json!({ "webhook": self.id }),
            )
            .counted(collections::webhook_count(account, environment))
    }
}
