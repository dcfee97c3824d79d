//! Resolver: known names, look-ups under way, and new ones.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, Shared, WeakShared},
};
use hickory_resolver::proto::rr::Name;
use ports::{
    Clock,
    resolve::{Asker, Resolve, Unresolved},
};
use turns::Turns;

use crate::{
    families,
    files::{Files, Snapshot, Source},
    servers::Servers,
};

/// Number of look-ups of one asker at once. A name server answers in milliseconds, so this allows
/// thousands of names a second; if it is silent, this many wait.
const EACH: usize = 16;

/// Number of look-ups of all accounts at once. Each has a socket for each family and server that it
/// asks.
const TOTAL: usize = 512;

/// Share of the free look-ups that one account may have: one of 32, so that a hundred accounts that
/// all have what they can leave some for the next.
const SHARE: usize = 32;

/// Number of askers whose resolver is kept; beyond that, the least recently used one is dropped
/// with its cache.
const MOST_ASKERS: usize = 1024;

/// Implementation of [`Resolve`] by DNS and the hosts file. Needs a Tokio runtime. Cheap to clone;
/// clones share their caches.
#[derive(Clone)]
pub struct DnsResolver(Arc<Inner>);

struct Inner {
    files: Files,
    clock: Arc<dyn Clock>,
    accounts: Arc<Turns<Asker>>,
    operator: Arc<Turns<Asker>>,
    askers: Mutex<Askers>,
}

/// Resolvers of all askers, and their look-ups under way.
#[derive(Default)]
struct Askers {
    own: HashMap<Asker, Own>,
    /// Content of the files when the resolvers were made.
    snapshot: Option<Arc<Snapshot>>,
}

struct Own {
    servers: Arc<Servers>,
    /// Look-ups under way by name: requests for the same name share one look-up.
    under_way: HashMap<Name, WeakShared<LookUp>>,
    /// Number of entries in `under_way` at which those that have ended are dropped.
    crowd: usize,
    /// Time of the last use, on the monotonic clock.
    used: Duration,
}

type LookUp = BoxFuture<'static, Result<Vec<IpAddr>, Unresolved>>;

#[async_trait]
impl Resolve for DnsResolver {
    async fn resolve(&self, asker: Asker, name: &str) -> Result<Vec<IpAddr>, Unresolved> {
        let name = absolute(name).ok_or(Unresolved::NoAddress)?;
        let snapshot = self.0.files.current(self.0.clock.monotonic());
        if let Some(addresses) = snapshot.known(&name) {
            return Ok(addresses);
        }
        self.begin_or_join(asker, &name, snapshot).await
    }
}

impl DnsResolver {
    /// Creates a resolver with the name servers and hosts of `source`.
    #[must_use]
    pub fn new(source: Source, clock: Arc<dyn Clock>) -> Self {
        let files = Files::new(source, clock.monotonic());
        let (accounts, operator) = (Turns::new(TOTAL, EACH, SHARE), Turns::new(EACH, EACH, 1));
        Self(Arc::new(Inner { files, clock, accounts, operator, askers: Mutex::default() }))
    }

    /// Returns the look-up of `name` that the asker has under way, or a new one.
    fn begin_or_join(&self, asker: Asker, name: &Name, snapshot: Arc<Snapshot>) -> Shared<LookUp> {
        let now = self.0.clock.monotonic();
        let mut askers = self.0.askers();
        askers.follow(snapshot);
        let own = askers.of(asker, now);
        if let Some(same) = own.under_way.get(name).and_then(WeakShared::upgrade) {
            return same;
        }
        own.drop_ended();
        let (inner, servers) = (Arc::clone(&self.0), Arc::clone(&own.servers));
        let look_up = look_up(inner, servers, asker, name.clone()).boxed().shared();
        if let Some(weak) = look_up.downgrade() {
            own.under_way.insert(name.clone(), weak);
        }
        look_up
    }
}

/// Looks `name` up when it is the asker's turn. The waiting requests run it, and it is cancelled
/// once none of them waits any more.
async fn look_up(
    inner: Arc<Inner>,
    servers: Arc<Servers>,
    asker: Asker,
    name: Name,
) -> Result<Vec<IpAddr>, Unresolved> {
    let turns = match asker {
        Asker::Account(_) => &inner.accounts,
        Asker::Operator => &inner.operator,
    };
    let _turn = turns.take(asker).await;
    families::addresses(&servers, &name, inner.clock.as_ref()).await
}

/// Returns `name` as an absolute DNS name; `None` if DNS can't carry it.
fn absolute(name: &str) -> Option<Name> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let mut absolute = Name::from_ascii(name.to_ascii_lowercase()).ok()?;
    absolute.set_fqdn(true);
    (!name.is_empty()).then_some(absolute)
}

impl Inner {
    fn askers(&self) -> MutexGuard<'_, Askers> {
        self.askers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Askers {
    /// Drops every resolver if the files have changed, because answers of the former name servers
    /// no longer count.
    fn follow(&mut self, snapshot: Arc<Snapshot>) {
        let is_same = self.snapshot.as_ref().is_some_and(|seen| Arc::ptr_eq(seen, &snapshot));
        if !is_same {
            self.own.clear();
            self.snapshot = Some(snapshot);
        }
    }

    /// Returns the asker's resolver and look-ups, created on first use.
    fn of(&mut self, asker: Asker, now: Duration) -> &mut Own {
        if !self.own.contains_key(&asker) {
            self.make_room();
        }
        let snapshot = self.snapshot.as_deref();
        let own = self.own.entry(asker).or_insert_with(|| Own::new(snapshot));
        own.used = now;
        own
    }

    fn make_room(&mut self) {
        if self.own.len() < MOST_ASKERS {
            return;
        }
        let longest_unused = self.own.iter().min_by_key(|(_, own)| own.used);
        if let Some(asker) = longest_unused.map(|(asker, _)| *asker) {
            self.own.remove(&asker);
        }
    }
}

impl Own {
    fn new(snapshot: Option<&Snapshot>) -> Self {
        let servers = Arc::new(snapshot.map(Servers::new).unwrap_or_default());
        Self { servers, under_way: HashMap::new(), crowd: 2 * EACH, used: Duration::ZERO }
    }

    /// Drops look-ups that have ended, once the number of entries has doubled since the last time.
    fn drop_ended(&mut self) {
        if self.under_way.len() >= self.crowd {
            self.under_way.retain(|_, look_up| look_up.upgrade().is_some());
            self.crowd = (2 * self.under_way.len()).max(2 * EACH);
        }
    }
}
