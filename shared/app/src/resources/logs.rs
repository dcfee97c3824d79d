//! Logs of API requests and of deliveries.

mod counting;
mod http;
mod input;
mod keeping;
mod last_used;
mod of_events;
mod queries;
mod report;
mod representation;
mod request;
mod rows;
mod wanted;

pub(crate) use self::http::routes;
pub use last_used::LastUsed;
pub(crate) use last_used::{last_used, write_of_use};
pub(crate) use request::{counted_row, near as near_request};

pub use crate::documents::{RequestRow, RequestRowDetails};
