//! HTTP client for AWS that counts calls and what they are charged.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex},
};

use aws::{Clients, SdkConfig};
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
        SharedHttpConnector,
    },
    orchestrator::HttpRequest,
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use serde_json::Value;

use crate::{Death, ledger::Ledger};

/// HTTP client that counts calls by operation, and the items that a transaction is charged for. A
/// test can make it fail.
#[derive(Clone)]
pub struct Wire {
    inner: SharedHttpClient,
    tap: Arc<Mutex<Tap>>,
    /// Plan of the process's death.
    pub death: Arc<Death>,
}

#[derive(Debug, Default)]
struct Tap {
    calls: BTreeMap<String, u64>,
    ledger: Ledger,
    broken: Option<&'static str>,
}

impl Wire {
    /// Creates clients of the emulator, and returns the wire that they use.
    pub async fn tapped() -> (Clients, Self) {
        let config: SdkConfig = aws::config().await;
        let inner = config.http_client().unwrap();
        let wire = Self { inner, tap: Arc::default(), death: Arc::default() };
        let config = config.into_builder().http_client(wire.clone()).build();
        (Clients::new(&config), wire)
    }

    /// Returns and resets the counts: calls by operation (`GetItem`), and items of transactions
    /// (`TransactGetItems items`).
    #[must_use]
    pub fn take_calls(&self) -> BTreeMap<String, u64> {
        std::mem::take(&mut self.tap.lock().unwrap().calls)
    }

    /// Forgets what was counted so far.
    pub fn forget(&self) {
        _ = self.take_calls();
        _ = self.take_ledger();
    }

    /// Returns and empties the ledger of what was charged.
    #[must_use]
    pub fn take_ledger(&self) -> Ledger {
        std::mem::take(&mut self.tap.lock().unwrap().ledger)
    }

    /// Makes every call of `operation` fail from now on; none: no call fails.
    pub fn breaks_at(&self, operation: Option<&'static str>) {
        self.tap.lock().unwrap().broken = operation;
    }
}

impl HttpClient for Wire {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, components);
        let (tap, death) = (self.tap.clone(), self.death.clone());
        SharedHttpConnector::new(Tapped { inner, tap, death })
    }
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

#[derive(Debug)]
struct Tapped {
    inner: SharedHttpConnector,
    tap: Arc<Mutex<Tap>>,
    death: Arc<Death>,
}

impl HttpConnector for Tapped {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or("something else");
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let mut tap = self.tap.lock().unwrap();
        if tap.broken == Some(&*operation) {
            let broken = ConnectorError::io("the wire is broken".into());
            return HttpConnectorFuture::ready(Err(broken));
        }
        *tap.calls.entry(operation.clone()).or_default() += 1;
        if operation.starts_with("SendMessage") {
            tap.ledger.enter_sent(request.body().bytes().unwrap());
        }
        if target.starts_with("DynamoDB") {
            let body = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
            tap.ledger.enter(&operation, &body);
            if operation.starts_with("Transact") {
                *tap.calls.entry(format!("{operation} items")).or_default() += items(&body);
            }
        }
        let (inner, death) = (self.inner.clone(), self.death.clone());
        HttpConnectorFuture::new(async move {
            death.around(&operation, async { inner.call(request).await }).await
        })
    }
}

/// Number of items in the transaction that a request asks for.
fn items(body: &Value) -> u64 {
    body["TransactItems"].as_array().unwrap().len().try_into().unwrap()
}
