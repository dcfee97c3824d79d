//! Installation in a temporary directory, with the dashboard.

use std::{path::Path, sync::Arc, time::Duration};

use app::{App, Backend, OperatorTokenHash, Settings};
use async_trait::async_trait;
use axum::{Router, body::Body};
use domain::{
    Limits, Rate, Secret, delivery::Schedule, id::AccountId, key::token::KeyPrefix,
    webhook::WebhookUrl,
};
use embedded::{Embedded, MemoryLimiter, Options, SystemClock, SystemIds};
use http::{Request, Response};
use http_body_util::BodyExt as _;
use ports::{
    Clock, Ids, Sender, Vault, Vetting,
    sender::{Answer, OutOfSockets, Outcome, Outgoing, Refused},
};
use sealed::{KeyRing, SealedVault};
use serde_json::Value;
use tower::ServiceExt as _;

pub(crate) const OPERATOR: &str = "lhop_0123456789012345678901234567890123456789";

/// Sender whose receivers acknowledge everything.
pub(crate) struct Takes;

#[async_trait]
impl Vetting for Takes {
    async fn vet(&self, _: AccountId, _: &WebhookUrl) -> Result<(), Refused> {
        Ok(())
    }
}

#[async_trait]
impl Sender for Takes {
    async fn send(
        &self,
        _: AccountId,
        _: &WebhookUrl,
        _: Outgoing,
    ) -> Result<Outcome, OutOfSockets> {
        Ok(Outcome::Answered(Answer { status: 200, ..Answer::default() }))
    }
}

pub(crate) struct Installation {
    pub(crate) app: App,
    pub(crate) store: Embedded,
    clock: Arc<dyn Clock>,
    api: Router,
    dashboard: Router,
}

impl Installation {
    pub(crate) async fn open(path: &Path) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let ids: Arc<dyn Ids> = Arc::new(SystemIds::new());
        let store = Embedded::open(path, &Options::default(), Arc::clone(&clock)).unwrap();
        let ring = KeyRing::generate(ids.as_ref());
        let vault = SealedVault::new(Arc::new(store.clone()), Arc::clone(&ids), ring);
        vault.check_ring().await.unwrap();
        let vault: Arc<dyn Vault> = Arc::new(vault);
        let backend = Backend {
            store: Arc::new(store.clone()),
            queue: Arc::new(store.clone()),
            vault: Arc::clone(&vault),
            vetting: Arc::new(Takes),
            tally: Arc::default(),
            limiter: Arc::new(MemoryLimiter::default()),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            operator: Arc::new(OperatorTokenHash::of(&Secret::new(OPERATOR))),
            identity: None,
            telling: Arc::new(app::Operational),
            traces: None,
            settings: Arc::new(settings()),
        };
        let app = App::new(backend);
        let api = app.router();
        let options = dashboard::Options {
            secure: false,
            frame_ancestors: vec![],
            jurisdictions: domain::Jurisdictions::default(),
            envelope: domain::Envelope::default(),
            retried_for: Schedule::default().length(),
            branding: dashboard::Branding::default(),
            clock: Arc::clone(&clock),
            ids,
            vault,
            sign_in: dashboard::SignInWays::default(),
            carry: |_, _| {},
        };
        let of_page = api.clone().merge(app.page_router());
        let dashboard = dashboard::router(|| of_page, options);
        Self { app, store, clock, api, dashboard }
    }

    /// Calls the API as the operator; returns the JSON.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        account: &str,
        body: &Value,
    ) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {OPERATOR}"))
            .header("latchhook-account", account)
            .body(Body::from(body.to_string()));
        let response = self.api.clone().oneshot(request.unwrap()).await.unwrap();
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(status.is_success(), "{path}: {status} {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).unwrap()
    }

    /// Sends a request to the dashboard.
    pub(crate) async fn ask(&self, request: Request<Body>) -> Response<Body> {
        self.dashboard.clone().oneshot(request).await.unwrap()
    }

    /// Measures the time for a page, to its last byte.
    pub(crate) async fn page(&self, path: &str, cookie: &str) -> Duration {
        let request = Request::get(path).header("cookie", cookie).body(Body::empty()).unwrap();
        let began = self.clock.monotonic();
        let response = self.ask(request).await;
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.into_body().collect().await.unwrap();
        self.clock.monotonic().saturating_sub(began)
    }

    pub(crate) async fn close(self) {
        self.store.close().await;
    }
}

fn settings() -> Settings {
    let all = Rate::per_minute(u64::from(u32::MAX));
    let (keys, log_bytes) = (u64::from(u32::MAX), Rate::per_day(u64::MAX));
    let requests = Limits { key_requests: all, session_requests: all, ..Limits::default() };
    let limits = Limits { account_requests: all, keys, log_bytes, ..requests };
    Settings {
        key_prefix: KeyPrefix::default(),
        schedule: Schedule::default(),
        log_retention: Duration::from_hours(30 * 24),
        limits,
        failing: domain::delivery::Failing::default(),
        legacy_signature_header: None,
        compatibility: domain::Compatibility::default(),
        jurisdictions: domain::Jurisdictions::default(),
        envelope: domain::Envelope::default(),
        send_traceparent: false,
        statement_events: app::settings::STATEMENT_EVENTS,
        public_url: "http://127.0.0.1".to_owned(),
    }
}
