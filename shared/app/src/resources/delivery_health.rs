//! Health of deliveries over all accounts, for the operator.

mod failing;
mod http;
mod place;
mod ranking;
mod representation;

pub(crate) use self::http::routes;
pub use ranking::Rankings;
pub(crate) use representation::Trouble;
