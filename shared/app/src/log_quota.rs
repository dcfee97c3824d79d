//! Log quota: the bytes of log rows that are kept of each account in a day.

use domain::{Timestamp, id::AccountId};
use ports::{
    Chain,
    limiter::{Budget, Use},
    store::Write,
};

use crate::{
    Backend,
    documents::{RequestRow, StoredRequestRow},
    lateness::Lateness,
    tally::Spent,
    views::to_body,
};

/// Bytes that a row takes beside its body: keys, index entries, and its place in each.
const BESIDE_BODY: usize = 512;

impl Backend {
    /// Returns whether a row of `account` for `request` is kept, and counts its bytes if so.
    pub(crate) async fn keeps(&self, account: AccountId, request: &RequestRow) -> bool {
        let body = to_body(&StoredRequestRow::of(request, Lateness::default()));
        self.keeps_bytes(account, body.len(), request.created_at).await
    }

    /// Returns whether a row of `account` that is stored by `write` is kept, and counts its bytes if
    /// so. One that is not is in the tally.
    pub(crate) async fn keeps_write(&self, account: AccountId, write: &Write) -> bool {
        let bytes = match write {
            Write::Put { body, .. } => body.len(),
            _ => 0,
        };
        let keeps = self.keeps_bytes(account, bytes, self.now()).await;
        if !keeps {
            self.tally.spent(Spent::LogRows);
        }
        keeps
    }

    /// A row is not kept either if its bytes can't be counted: then it could hardly be written.
    async fn keeps_bytes(&self, account: AccountId, body: usize, now: Timestamp) -> bool {
        let bytes = u64::try_from(body + BESIDE_BODY).unwrap_or(u64::MAX);
        let rate = self.settings.limits.log_bytes;
        let budget = Budget::Account(account, Use::LogBytes);
        match self.limiter.take(budget, rate, bytes, now).await {
            Ok(allowance) => allowance.admitted,
            Err(why) => {
                tracing::warn!(error = %Chain(&why), "a log row could not be counted, so it is not kept");
                false
            }
        }
    }
}
