//! Event types: the types of event that the operator announces.

mod checks;
mod http;
mod register;
mod registry;
mod representation;
mod schema;

pub(crate) use self::{
    checks::{check_event, check_subscriptions},
    http::routes,
};
pub use schema::Schemas;
