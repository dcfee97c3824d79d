//! Pool of connections that wait for the next request, by scheme and authority.

mod sweeper;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{
    Uri,
    uri::{Authority, Scheme},
};
use hyper_util::{client::legacy::connect::Connection as _, rt::TokioIo};
use ports::Clock;
use tower::ServiceExt as _;

use super::{MAX_IDLE, error::BoxError, http1, http2};
use crate::{connect::Connector, idle};

/// Number of idle connections to a host: as many as one endpoint's deliveries run at once by
/// default.
const MAX_IDLE_PER_HOST: usize = 64;

/// Maximum silence of a connection under a request: after a fifth of the time-out, this at most, it
/// is pinged, and after as long again it counts as dead. A connection that another request is
/// opening is waited for half as long.
const MAX_SILENCE: Duration = Duration::from_secs(5);

/// Time for which a host is spoken to by HTTP/1.1 after HTTP/2 was of no use with it, and the number of
/// such hosts.
const HTTP1_FOR: Duration = Duration::from_hours(1);
const MAX_BY_HTTP1: usize = 64;

/// Pool of connections: of HTTP/1.1 those that are idle, of HTTP/2 all, since requests share them.
pub(super) struct Pool {
    connector: Connector,
    clock: Arc<dyn Clock>,
    silence: Duration,
    opened: AtomicU64,
    idle: idle::Idle,
    hosts: Mutex<Hosts>,
}

/// Connection to send one request on.
pub(super) enum Pooled {
    Http1(http1::Connection),
    Http2(http2::Stream),
}

/// Requirement on the age of a connection.
#[derive(Clone, Copy)]
pub(super) enum Age {
    Any,
    /// A connection opened after this many others.
    Since(u64),
    /// A connection that has never been used.
    New,
}

#[derive(Default)]
struct Hosts {
    by_destination: HashMap<Destination, Host>,
    is_swept: bool,
}

#[derive(Default)]
struct Host {
    idle: Vec<Idle>,
    shared: Vec<http2::Connection>,
    /// Lock held while a connection to a host known to speak HTTP/2 is opened: the other requests
    /// can share it.
    opening: Option<Arc<tokio::sync::Mutex<()>>>,
    /// Time until which the host is spoken to by HTTP/1.1 alone.
    http1_until: Duration,
}

struct Idle {
    connection: http1::Connection,
    since: Duration,
    _one: idle::One,
}

impl Pool {
    pub(super) fn new(
        connector: Connector,
        clock: Arc<dyn Clock>,
        timeout: Duration,
        idle: idle::Idle,
    ) -> Self {
        Self {
            connector,
            clock,
            silence: MAX_SILENCE.min(timeout / 5),
            opened: AtomicU64::new(0),
            idle,
            hosts: Mutex::default(),
        }
    }

    /// Returns the number of connections that have been opened so far.
    pub(super) fn opened(&self) -> u64 {
        self.opened.load(Ordering::Relaxed)
    }

    /// Returns a connection to `destination`, an existing one if possible.
    pub(super) async fn connection(
        self: &Arc<Self>,
        destination: &Destination,
        age: Age,
    ) -> Result<Pooled, BoxError> {
        if let Some(found) = self.find(destination, age) {
            return Ok(found);
        }
        let Some(opening) = self.opening(destination, age) else {
            return self.open(destination).await;
        };
        let _turn = tokio::select! {
            biased;
            turn = opening.lock() => Some(turn),
            // Whoever has the turn may have met a host that never takes a connection up.
            () = self.clock.sleep(self.silence / 2) => None,
        };
        match self.find(destination, age) {
            Some(found) => Ok(found),
            None => self.open(destination).await,
        }
    }

    /// Returns the place where a connection to `destination` is kept.
    pub(super) fn place(self: &Arc<Self>, destination: &Destination) -> Place {
        Place { pool: self.clone(), destination: destination.clone() }
    }

    /// Opens a connection of HTTP/1.1 to `destination`, whatever it speaks.
    pub(super) async fn open_http1(
        &self,
        destination: &Destination,
    ) -> Result<http1::Connection, BoxError> {
        let connector = self.connector.clone().by_http1();
        let stream = Box::new(TokioIo::new(connector.oneshot(destination.uri()?).await?));
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        Ok(http1::Connection::new(stream, number))
    }

    /// Notes that `destination` answers by HTTP/1.1, and not by HTTP/2.
    pub(super) fn speaks_http1(self: &Arc<Self>, destination: &Destination) {
        let now = self.clock.monotonic();
        let until = now.saturating_add(HTTP1_FOR);
        let mut hosts = self.hosts();
        if hosts.by_http1(now) >= MAX_BY_HTTP1 {
            return;
        }
        let host = hosts.by_destination.entry(destination.clone()).or_default();
        *host =
            Host { idle: std::mem::take(&mut host.idle), http1_until: until, ..Host::default() };
        sweeper::run(self, &mut hosts);
    }

