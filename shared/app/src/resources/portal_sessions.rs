//! Portal sessions: a person of the customer's in the dashboard.

mod end;
mod http;
mod input;
mod list;
mod open;
mod redeem;
mod representation;
mod row;
mod tokens;

pub(crate) use self::http::{look, open_routes, own, routes, sign_out};
pub(crate) use self::representation::SessionActor;
#[cfg(test)]
pub(crate) use self::row::Session;
