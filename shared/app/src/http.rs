//! HTTP API: routing, request parsing and answers.
//!
//! * [`gate`] runs before every route: request ids, authentication, rate limits, the API log, and
//!   the one place where a [`Problem`](crate::problem::Problem) becomes a body;
//! * `about` says which account a request is about;
//! * `body` says whose a request's body is, and why the server cut it off;
//! * `leftover` reads the rest of a body once the answer is known;
//! * `cors` names the routes that pages of other origins may call;
//! * `compatibility` words answers as clients of the modelled service expect them;
//! * [`extract`] has the extractors: the caller's access, bodies, queries, path ids;
//! * [`fields`] reads bodies and queries into types;
//! * `media` determines the media type of a body, and refuses compressed ones;
//! * [`list`] reads lists in pages;
//! * `routes` makes routes from handlers, [`parts`] groups them and puts them behind the gate, and
//!   [`openapi`] completes the document that they generate;
//! * the routes themselves are in [`resources`](crate::resources), in `http.rs` of each
//!   resource.

mod about;
mod answer;
mod body;
pub(crate) mod compatibility;
mod cors;
pub mod extract;
pub mod fields;
pub mod gate;
pub(crate) mod headers;
pub(crate) mod jurisdiction;
mod leftover;
pub mod list;
mod media;
pub mod openapi;
pub mod parts;
pub(crate) mod rate;
pub(crate) mod routes;
pub mod text;
mod turn;

pub use about::About;
pub use body::{BodyOwner, BodyRefused, Owner};
pub use gate::ClientIp;