    fn find(&self, destination: &Destination, age: Age) -> Option<Pooled> {
        let oldest = match age {
            Age::Any => 0,
            Age::Since(opened) => opened,
            Age::New => return None,
        };
        let now = self.clock.monotonic();
        let mut hosts = self.hosts();
        let host = hosts.by_destination.get_mut(destination)?;
        host.shared.retain_mut(|connection| !connection.is_over(now));
        let young = host.shared.iter().filter(|connection| connection.number >= oldest);
        if let Some(stream) = { young }.find_map(http2::Connection::stream) {
            return Some(Pooled::Http2(stream));
        }
        let is_young = |idle: &Idle| idle.connection.number >= oldest;
        while let Some(at) = host.idle.iter().rposition(is_young) {
            let mut idle = host.idle.remove(at);
            if !idle.is_over(now) && idle.connection.is_quiet() {
                return Some(Pooled::Http1(idle.connection));
            }
        }
        None
    }

    fn opening(&self, destination: &Destination, age: Age) -> Option<Arc<tokio::sync::Mutex<()>>> {
        match age {
            Age::New => None,
            _ => self.hosts().by_destination.get(destination)?.opening.clone(),
        }
    }

    /// Returns whether the pool knows of hosts what would be forgotten with it.
    pub(super) fn knows_hosts(&self) -> bool {
        self.hosts().by_http1(self.clock.monotonic()) > 0
    }

    fn is_by_http1(&self, destination: &Destination) -> bool {
        let now = self.clock.monotonic();
        let hosts = self.hosts();
        hosts.by_destination.get(destination).is_some_and(|host| now < host.http1_until)
    }

    async fn open(self: &Arc<Self>, destination: &Destination) -> Result<Pooled, BoxError> {
        if self.is_by_http1(destination) {
            return self.open_http1(destination).await.map(Pooled::Http1);
        }
        let stream = self.connector.clone().oneshot(destination.uri()?).await?;
        let is_http2 = stream.connected().is_negotiated_h2();
        let stream = Box::new(TokioIo::new(stream));
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        if !is_http2 {
            return Ok(Pooled::Http1(http1::Connection::new(stream, number)));
        }
        let clock = self.clock.clone();
        let (connection, stream) =
            http2::Connection::open(stream, number, clock, self.silence).await?;
        let mut hosts = self.hosts();
        let host = hosts.by_destination.entry(destination.clone()).or_default();
        host.opening.get_or_insert_default();
        host.shared.push(connection);
        sweeper::run(self, &mut hosts);
        Ok(Pooled::Http2(stream))
    }

    fn hosts(&self) -> MutexGuard<'_, Hosts> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hosts {
    /// Returns the number of hosts that are spoken to by HTTP/1.1 alone.
    fn by_http1(&self, now: Duration) -> usize {
        self.by_destination.values().filter(|host| now < host.http1_until).count()
    }
}

impl Idle {
    fn is_over(&self, now: Duration) -> bool {
        now.saturating_sub(self.since) >= MAX_IDLE
    }
}

/// Place in the pool that a connection came from.
pub(crate) struct Place {
    pool: Arc<Pool>,
    destination: Destination,
}

impl Place {
    /// Keeps `connection` for the next request.
    pub(super) fn keep(self, connection: http1::Connection) {
        let since = self.pool.clock.monotonic();
        let mut hosts = self.pool.hosts();
        let idle = &mut hosts.by_destination.entry(self.destination).or_default().idle;
        if idle.len() < MAX_IDLE_PER_HOST
            && let Some(one) = self.pool.idle.one()
        {
            idle.push(Idle { connection, since, _one: one });
        }
        sweeper::run(&self.pool, &mut hosts);
    }
}

/// Scheme, host and port of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Destination {
    scheme: Option<Scheme>,
    authority: Option<Authority>,
}

impl Destination {
    pub(super) fn of(uri: &Uri) -> Self {
        Self { scheme: uri.scheme().cloned(), authority: uri.authority().cloned() }
    }

    fn uri(&self) -> Result<Uri, BoxError> {
        let mut parts = http::uri::Parts::default();
        parts.scheme.clone_from(&self.scheme);
        parts.authority.clone_from(&self.authority);
        parts.path_and_query = Some(http::uri::PathAndQuery::from_static("/"));
        Ok(Uri::from_parts(parts)?)
    }
}
