//! Stored form of an answer that is kept for repeats of its request.

use ports::queue::Message;
use serde::{Deserialize, Serialize};

use super::{Form, Number, Stored};

/// Answer kept for repeats. Its body is sealed: it can hold a new key or signing secret. What a reveal
/// showed is not kept, only that it was answered.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeptAnswer {
    pub(crate) format: Number<Self>,
    pub(crate) status: u16,
    pub(crate) fingerprint: String,
    /// Body, sealed; none if the request is to be done again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sealed: Option<String>,
    /// Messages of the commit, if sending them is not part of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) messages: Vec<Message>,
}

impl Form for KeptAnswer {
    const NAME: &'static str = "kept_answer";
    const NUMBER: u16 = 1;
}

impl Stored for KeptAnswer {
    type Form = Self;
}
