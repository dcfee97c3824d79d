//! Health of deliveries as the API answers with it.

use domain::{Timestamp, id::AccountId};
use serde::Deserialize;

use super::Trouble;

#[derive(Debug, Deserialize)]
pub(crate) struct DeliveryHealth {
    pub(crate) failing: Vec<Failing>,
    pub(crate) most_failing: Vec<MostFailing>,
    pub(crate) slowest: Vec<Slow>,
}

/// Webhook of any account, as the operator sees it.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    pub(crate) account_id: String,
    pub(crate) account_name: Option<String>,
    pub(crate) webhook_id: String,
    pub(crate) webhook_url: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) status: Option<String>,
}

impl Which {
    /// Page of the webhook: an operational one has one of another kind.
    pub(crate) fn page(&self) -> String {
        let Self { account_id, webhook_id, .. } = self;
        if self.is_operational() {
            return format!("/operator/webhooks/{webhook_id}");
        }
        format!("/operator/accounts/{account_id}/webhooks/{webhook_id}")
    }

    /// Page of its account; of an operational webhook, the list of those.
    pub(crate) fn account_page(&self) -> String {
        if self.is_operational() {
            return "/operator/webhooks".to_owned();
        }
        format!("/operator/accounts/{}", self.account_id)
    }

    fn is_operational(&self) -> bool {
        self.account_id == AccountId::OPERATOR.to_string()
    }

    /// Returns whether the webhook is disabled.
    pub(crate) fn is_disabled(&self) -> bool {
        self.status.as_deref() == Some("disabled")
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Failing {
    #[serde(flatten)]
    pub(crate) webhook: Which,
    #[serde(flatten)]
    pub(crate) trouble: Trouble,
}

#[derive(Debug, Deserialize)]
pub(crate) struct MostFailing {
    #[serde(flatten)]
    pub(crate) webhook: Which,
    pub(crate) failed_first_attempts: u64,
    pub(crate) last_at: Timestamp,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Slow {
    #[serde(flatten)]
    pub(crate) webhook: Which,
    pub(crate) slow_attempts: u64,
    pub(crate) slowest_ms: u64,
    pub(crate) last_at: Timestamp,
}
