//! Stored form of a webhook's health.

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Form, Number, Stored};

/// Time since when every delivery of a webhook has failed; there is no document while it works.
#[derive(Serialize, Deserialize)]
pub(crate) struct Health {
    format: Number<Self>,
    pub(crate) failing_since: Timestamp,
    /// True once the operator was told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_told: bool,
}

impl Health {
    /// Returns it once the operator was told.
    pub(crate) fn told(self) -> Self {
        Self { is_told: true, ..self }
    }

    /// Makes the document of a webhook that has failed since then.
    pub(crate) fn failing_since(failing_since: Timestamp) -> Self {
        Self { format: Number::default(), failing_since, is_told: false }
    }
}

impl Form for Health {
    const NAME: &'static str = "webhook_health";
    const NUMBER: u16 = 1;
}

impl Stored for Health {
    type Form = Self;
}
