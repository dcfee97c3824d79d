//! Settings that are one of a few words.

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VaultKind {
    /// Each is a secret of Secrets Manager.
    #[default]
    SecretsManager,
    /// Sealed, in the table of documents.
    Sealed,
}
