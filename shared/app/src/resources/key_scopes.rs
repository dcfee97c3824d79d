//! Catalogue of scopes, and the check of keys against it.

mod catalogue;
mod http;
mod representation;

pub(crate) use self::{catalogue::check_scopes, http::routes};
