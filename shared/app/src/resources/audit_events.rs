//! Audit log: the history of settings.

mod history;
mod http;
mod representation;
mod subject;
mod wanted;

pub(crate) use self::http::routes;
