//! Count of a webhook's undelivered deliveries, by status: what a recovery would take up, and how far
//! one that is under way has come.

use domain::{
    delivery::{Delivery, Status},
    id::{EventId, WebhookId},
};
use serde::Serialize;

use super::find::find;
use crate::{
    Backend,
    auth::Access,
    delivery::event::standing,
    documents::read,
    paging::{Period, Source},
    problem::Problem,
    views::{Spread, collections},
    work::Work,
};

/// Largest number of deliveries that are examined for one answer.
const MOST: usize = 1_000;

/// Number of deliveries by status, newest first as far as they were examined. One whose first attempt
/// is still to come has no document, and is not among them.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Undelivered {
    /// Queued again by a recovery, and not attempted since.
    pending: u64,
    retrying: u64,
    exhausted: u64,
    cancelled: u64,
    /// True if there are more than were examined.
    are_more: bool,
}

/// Counts the undelivered deliveries of the webhook `id`, of events created in a period: the newest,
/// `most` at most.
pub(super) async fn count_undelivered(
    work: &Work,
    access: &Access,
    id: WebhookId,
    (period, most): (Period, usize),
) -> Result<Undelivered, Problem> {
    let webhook = find(work, access, id).await?.state;
    let standing = standing(&access.account.state, &webhook);
    let most = most.min(MOST);
    let deliveries = newest(&work.backend, access, id, (period, most + 1)).await?;
    let mut counted = Undelivered { are_more: deliveries.len() > most, ..<_>::default() };
    for delivery in deliveries.into_iter().take(most) {
        match delivery.standing(standing) {
            Status::Pending => counted.pending += 1,
            Status::Retrying => counted.retrying += 1,
            Status::Exhausted => counted.exhausted += 1,
            Status::Cancelled => counted.cancelled += 1,
            Status::Delivered => {}
        }
    }
    Ok(counted)
}

/// Reads the newest undelivered deliveries of events created in a period, `limit` at most.
async fn newest(
    backend: &Backend,
    access: &Access,
    id: WebhookId,
    (period, limit): (Period, usize),
) -> Result<Vec<Delivery>, Problem> {
    let partitions = Spread::of(&*backend.store).all(&collections::undelivered(access.id(), id));
    let listed = Source { partitions, index: true, range: period.of_ids(EventId::PREFIX) };
    let rows = listed.newest(backend, None, limit).await?;
    Ok(rows.iter().map(|row| read(&row.document.body)).collect::<Result<_, _>>()?)
}
