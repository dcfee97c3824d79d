//! Statistics of attempts over time, for charts: sums of what was counted as each attempt was
//! recorded, so that they cost the same however many there were.

mod attempts;
mod covered;
mod edges;
mod http;
mod representation;
mod waiting;

pub(crate) use self::{
    http::{alarms, routes},
    representation::Alarm,
};
