//! Running server, and its orderly end.

use std::{net::SocketAddr, sync::Arc};

use app::{App, OperatorToken, traces::Traces};
use embedded::Embedded;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    Error, Settings, backend,
    descriptors::{self, Shares},
    error::during,
    http,
    metrics::Metrics,
    upkeep, workers,
};

/// Server that answers and delivers.
pub struct Running {
    address: SocketAddr,
    ending: watch::Sender<bool>,
    serving: JoinHandle<()>,
    working: JoinHandle<()>,
    /// Sweeping, and the upkeep of the key ring.
    keeping: [JoinHandle<()>; 2],
    app: Arc<App>,
    store: Embedded,
}

/// Listens on `address`.
///
/// # Errors
/// When it is taken, or not this machine's.
pub async fn listen(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).await.map_err(during(format_args!("listening on {address}")))
}

/// Starts the server on `listener`; `traces` connects its spans to distributed traces.
///
/// # Errors
/// When the data directory can't be opened.
pub async fn start(
    settings: &Settings,
    listener: TcpListener,
    operator: Arc<dyn OperatorToken>,
    traces: Option<Arc<dyn Traces>>,
) -> Result<Running, Error> {
    let address = listener.local_addr().map_err(during("listening"))?;
    let metrics = Arc::new(Metrics::new());
    let shares = Shares::of(descriptors::raise(), settings);
    let opened = backend::open(settings, &shares, address, operator, &metrics, traces).await?;
    let (ending, ends) = watch::channel(false);
    let api = opened.app.router();
    let (served, beside) = (api.clone(), opened.app.page_router());
    let router = served.merge(dashboard::router(|| api.merge(beside), opened.page));
    let (app, store) = (Arc::clone(&opened.app), opened.store.clone());
    let clock = Arc::clone(&opened.clock);
    let timed = (Arc::clone(&clock), limits(settings, &shares));
    Ok(Running {
        address,
        ending,
        serving: tokio::spawn(http::serve(listener, router, metrics, timed, ends.clone())),
        working: tokio::spawn(workers::work(app, opened.sender, store, clock, ends)),
        keeping: [
            tokio::spawn(upkeep::keep(Arc::clone(&opened.app), opened.store.clone(), opened.clock)),
            tokio::spawn(opened.ring.keep()),
        ],
        app: opened.app,
        store: opened.store,
    })
}

fn limits(settings: &Settings, shares: &Shares) -> http::Limits {
    http::Limits {
        head: settings.head_timeout,
        body: settings.body_timeout,
        answer: settings.answer_timeout,
        idle: settings.idle_timeout,
        connections: shares.connections,
        body_bytes: settings.body_memory * 1024 * 1024,
    }
}

impl Running {
    /// Returns the address on which it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends the server: accepts nothing new, lets requests and attempts under way finish, within 15
    /// seconds, and closes the store. Attempts that do not finish are repeated after the next
    /// start.
    #[tracing::instrument(name = "drain", skip_all)]
    pub async fn drain(self) {
        self.ending.send_replace(true);
        self.keeping.iter().for_each(JoinHandle::abort);
        for part in [self.serving, self.working] {
            if let Err(why) = part.await {
                tracing::error!(%why, "a part of the server ended badly");
            }
        }
        self.app.write_counts().await;
        self.store.close().await;
    }
}
