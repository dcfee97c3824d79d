//! Secrets as the API answers with them.

use domain::{Revealed, Secret};
use serde::{Deserialize, Serialize};

/// Answer to revealing a key.
#[derive(Deserialize)]
pub(crate) struct KeySecret {
    pub(crate) key: Secret,
}

/// Answer with a webhook's revealed or new signing secret.
#[derive(Deserialize)]
pub(crate) struct WebhookSecret {
    pub(crate) signing_secret: Secret,
}

/// JSON answer to a script that asked for a secret.
#[derive(Serialize)]
pub(crate) struct Shown {
    pub(crate) secret: Revealed,
}
