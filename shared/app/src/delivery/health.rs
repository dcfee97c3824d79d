//! Health of a webhook: since when all of its deliveries have failed.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// Document with the time since when every delivery of a webhook has failed; absent while it works.
#[derive(Serialize, Deserialize)]
pub(crate) struct Health {
    pub(crate) failing_since: Timestamp,
}
