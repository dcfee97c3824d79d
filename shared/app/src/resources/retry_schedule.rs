//! Retry schedule of failed deliveries.

mod http;
mod representation;

pub(crate) use self::http::routes;
