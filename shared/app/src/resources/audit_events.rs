//! Audit log: the history of settings.

mod history;
mod http;
mod representation;

pub(crate) use self::http::routes;
