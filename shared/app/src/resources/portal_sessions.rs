//! Portal sessions: a person of the customer's in the dashboard.

mod http;
mod open;
mod redeem;
mod representation;
mod tokens;

pub(crate) use self::http::{look, open_routes, routes};
