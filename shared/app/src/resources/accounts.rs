//! Accounts: the operator's customers.

mod commands;
mod find;
mod http;
mod overview;
mod queries;
mod representation;

pub(crate) use self::{
    http::{found, overviews, public_routes, routes},
    representation::Resource,
};
