//! API keys.

mod create;
mod ending;
mod http;
mod list;
mod new;
mod quota;
mod representation;
mod reveal;
mod shown;

pub(crate) use self::http::routes;
