//! Settings with a few possible words as values.

/// Format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text for people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Level of the spans that are exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TraceLevel {
    /// Requests and attempts.
    #[default]
    Info,
    /// Calls of ports too.
    Debug,
}

/// Place where secrets are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VaultKind {
    /// Each secret is one of Secrets Manager.
    #[default]
    SecretsManager,
    /// Secrets are sealed, in the table of documents.
    Sealed,
    /// Secrets are read from either place, while they are moved from one to the other.
    Both,
}
