//! Connections under a clock that stands still.

mod bodies;
mod client;
mod deadlines;
mod http2;
mod refusals;
