//! Accounts: the operator's customers.

mod commands;
mod http;
mod queries;
mod representation;

pub(crate) use self::http::{public_routes, routes};
