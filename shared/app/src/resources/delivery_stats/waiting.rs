//! Count of the deliveries that wait for their next attempt.

use domain::delivery::{Delivery, Status};
use ports::store::Range;

use super::covered::Covered;
use crate::{
    Backend,
    auth::{Access, find_account},
    delivery::event::standing,
    documents::read,
    paging::Source,
    problem::{Code, Problem},
    views::{Spread, collections},
};

/// Maximum number of deliveries of a webhook examined for the count of waiting ones.
const MOST_DELIVERIES: usize = 100;

/// Deliveries that are waiting.
pub(crate) struct Waiting {
    /// Number of them, among the newest 100 undelivered ones of each of 25 webhooks.
    pub(crate) count: u64,
    /// True if there were more than were examined.
    pub(crate) sampled: bool,
}

/// Counts the newest undelivered deliveries of each webhook that are still to be tried.
pub(crate) async fn waiting(
    backend: &Backend,
    access: &Access,
    covered: &Covered,
) -> Result<Waiting, Problem> {
    let account = find_account(backend, access.id()).await?.ok_or(Code::NotFound)?;
    let (mut count, mut sampled) = (0, covered.are_more);
    for webhook in &covered.webhooks {
        let standing = standing(&account.state, webhook);
        let list = collections::undelivered(access.id(), webhook.id);
        let partitions = Spread::of(&*backend.store).all(&list);
        let undelivered = Source { partitions, index: true, range: Range::default() };
        let rows = undelivered.newest(backend, None, MOST_DELIVERIES + 1).await?;
        sampled |= rows.len() > MOST_DELIVERIES;
        for row in rows.iter().take(MOST_DELIVERIES) {
            let delivery: Delivery = read(&row.document.body)?;
            count += u64::from(delivery.standing(standing) == Status::Retrying);
        }
    }
    Ok(Waiting { count, sampled })
}
