//! Who is signed in, and which forms are theirs.
//!
//! A customer's person has the token of a portal session in a cookie that scripts can't read; the
//! operator has a sealed session. Nothing of either is kept here. A form counts when the browser
//! says that it comes from this page and it carries the session's own form token.

pub(crate) mod cookie;
pub(crate) mod form;
pub(crate) mod operator;
pub(crate) mod portal;
mod token;

pub(crate) use self::{
    form::{Fields, Form},
    operator::Operator,
    portal::Portal,
    token::FormToken,
};

use domain::Timestamp;
use http::{Extensions, request::Parts};

use crate::{Page, client::Client};

impl Page {
    /// The API for a request of nobody yet.
    pub(crate) fn client(&self, parts: &Parts) -> Client {
        let mut extensions = Extensions::new();
        (self.0.options.carry)(&parts.extensions, &mut extensions);
        Client::new(self.0.api.clone(), extensions)
    }

    /// The wall clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.options.clock.now()
    }

    /// A key for a form that is to be done once, however often it is sent.
    pub(crate) fn once(&self) -> String {
        self.0.options.ids.ulid(self.now()).to_string().to_ascii_lowercase()
    }
}
