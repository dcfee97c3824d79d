//! Service: health, metrics and the API's description.

mod http;

pub(crate) use self::http::{METRICS, routes};
