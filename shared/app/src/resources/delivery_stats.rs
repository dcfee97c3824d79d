//! Statistics of attempts over time, for charts: counted from the log, at a bounded cost.
//!
//! A chart needs no exact figures where there are many attempts. So the newest rows of each bucket
//! are counted, and if there are more, the rest is estimated. Counts of a bucket that is over no
//! longer change, and are cached.

mod attempts;
mod count;
mod http;
mod past;
mod representation;
mod waiting;

pub(crate) use self::http::routes;
pub use past::Past;
