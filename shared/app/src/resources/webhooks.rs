//! Webhooks.

mod change;
mod create;
mod disable;
mod endpoint;
mod find;
mod http;
mod input;
mod list;
mod ping;
mod recover;
mod representation;
mod secrets;

pub(crate) use self::{disable::disable, http::routes};
