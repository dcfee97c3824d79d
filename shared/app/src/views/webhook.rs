use domain::Environment;
use domain::webhook::Webhook;
use ports::store::StreamId;
use serde_json::json;

use super::{Derivation, Versioned, View, collections};

impl View for Webhook {
    fn stream(&self) -> StreamId {
        StreamId::Webhook(self.account, self.id)
    }

    fn environment(&self) -> Option<Environment> {
        Some(self.environment)
    }

    /// A deleted webhook stands for nothing: its URL is free again and counts no more.
    fn derive(&self, version: u64) -> Derivation {
        if self.deleted_at.is_some() {
            return Derivation::default();
        }
        let (account, environment) = (self.account, self.environment);
        Derivation::default()
            .document(
                collections::webhooks(account, environment).key(self.id),
                &Versioned { version, state: self, revision: 0 },
                vec![],
            )
            .unique(
                collections::webhook_url(account, environment, &self.endpoint.fingerprint),
                &json!({ "webhook": self.id }),
            )
            .counted(collections::webhook_count(account, environment))
    }
}
