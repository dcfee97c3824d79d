//! Webhooks.

mod change;
mod create;
mod disable;
mod endpoint;
mod filter;
mod find;
mod headers;
mod http;
mod input;
mod jwks;
mod list;
mod operational;
mod overlap;
mod ping;
mod recover;
mod representation;
mod sample;
mod secrets;
mod statement;
mod undelivered;

#[cfg(test)]
pub(crate) use self::statement::StatementProgress;
pub(crate) use self::{
    disable::disable,
    http::{finish, overlap, routes, sample, undelivered, undo},
    jwks::http::open_routes,
    operational::http::routes as operational_routes,
    representation::Resource,
};
