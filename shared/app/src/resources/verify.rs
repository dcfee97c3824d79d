//! Verification of an API key, called by the operator's own API for each of its requests.

mod http;
mod key;

pub(crate) use self::http::routes;
pub use key::{Fault, Verified, Wanted};
