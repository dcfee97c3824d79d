//! Operator tokens: named credentials of the operator's own services.

mod commands;
mod http;
mod queries;
mod representation;
mod used;

pub(crate) use self::http::routes;
