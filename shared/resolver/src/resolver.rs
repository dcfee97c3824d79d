//! The resolver: what is known, what is under way, and what is still to be asked.

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
use hickory_proto::rr::Name;
use ports::{
    Clock, Ids,
    resolve::{Asker, Resolve, Unresolved},
};

use crate::{
    cache::{self, Cache},
    files::{Files, Snapshot, Source},
    hosts::normal,
    lookup, message,
    servers::Servers,
    turns::Turns,
};

/// Look-ups of one asker at once. A name server answers in milliseconds, so this is thousands of
/// names a second; where it is silent it is as many that wait.
const EACH: usize = 16;

/// Look-ups of all accounts at once. Each has a socket for each family and server that it asks.
const TOTAL: usize = 512;

/// [`Resolve`] by DNS and the hosts file. Needs a Tokio runtime. Cheap to clone; clones share what
/// they know.
#[derive(Clone)]
pub struct DnsResolver(Arc<Inner>);

struct Inner {
    files: Files,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    cache: Cache,
    accounts: Arc<Turns>,
    operator: Arc<Turns>,
    under_way: Mutex<UnderWay>,
}

/// Look-ups under way, so that whoever asks the same waits for the same.
#[derive(Default)]
struct UnderWay {
    begun: u64,
    of: HashMap<Key, (u64, WeakShared<LookUp>)>,
    /// What the files said when the last look-up began.
    snapshot: Option<Arc<Snapshot>>,
}

type Key = (Asker, String);
type LookUp = BoxFuture<'static, cache::Result>;

#[async_trait]
impl Resolve for DnsResolver {
    async fn resolve(&self, asker: Asker, name: &str) -> Result<Vec<IpAddr>, Unresolved> {
        let name = normal(name);
        let snapshot = self.0.files.current(self.now());
        if let Some(addresses) = snapshot.hosts.find(&name) {
            return Ok(addresses);
        }
        let absolute = message::absolute(&name).ok_or(Unresolved::NoAddress)?;
        match self.begin_or_join((asker, name), absolute, &snapshot) {
            Ok(known) => known,
            Err(under_way) => under_way.await,
        }
    }
}

impl DnsResolver {
    /// A resolver that asks as `source` says.
    #[must_use]
    pub fn new(source: Source, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        let files = Files::new(source, clock.monotonic());
        Self(Arc::new(Inner {
            files,
            clock,
            ids,
            cache: Cache::default(),
            accounts: Turns::new(TOTAL, EACH),
            operator: Turns::new(EACH, EACH),
            under_way: Mutex::default(),
        }))
    }

    /// What is known, or the look-up that finds it out: the one that is under way, or a new one.
    fn begin_or_join(
        &self,
        key: Key,
        name: Name,
        snapshot: &Arc<Snapshot>,
    ) -> Result<cache::Result, Shared<LookUp>> {
        let mut under_way = self.0.under_way();
        self.0.forget_if_changed(&mut under_way, snapshot);
        if let Some(known) = self.0.cache.get(key.0, &key.1, self.now()) {
            return Ok(known);
        }
        if let Some(same) = under_way.of.get(&key).and_then(|(_, same)| same.upgrade()) {
            return Err(same);
        }
        under_way.begun += 1;
        let listed =
            Listed { inner: Arc::clone(&self.0), key: key.clone(), number: under_way.begun };
        let look_up = look_up(listed, name, Arc::clone(snapshot)).boxed().shared();
        if let Some(weak) = look_up.downgrade() {
            let number = under_way.begun;
            under_way.of.insert(key, (number, weak));
        }
        Err(look_up)
    }

    fn now(&self) -> Duration {
        self.0.clock.monotonic()
    }
}

/// Looks `name` up when it is the asker's turn. Runs in whoever waits for it, and ends when nobody
/// does any more.
async fn look_up(listed: Listed, name: Name, snapshot: Arc<Snapshot>) -> cache::Result {
    let inner = &listed.inner;
    let (asker, _) = listed.key;
    let turns = match asker {
        Asker::Account(_) => &inner.accounts,
        Asker::Operator => &inner.operator,
    };
    let _turn = turns.take(asker).await;
    let servers = Servers { config: &snapshot.config, clock: &inner.clock, ids: &inner.ids };
    let found = lookup::both_families(&servers, &name).await;
    let under_way = inner.under_way();
    if under_way.snapshot.as_ref().is_some_and(|latest| Arc::ptr_eq(latest, &snapshot)) {
        inner.cache.put(asker, &listed.key.1, &found, inner.clock.monotonic());
    }
    drop(under_way);
    found.addresses
}

impl Inner {
    fn under_way(&self) -> MutexGuard<'_, UnderWay> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was asked of other name servers does not count any more.
    fn forget_if_changed(&self, under_way: &mut UnderWay, snapshot: &Arc<Snapshot>) {
        let is_same = under_way.snapshot.as_ref().is_some_and(|seen| Arc::ptr_eq(seen, snapshot));
        if !is_same {
            self.cache.clear();
            under_way.of.clear();
            under_way.snapshot = Some(Arc::clone(snapshot));
        }
    }
}

/// The entry of a look-up among those under way; taken off the list when it is dropped.
struct Listed {
    inner: Arc<Inner>,
    key: Key,
    number: u64,
}

impl Drop for Listed {
    fn drop(&mut self) {
        let mut under_way = self.inner.under_way();
        let is_this = under_way.of.get(&self.key).is_some_and(|(number, _)| *number == self.number);
        if is_this {
            under_way.of.remove(&self.key);
        }
    }
}
