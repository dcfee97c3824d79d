//! Stored form of the last use of an API key or operator token.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Form, Number, Stored};

/// Time of the last use of an API key or operator token.
#[derive(Serialize, Deserialize)]
pub(crate) struct Usage {
    format: Number<Self>,
    pub(crate) last_used_at: Timestamp,
}

impl Usage {
    /// Makes the document of something that was used then.
    pub(crate) fn at(last_used_at: Timestamp) -> Self {
        Self { format: Number::default(), last_used_at }
    }
}

impl Form for Usage {
    const NAME: &'static str = "api_key_usage";
    const NUMBER: u16 = 1;
}

impl Stored for Usage {
    type Form = Self;
}
