//! HTTP client of the exporter.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use ports::Chain;
use sender::OperatorClient;
use tokio::runtime::Handle;

/// HTTP client on the sender's connections. The exporter calls it from a thread of its own; the
/// request is made in the runtime.
pub(crate) struct Wire {
    client: Arc<OperatorClient>,
    runtime: Handle,
    /// True while requests fail, so that only the first failure is logged.
    failing: AtomicBool,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

impl Wire {
    /// Creates a client that makes its requests in the current runtime.
    pub(crate) fn new(client: OperatorClient) -> Self {
        let failing = AtomicBool::new(false);
        Self { client: Arc::new(client), runtime: Handle::current(), failing }
    }

    fn note(&self, why: Option<&dyn std::fmt::Display>) {
        let failed = why.is_some();
        if self.failing.swap(failed, Ordering::Relaxed) == failed {
            return;
        }
        if let Some(why) = why {
            tracing::warn!(error = %why, "spans can't be exported; some are lost");
        } else {
            tracing::info!("spans are exported again");
        }
    }
}

#[async_trait]
impl HttpClient for Wire {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let client = Arc::clone(&self.client);
        let answered = self.runtime.spawn(async move { client.send(&request).await }).await?;
        match &answered {
            Ok(response) if response.status().is_success() => self.note(None),
            Ok(response) => self.note(Some(&response.status())),
            Err(why) => self.note(Some(&Chain(why))),
        }
        Ok(answered?)
    }
}
