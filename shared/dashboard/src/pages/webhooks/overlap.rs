//! Overlap of a rotated signing secret: until when the earlier one signs, and what was signed with both.

use domain::Timestamp;
use serde::Deserialize;

use super::progress::attempts;
use crate::{
    client::{
        encoded,
        resources::{AuditEvent, List},
    },
    session::Portal,
};

/// Overlap that has not ended.
pub(super) struct Overlap {
    /// Number of earlier secrets that sign.
    pub(super) earlier: usize,
    /// Time at which the last of them ends.
    pub(super) ends_at: Timestamp,
    /// Time of the rotation, the number of attempts since, and those of them that were acknowledged.
    pub(super) since: Option<(Timestamp, u64, u64)>,
}

/// Times until which earlier secrets sign.
#[derive(Deserialize)]
pub(super) struct Signing {
    earlier: Vec<Timestamp>,
}

/// Path of the overlap, beside the API.
pub(super) fn beside(id: &str, verb: &str) -> String {
    format!("/page/webhooks/{}/overlap{verb}", encoded(id))
}

impl Overlap {
    /// Reads the overlap of the webhook; none if only one secret signs, or that can't be told.
    pub(super) async fn read(portal: &Portal, id: &str) -> Option<Self> {
        let Signing { earlier } = portal.api.get(&beside(id, "")).await.ok()?;
        let ends_at = *earlier.iter().max()?;
        let since = if portal.terms.reads_logs() { since(portal, id).await } else { None };
        Some(Self { earlier: earlier.len(), ends_at, since })
    }
}

/// Finds when the secret was rotated, and what was sent since.
async fn since(portal: &Portal, id: &str) -> Option<(Timestamp, u64, u64)> {
    let path =
        format!("/v1/audit_events?subject={}&type=webhook.secret_rotated&per_page=1", encoded(id));
    let rotations: List<AuditEvent> = portal.api.get(&path).await.ok()?;
    let at = rotations.data.first()?.created_at;
    let (attempts, succeeded) = attempts(&portal.api, id, at, portal.now).await?;
    Some((at, attempts, succeeded))
}
