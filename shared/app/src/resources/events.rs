//! Events that the operator posts, and the status of their deliveries.

mod http;
mod post;
mod queries;
mod representation;
mod resend;

pub(crate) use self::{http::routes, post::NewlyAccepted};
pub use representation::Resource;
