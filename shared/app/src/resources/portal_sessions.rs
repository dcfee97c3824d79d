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

pub(crate) use self::{
    end::find,
    http::{look, open_routes, routes, sign_out},
    representation::{OwnTerms, SessionActor},
    row::Session,
};
