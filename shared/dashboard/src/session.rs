//! Sessions, and the check that a form belongs to one.
//!
//! A customer's browser has the token of a portal session in a cookie that scripts can't read; the
//! operator's has a sealed session. The server keeps neither. A form is accepted if the browser
//! says that it comes from this origin and it carries the session's own form token.

pub(crate) mod cookie;
pub(crate) mod form;
pub(crate) mod operator;
pub(crate) mod portal;
pub(crate) mod provider;
mod token;

pub(crate) use self::{
    form::{Fields, Form},
    operator::Operator,
    portal::Portal,
    token::FormToken,
};

use domain::{Timestamp, id::RequestId};
use http::{Extensions, request::Parts};

use crate::{Page, client::Client};

impl Page {
    /// Client of the API for a request without credentials.
    pub(crate) fn client(&self, parts: &Parts) -> Client {
        let mut extensions = Extensions::new();
        (self.0.options.carry)(&parts.extensions, &mut extensions);
        Client::new(self.0.api.clone(), extensions)
    }

    /// Current time.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.options.clock.now()
    }

    /// Makes an identifier for a request.
    pub(crate) fn new_request_id(&self) -> RequestId {
        self.0.options.ids.ulid(self.now()).into()
    }

    /// Draws an idempotency key for a form, so that sending it twice has one effect.
    pub(crate) fn once(&self) -> String {
        self.0.options.ids.ulid(self.now()).to_string().to_ascii_lowercase()
    }
}
