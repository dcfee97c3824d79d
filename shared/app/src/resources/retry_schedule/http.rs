//! Route of the retry schedule.

use super::representation::Resource;
use crate::{
    http::{
        extract::{AnyDeveloper, Asks, NoQuery},
        routes::{Routes, routes},
    },
    work::{Answered, Reply},
};

/// Returns the routes of the retry schedule.
pub(crate) fn routes() -> Routes {
    Routes::new().routes(routes!(retrieve))
}

/// Show the retry schedule
#[utoipa::path(get, path = "/v1/retry_schedule", tag = "Webhooks",
    responses((status = 200, description = "The retry schedule", body = Resource)))]
async fn retrieve(_: AnyDeveloper, Asks(work): Asks, _: NoQuery) -> Answered {
    Ok(Reply::ok(&Resource::from(&work.backend.settings.schedule)))
}
