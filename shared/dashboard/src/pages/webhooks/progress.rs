//! Progress of a retry: what is still to be attempted, and what became of the rest.

use std::{borrow::Cow, time::Duration};

use domain::Timestamp;

use crate::{
    client::{
        Client, Refusal, encoded,
        resources::{Bucket, DeliveryStats, Recovery, Undelivered, Webhook},
    },
    session::{Fields, Portal},
    words::WebhookWords,
};

/// Largest number of deliveries that are counted.
pub(super) const MOST: usize = 1_000;
/// Largest number that are counted for a page that nobody asked to retry anything on.
const FEW: usize = 100;

/// Progress of what was queued again.
pub(super) struct Progress {
    /// Number of deliveries that are still to be attempted.
    to_come: u64,
    /// True if there are more than were counted.
    are_more: bool,
    /// Number of deliveries that were queued, if that is known.
    queued: Option<u64>,
    /// True if more are queued after the form was answered: there were too many for it.
    continues: bool,
    /// Attempts since then, and those of them that were acknowledged.
    since: Option<(u64, u64)>,
}

impl Progress {
    /// Reads the progress of what is queued again for the webhook; none if nothing is and nothing was
    /// just asked for, or if that can't be told.
    pub(super) async fn read(portal: &Portal, webhook: &Webhook, query: &Fields) -> Option<Self> {
        let id = &webhook.id;
        let going_on = webhook.recovery.as_ref().filter(|recovery| recovery.ended_at.is_none());
        let asked: Option<u64> = query.get("recovered").parse().ok();
        let begun = query.get("at").parse().ok();
        let begun: Option<Timestamp> = going_on.map(|recovery| recovery.asked_at).or(begun);
        let most = if asked.is_some() { MOST } else { FEW };
        let found = undelivered(&portal.api, id, "", most).await.ok()?;
        if found.pending == 0 && going_on.is_none() && asked.is_none_or(|asked| asked == 0) {
            return None;
        }
        let since = match begun.filter(|_| portal.terms.reads_logs()) {
            Some(begun) => attempts(&portal.api, id, begun, portal.now).await,
            None => None,
        };
        // One that went on after its answer has queued more than that said.
        let is_it = |one: &&Recovery| begun.is_some_and(|begun| one.asked_at >= begun);
        let whole = webhook.recovery.as_ref().filter(is_it).map(|recovery| recovery.count);
        Some(Self {
            to_come: found.pending,
            are_more: found.are_more,
            queued: whole.max(asked),
            continues: going_on.is_some(),
            since,
        })
    }

    /// Returns whether attempts are still to come.
    pub(super) const fn is_running(&self) -> bool {
        self.to_come > 0 || self.continues
    }

    /// Progress in sentences.
    pub(super) fn words(&self, say: &WebhookWords) -> String {
        let still = match self.to_come {
            count if self.are_more => say.to_come_at_least(count),
            0 if self.continues => Cow::Borrowed(""),
            0 => say.all_attempted(),
            1 => say.one_to_come(),
            count => say.to_come(count),
        };
        let queued = self.queued.filter(|_| self.continues).map(|count| say.queued_so_far(count));
        let since = self.since.map(|(attempts, good)| say.attempts_since(attempts, good));
        let told = [Some(still), queued, since].into_iter().flatten();
        told.filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// Number of deliveries that were attempted, and of all of them, for a bar; none if that is not
    /// known.
    pub(super) fn bar(&self) -> Option<(u64, u64)> {
        let queued = self.queued.filter(|_| !self.continues && !self.are_more)?;
        Some((queued.saturating_sub(self.to_come), queued))
    }
}

/// Counts the attempts from `begun` on, and those of them that were acknowledged.
pub(super) async fn attempts(
    api: &Client,
    id: &str,
    begun: Timestamp,
    now: Timestamp,
) -> Option<(u64, u64)> {
    let until = now.plus(Duration::from_secs(1));
    let path = format!(
        "/v1/delivery_stats?webhook_id={}&since={begun}&until={until}&buckets=1",
        encoded(id)
    );
    let stats: DeliveryStats = api.get(&path).await.ok()?;
    let sum = |of: fn(&Bucket) -> u64| stats.buckets.iter().map(of).sum();
    Some((sum(|bucket| bucket.attempts), sum(|bucket| bucket.succeeded)))
}

/// Counts a webhook's undelivered deliveries, `most` at most.
pub(super) async fn undelivered(
    api: &Client,
    id: &str,
    period: &str,
    most: usize,
) -> Result<Undelivered, Refusal> {
    api.get(&format!("/page/webhooks/{}/undelivered?most={most}{period}", encoded(id))).await
}
