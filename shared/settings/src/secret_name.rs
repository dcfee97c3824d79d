//! Name of a secret, in place of the secret itself.

/// Name of a secret in Secrets Manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretName(pub String);
