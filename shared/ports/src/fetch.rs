//! Fetch port: requests to services that the operator has configured.

use std::error::Error;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

/// Sender of requests to services that the operator has configured, such as an identity provider.
/// Follows no redirect, and reads no more than a bounded answer.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// Sends `request` and returns the answer, whatever its status, without its headers.
    ///
    /// # Errors
    /// When there is no answer.
    async fn fetch(
        &self,
        request: &Request<Bytes>,
    ) -> Result<Response<Bytes>, Box<dyn Error + Send + Sync>>;
}
