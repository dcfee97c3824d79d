//! Assembly of the embedded backend: every port on one data directory.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use app::{
    App, Backend, OperatorToken, http::ClientIp, spans::traced_sender, traces::Traces,
    views::collections,
};
use embedded::{Concurrency, Embedded, Erased, MemoryLimiter, SystemClock, SystemIds};
use guard::Vetter;
use ports::{
    Clock, Ids, Resolve, Sender, Store, Vault,
    store::{Order, Partition, Query, Range, Scope},
};
use resolver::{DnsResolver, Source};
use sealed::{SealedVault, ring_file};
use sender::Outbound;

use crate::{
    Error, Settings,
    descriptors::Shares,
    error::during,
    identity,
    metrics::{Metered, Metrics},
    ring::Keeper,
};

/// Collections of which nothing that is gone stays in the write-ahead log.
const ERASED: Erased =
    Erased { at_once: &[sealed::DATA_KEYS], soon: &[sealed::SECRETS, collections::PORTAL_TOKENS] };
/// Time for which a message stays leased, beyond the time limit of its attempt.
const BEYOND_AN_ATTEMPT: Duration = Duration::from_secs(30);
/// Divisor of a webhook's limit of concurrent first attempts, for its limit of retries.
const RETRY_SHARE: usize = 4;

/// Product and its backend.
pub(crate) struct Opened {
    pub(crate) app: Arc<App>,
    pub(crate) sender: Arc<dyn Sender>,
    pub(crate) store: Embedded,
    pub(crate) clock: Arc<dyn Clock>,
    /// Options of the dashboard.
    pub(crate) page: dashboard::Options,
    /// Upkeep of the key ring.
    pub(crate) ring: Keeper,
}

/// Opens the data directory and builds every port on it.
pub(crate) async fn open(
    settings: &Settings,
    shares: &Shares,
    address: SocketAddr,
    operator: Arc<dyn OperatorToken>,
    metrics: &Arc<Metrics>,
    traces: Option<Arc<dyn Traces>>,
) -> Result<Opened, Error> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let ids: Arc<dyn Ids> = Arc::new(SystemIds::new());
    let options = embedded::Options { figures: metrics.store(), ..options(settings, shares) };
    let store = Embedded::open(&settings.data_dir, &options, Arc::clone(&clock))
        .map_err(during("opening the data directory"))?;
    let sealed = Arc::new(vault(settings, &store, &ids).await?);
    list_past(&store).await;
    let vault: Arc<dyn Vault> = Arc::<SealedVault>::clone(&sealed);
    let resolver: Arc<dyn Resolve> = Arc::new(DnsResolver::new(
        Source::system(settings.name_servers.clone()),
        Arc::clone(&clock),
    ));
    let choices = choices(settings, address);
    let identity = identity::provider(settings, &choices.public_url, &clock, &resolver)?;
    let sender = Outbound::new(outbound(settings, shares), Arc::clone(&clock), &resolver)?;
    let vetter = Vetter::new(settings.allow_networks.clone(), Arc::clone(&clock), resolver);
    let backend = Backend {
        store: Arc::new(store.clone()),
        queue: Arc::new(store.clone()),
        vault: Arc::clone(&vault),
        vetting: Arc::new(vetter),
        limiter: Arc::new(MemoryLimiter::new(&*ids)),
        clock: Arc::clone(&clock),
        ids: Arc::clone(&ids),
        operator,
        identity,
        telling: Arc::new(app::Operational),
        traces,
        settings: Arc::new(choices),
        tally: Arc::clone(&metrics.tally),
    }
    .traced();
    let measured = Arc::clone(metrics);
    let page = dashboard::Options {
        secure: backend.settings.public_url.starts_with("https://"),
        frame_ancestors: settings.frame_ancestors.clone(),
        jurisdictions: settings.jurisdictions.clone(),
        envelope: settings.envelope.clone(),
        retried_for: settings.retry_schedule.length(),
        branding: settings.branding.clone(),
        clock: Arc::clone(&clock),
        ids,
        vault,
        sign_in: identity::ways(settings),
        carry: ClientIp::carry,
    };
    let app = App::measured(backend, move || measured.page());
    let sender = Arc::new(Metered::new(sender, Arc::clone(&clock), Arc::clone(metrics)));
    let sender = traced_sender(sender);
    let app = Arc::new(app);
    let ring = Keeper {
        vault: sealed,
        app: Arc::clone(&app),
        file: ring_file(&settings.data_dir),
        clock: Arc::clone(&clock),
    };
    Ok(Opened { app, sender, store, clock, page, ring })
}

