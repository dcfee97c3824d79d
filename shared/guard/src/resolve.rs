//! Names into addresses.

use std::{io, net::IpAddr};

use async_trait::async_trait;

/// Looks names up.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// Every address of `name`, in the order in which they are to be tried. No address is an answer
    /// like an error: the name does not resolve.
    ///
    /// # Errors
    /// When the name does not resolve, or nobody answers.
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The operating system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let addresses = tokio::net::lookup_host((name, 0)).await?;
        Ok(addresses.map(|address| address.ip()).collect())
    }
}
