//! Replies to requests, in whatever protocol they came.

use bytes::Bytes;
use domain::{Environment, Secret, id::EventId};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::{documents::Shows, problem::Problem};

/// Result of a use case that answers a request.
pub type Answered = Result<Reply, Problem>;

/// Reply to a request: a status and a body.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Number of the status, as HTTP has them.
    pub status: u16,
    /// Body: JSON, and a newline.
    pub body: Bytes,
    /// True if the request is a repeat.
    pub is_replayed: bool,
    /// Secret in the body; none if there is none, or the answer is not kept.
    pub(super) shown: Option<Shown>,
    /// Data of events in the body, in the order of their places.
    pub(crate) data: Vec<ShownData>,
}

/// Data of an event in the body of a reply.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ShownData {
    pub(super) environment: Environment,
    pub(super) event: EventId,
    /// Its place in the body.
    pub(super) at: usize,
    pub(super) long: usize,
}

/// Secret in the body of a reply.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) what: Shows,
    /// Its place in the body and its length, if the vault keeps it.
    pub(super) place: Option<(usize, usize)>,
}

impl Reply {
    /// Makes a reply of `resource` with 200.
    #[must_use]
    pub fn ok(resource: &impl Serialize) -> Self {
        Self::new(200, resource)
    }

    /// Makes a reply of a new `resource` with 201.
    #[must_use]
    pub fn created(resource: &impl Serialize) -> Self {
        Self::new(201, resource)
    }

    /// Makes a reply of a `resource` with 202: what was asked for is durable, and goes on.
    #[must_use]
    pub fn accepted(resource: &impl Serialize) -> Self {
        Self::new(202, resource)
    }

    /// Returns this reply, whose body shows the secret of `what`: a repeat of it is an access.
    #[must_use]
    pub fn showing(self, what: Shows) -> Self {
        Self { shown: Some(Shown { what, place: None }), ..self }
    }

    /// Returns this reply, whose body shows the `secret` of `what`, which the vault keeps: a repeat of
    /// it is an access, and has the secret from there.
    #[must_use]
    pub fn showing_kept(self, what: Shows, secret: &Secret) -> Self {
        let secret = secret.expose().as_bytes();
        let at = self.body.windows(secret.len().max(1)).position(|part| part == secret);
        let place = at.map(|at| (at, secret.len()));
        Self { shown: Some(Shown { what, place }), ..self }
    }

    /// Returns this reply, whose body shows the `data` of `event`: a repeat has it from there.
    #[must_use]
    pub fn showing_data(
        mut self,
        (environment, event): (Environment, EventId),
        data: &RawValue,
    ) -> Self {
        const NAME: &[u8] = b"\"data\":";
        let (data, long) = (data.get().as_bytes(), data.get().len());
        let begins = |at: &usize| self.body[*at..].starts_with(data);
        let at = memchr::memmem::find_iter(&self.body, NAME).map(|at| at + NAME.len()).find(begins);
        self.data.extend(at.map(|at| ShownData { environment, event, at, long }));
        self
    }

    /// Returns this reply, whose body has these `bodies` of others in it, in order, each with the data
    /// that it shows.
    #[must_use]
    pub(crate) fn showing_all(mut self, bodies: &[(Box<RawValue>, Vec<ShownData>)]) -> Self {
        let mut from = 0;
        for (body, data) in bodies {
            let text = body.get().as_bytes();
            let rest = &self.body[from..];
            let Some(place) = rest.windows(text.len().max(1)).position(|part| part == text) else {
                continue;
            };
            from += place;
            self.data.extend(data.iter().map(|shown| ShownData { at: from + shown.at, ..*shown }));
            from += text.len();
        }
        self
    }

    fn new(status: u16, resource: &impl Serialize) -> Self {
        let (body, shown) = (json_line(resource), None);
        Self { status, body, is_replayed: false, shown, data: vec![] }
    }
}

/// Serializes the body of a JSON answer. It ends in a newline, so that a terminal's prompt stands
/// on a line of its own after `curl`.
#[must_use]
pub fn json_line(resource: &impl Serialize) -> Bytes {
    // Types of answers, like those of documents, are structs of texts, numbers and lists, whose
    // serialization can't fail.
    let mut body = serde_json::to_vec(resource).unwrap_or_default();
    body.push(b'\n');
    body.into()
}
