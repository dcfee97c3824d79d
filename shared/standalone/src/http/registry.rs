//! Open connections, and who loses one when there is no room for another.

use std::{
    collections::{BTreeMap, HashMap},
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{Notify, oneshot};

use super::activity::Activity;
use crate::metrics::Metrics;

/// Addresses that count as one client: an IPv4 address, or a network of IPv6 that one customer of a
/// provider gets (RFC 6177).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Group(IpAddr);

impl Group {
    pub(super) fn of(address: IpAddr) -> Self {
        const NETWORK: u128 = !0 << 64;
        Self(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & NETWORK)),
        })
    }
}

/// Open connections, at most a fixed number.
#[derive(Clone)]
pub(super) struct Registry(Arc<Inner>);

struct Inner {
    most: usize,
    metrics: Arc<Metrics>,
    open: Mutex<Open>,
    /// Notified when the last connection has closed.
    emptied: Notify,
}

#[derive(Default)]
struct Open {
    groups: HashMap<Group, BTreeMap<u64, Entry>>,
    number: usize,
    opened: u64,
}

/// Open connection. Dropping this tells its task to close it.
struct Entry {
    activity: Activity,
    _keeps: oneshot::Sender<()>,
}

/// Place of an open connection, free again when this is dropped.
pub(super) struct Place {
    registry: Registry,
    group: Group,
    number: u64,
}

impl Registry {
    pub(super) fn new(most: usize, metrics: Arc<Metrics>) -> Self {
        Self(Arc::new(Inner { most, metrics, open: Mutex::default(), emptied: Notify::new() }))
    }

    /// Adds a connection of `group`. If there are too many, the group with the most loses one of
    /// its own for which the server has nothing to do: the oldest idle one, or else the oldest
    /// whose requests are still arriving if the newcomer's group has fewer. `None` if there is no
    /// such connection. The receiver gets an error when it is this connection's turn to close.
    pub(super) fn add(
        &self,
        group: Group,
        activity: Activity,
    ) -> Option<(Place, oneshot::Receiver<()>)> {
        let mut open = self.open();
        if open.number >= self.0.most {
            let (group, number) = open.victim(group)?;
            open.remove(group, number);
        }
        let (keeps, closes) = oneshot::channel();
        open.opened += 1;
        open.number += 1;
        let number = open.opened;
        let entry = Entry { activity, _keeps: keeps };
        open.groups.entry(group).or_default().insert(number, entry);
        self.0.metrics.connections(open.number);
        Some((Place { registry: self.clone(), group, number }, closes))
    }

    /// Returns once no connection is open.
    pub(super) async fn emptied(&self) {
        loop {
            let emptied = self.0.emptied.notified();
            if self.len() == 0 {
                return;
            }
            emptied.await;
        }
    }

    /// Returns the number of open connections.
    pub(super) fn len(&self) -> usize {
        self.open().number
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Open {
    /// Returns the connection that makes room for one of `newcomer`. A group with fewer connections
    /// than the newcomer's loses none.
    fn victim(&self, newcomer: Group) -> Option<(Group, u64)> {
        let own = self.groups.get(&newcomer).map_or(0, BTreeMap::len);
        let mut groups: Vec<_> = self.groups.iter().filter(|(_, all)| all.len() >= own).collect();
        groups.sort_unstable_by_key(|(_, all)| std::cmp::Reverse(all.len()));
        groups.into_iter().find_map(|(group, all)| {
            let first = |is_free: fn(&Activity) -> bool| {
                all.iter().find(|(_, entry)| is_free(&entry.activity)).map(|(number, _)| *number)
            };
            let waiting = || first(Activity::is_waiting).filter(|_| all.len() > own + 1);
            Some((*group, first(Activity::is_idle).or_else(waiting)?))
        })
    }

    fn remove(&mut self, group: Group, number: u64) {
        let Some(all) = self.groups.get_mut(&group) else { return };
        if all.remove(&number).is_some() {
            self.number -= 1;
        }
        if all.is_empty() {
            self.groups.remove(&group);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.registry.open();
        open.remove(self.group, self.number);
        self.registry.0.metrics.connections(open.number);
        if open.number == 0 {
            self.registry.0.emptied.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use contracts::ManualClock;

    use super::*;
    use crate::http::activity::Request;

    type Opened = (Activity, Place, oneshot::Receiver<()>);

    fn registry(most: usize) -> Registry {
        Registry::new(most, Arc::new(Metrics::new()))
    }

    fn address(last: u8) -> Group {
        Group::of(Ipv4Addr::new(192, 0, 2, last).into())
    }

    fn open(registry: &Registry, from: u8) -> Option<Opened> {
        let activity = Activity::new(Arc::new(ManualClock::default()));
        let (place, closes) = registry.add(address(from), activity.clone())?;
        Some((activity, place, closes))
    }

    fn closed(connections: &mut [Opened]) -> Vec<usize> {
        let is_closed =
            |opened: &mut Opened| opened.2.try_recv() == Err(oneshot::error::TryRecvError::Closed);
        let all = connections.iter_mut().enumerate();
        all.filter_map(|(at, opened)| is_closed(opened).then_some(at)).collect()
    }

    #[test]
    fn the_loudest_address_loses_its_oldest_idle_connection() {
        let registry = registry(4);
        let mut all: Vec<Opened> =
            [7, 9, 9, 9].into_iter().map(|from| open(&registry, from).unwrap()).collect();
        let busy = all[1].0.request();
        let newcomer = open(&registry, 7).unwrap();
        assert_eq!(closed(&mut all), [2]);
        assert_eq!(registry.len(), 4);
        drop((busy, newcomer));
    }

    #[test]
    fn nobody_is_cut_off_in_a_request_that_is_being_answered() {
        let registry = registry(3);
        let mut all: Vec<Opened> = (0..3).map(|_| open(&registry, 9).unwrap()).collect();
        let requests: Vec<Request> = all.iter().map(|(activity, ..)| activity.request()).collect();
        assert!(open(&registry, 7).is_none());
        let slow = requests[2].body();
        let newcomer = open(&registry, 7).unwrap();
        assert_eq!(closed(&mut all), [2], "its body is still arriving");
        assert!(open(&registry, 9).is_none(), "an address does not interrupt its own requests");
        drop((slow, newcomer));
    }

    #[test]
    fn a_loud_address_takes_nothing_from_a_quiet_one() {
        let registry = registry(4);
        let mut all: Vec<Opened> =
            [7, 9, 9, 9].into_iter().map(|from| open(&registry, from).unwrap()).collect();
        let busy: Vec<Request> = all[1..].iter().map(|(activity, ..)| activity.request()).collect();
        assert!(open(&registry, 9).is_none());
        assert_eq!(closed(&mut all), [0; 0]);
        drop(busy);
    }

    #[test]
    fn addresses_of_one_network_of_ipv6_are_one_client() {
        let group = |text: &str| Group::of(text.parse().unwrap());
        assert_eq!(group("2001:db8:1:2::3"), group("2001:db8:1:2:ffff::"));
        assert_ne!(group("2001:db8:1:2::3"), group("2001:db8:1:3::3"));
    }
}
