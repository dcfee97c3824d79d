//! Events that the operator posts, and the status of their deliveries.

mod advance;
mod batch;
mod erase;
mod http;
mod input;
mod newly_accepted;
mod post;
mod queries;
mod representation;
mod resend;

pub(crate) use self::{
    http::routes,
    input::{PostData, PostedData},
    newly_accepted::NewlyAccepted,
};
pub use representation::Resource;
