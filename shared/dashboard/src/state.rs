//! State that every handler shares.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use axum::Router;
use domain::{Envelope, Jurisdictions};
use http::Extensions;
use ports::{Clock, Ids, Vault};

use crate::{Branding, Words, brand::Brand};

/// Settings and ports that the pages need.
#[derive(Clone)]
pub struct Options {
    /// True if people reach the pages over TLS; cookies are then marked `Secure`.
    pub secure: bool,
    /// Sites that may show the pages in a frame, in the notation of `frame-ancestors` in a
    /// Content-Security-Policy; none by default.
    pub frame_ancestors: Vec<String>,
    /// Look of the customers' pages, and their words.
    pub branding: Branding,
    /// Jurisdictions that are distinguished.
    pub jurisdictions: Jurisdictions,
    /// Envelope of deliveries.
    pub envelope: Envelope,
    /// Time for which a delivery that fails is tried again.
    pub retried_for: Duration,
    /// Clock.
    pub clock: Arc<dyn Clock>,
    /// Source of randomness.
    pub ids: Arc<dyn Ids>,
    /// Vault that seals the operator's session.
    pub vault: Arc<dyn Vault>,
    /// Ways in which the operator signs in.
    pub sign_in: SignInWays,
    /// Copies request extensions that the API reads (the caller's address) to the requests that the
    /// pages make.
    pub carry: fn(&Extensions, &mut Extensions),
}

/// Ways in which the operator signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInWays {
    /// True if an operator token signs in.
    pub token: bool,
    /// Name of the identity provider at which people sign in, if there is one.
    pub provider: Option<String>,
}

impl Default for SignInWays {
    fn default() -> Self {
        Self { token: true, provider: None }
    }
}

/// State that every handler shares.
#[derive(Clone)]
pub(crate) struct Page(pub(crate) Arc<Parts>);

impl Page {
    /// Look of the customers' pages.
    pub(crate) fn brand(&self) -> &Brand {
        &self.0.brand
    }

    /// Path of the page that a session begins with.
    pub(crate) fn entrance(&self) -> &'static str {
        if self.0.brand.of.parts.keys { "/dashboard/keys" } else { "/dashboard/" }
    }

    /// Words of the pages.
    pub(crate) fn say(&self) -> &Words {
        self.0.brand.say()
    }
}

pub(crate) struct Parts {
    pub(crate) api: LazyLock<Router, Box<dyn FnOnce() -> Router + Send>>,
    pub(crate) brand: Brand,
    pub(crate) options: Options,
}
