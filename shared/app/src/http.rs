//! The HTTP API: how requests become work, and work becomes answers.
//!
//! * [`gate`] stands before every route: request ids, authentication, rate limits, the API log, and
//!   the one place where a [`Problem`](crate::problem::Problem) becomes a body;
//! * `leftover` reads what is left of a body once the answer is known;
//! * `cors` says which routes pages of other origins may call;
//! * [`extract`] has the extractors: the caller's access, bodies, queries, path ids;
//! * [`fields`] reads bodies and queries into types;
//! * `media` says how a body is written, and refuses compressed ones;
//! * [`list`] pages;
//! * `routes` makes routes of handlers, [`parts`] says which belong together and puts them behind
//!   the gate, and [`openapi`] completes the document that they generate;
//! * the routes themselves are in [`resources`](crate::resources), one file a resource.

pub mod answer;
mod cors;
pub mod extract;
pub mod fields;
pub mod gate;
mod leftover;
pub mod list;
mod media;
pub mod openapi;
pub mod parts;
pub(crate) mod routes;
pub mod text;

pub use gate::{About, ClientIp};
