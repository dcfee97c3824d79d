//! API keys.

mod change;
mod create;
mod ending;
mod http;
mod import;
mod input;
mod list;
mod new;
mod quota;
mod representation;
mod reveal;
mod shown;

#[cfg(test)]
pub(crate) use self::import::Import;
pub(crate) use self::{
    http::routes, input::Scopes, quota::working as working_keys, representation::Resource,
};
