//! Secret of this installation at the provider, wherever it is kept.

use async_trait::async_trait;
use domain::Secret;
use ports::Unavailable;

/// Secret of this installation at the provider, wherever it is kept. It is read for each sign-in, so
/// that a new one counts at once.
#[async_trait]
pub trait ClientSecret: Send + Sync {
    /// Returns the secret as it is now.
    ///
    /// # Errors
    /// When it can't be read.
    async fn read(&self) -> Result<Secret, Unavailable>;
}

#[async_trait]
impl ClientSecret for Secret {
    async fn read(&self) -> Result<Secret, Unavailable> {
        Ok(self.clone())
    }
}
