//! State that every handler shares.

use std::sync::{Arc, LazyLock};

use axum::Router;
use http::Extensions;
use ports::{Clock, Ids, Vault};

/// Settings and ports that the pages need.
#[derive(Clone)]
pub struct Options {
    /// True if people reach the pages over TLS; cookies are then marked `Secure`.
    pub secure: bool,
    /// Sites that may show the pages in a frame, in the notation of `frame-ancestors` in a
    /// Content-Security-Policy; none by default.
    pub frame_ancestors: Vec<String>,
    /// Clock.
    pub clock: Arc<dyn Clock>,
    /// Source of randomness.
    pub ids: Arc<dyn Ids>,
    /// Vault that seals the operator's session.
    pub vault: Arc<dyn Vault>,
    /// Copies request extensions that the API reads (the caller's address) to the requests that the
    /// pages make.
    pub carry: fn(&Extensions, &mut Extensions),
}

/// State that every handler shares.
#[derive(Clone)]
pub(crate) struct Page(pub(crate) Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) api: LazyLock<Router, Box<dyn FnOnce() -> Router + Send>>,
    pub(crate) options: Options,
}