/// Returns the path of the key ring's file in a data directory.
#[must_use]
pub fn ring_file(directory: &Path) -> PathBuf {
    embedded::ring_in(directory)
}

/// Opens the vault. A key ring is only created if nothing has been sealed: a new ring could open
/// none of it.
async fn vault(
    settings: &Settings,
    store: &Embedded,
    ids: &Arc<dyn Ids>,
) -> Result<SealedVault, Error> {
    let first = Query {
        partition: Partition::new(Scope::Installation, sealed::DATA_KEYS, ""),
        index: false,
        range: Range::default(),
        order: Order::Ascending,
        limit: 1,
    };
    let sealed = store.query(&first).await.map_err(during("opening the data directory"))?;
    let if_missing =
        if sealed.is_empty() { ring_file::IfMissing::Create } else { ring_file::IfMissing::Refuse };
    let ring = ring_file::load_or_create(&ring_file(&settings.data_dir), if_missing, ids.as_ref())
        .map_err(during("the key ring"))?;
    let vault = SealedVault::new(Arc::new(store.clone()), Arc::clone(ids), ring);
    vault.check_ring().await.map_err(during("the key ring"))?;
    Ok(vault)
}

/// Adds what an earlier version stored to the lists that it did not keep. If that fails, it is tried again
/// at the next start: whatever is damaged is refused where it is read, and the rest goes on.
async fn list_past(store: &Embedded) {
    match app::list_past(store).await {
        Ok(0) => {}
        Ok(listed) => tracing::info!(listed, "listed keys and webhooks of an earlier version"),
        Err(problem) => {
            let why = problem.message;
            tracing::error!(%why, "keys and webhooks of an earlier version could not be listed");
        }
    }
}

fn options(settings: &Settings, shares: &Shares) -> embedded::Options {
    let per_endpoint = settings.endpoint_concurrency;
    let usual = embedded::Options::default();
    embedded::Options {
        first: Concurrency { per_endpoint, total: shares.first_attempts },
        retry: Concurrency {
            per_endpoint: per_endpoint.div_ceil(RETRY_SHARE),
            total: shares.retries,
        },
        visibility_timeout: usual
            .visibility_timeout
            .max(settings.delivery_timeout + BEYOND_AN_ATTEMPT),
        free_space_mark: settings.min_free_space,
        expendable: collections::LOG_ROWS,
        erased: ERASED,
        ..usual
    }
}

fn outbound(settings: &Settings, shares: &Shares) -> sender::Options {
    let usual = sender::Options::default();
    sender::Options {
        user_agent: settings.user_agent.clone().unwrap_or(usual.user_agent),
        timeout: settings.delivery_timeout,
        allow_networks: settings.allow_networks.clone(),
        extra_ca_pem: settings.extra_ca.clone(),
        max_idle: shares.idle,
        sns_endpoint: settings.sns_endpoint.as_ref().map(ToString::to_string),
    }
}

fn choices(settings: &Settings, address: SocketAddr) -> app::Settings {
    let public = settings.public_url.clone();
    let legacy = settings.legacy_signature_header.as_ref();
    app::Settings {
        key_prefix: settings.key_prefix.clone(),
        schedule: settings.retry_schedule.clone(),
        log_retention: settings.log_retention,
        failing: settings.failing,
        limits: settings.limits,
        envelope: settings.envelope.clone(),
        legacy_signature_header: legacy.map(ToString::to_string),
        compatibility: settings.compatibility,
        jurisdictions: settings.jurisdictions.clone(),
        send_traceparent: settings.send_traceparent,
        statement_events: app::settings::STATEMENT_EVENTS,
        public_url: public.unwrap_or_else(|| format!("http://{address}")),
    }
}
