//! Budget of bytes of request bodies: how many are held at once, in all and for each owner.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use app::http::{BodyOwner, Owner};

use super::{limits::Limits, registry::Group};

/// Bytes that are held, by owner.
#[derive(Debug)]
pub(super) struct Budget {
    most: usize,
    most_each: usize,
    held: Mutex<Totals>,
}

#[derive(Debug, Default)]
struct Totals {
    all: usize,
    each: HashMap<Payer, usize>,
}

/// Party that bytes count against: the caller once it is known, before that its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Payer {
    Group(Group),
    Owner(Owner),
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        let (most, most_each) = (limits.body_bytes, limits.body_bytes_each());
        Self { most, most_each, held: Mutex::default() }
    }

    /// Takes `bytes` for `payer`; false if there is no room for them.
    fn take(&self, payer: Payer, bytes: usize) -> bool {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = held.each.get(&payer).copied().unwrap_or_default();
        let fits = held.all + bytes <= self.most && mine + bytes <= self.most_each;
        if fits {
            held.all += bytes;
            held.each.insert(payer, mine + bytes);
        }
        fits
    }

    fn give_back(&self, payer: Payer, bytes: usize) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.all -= bytes;
        let mine = held.each.get(&payer).copied().unwrap_or_default() - bytes;
        if mine == 0 {
            held.each.remove(&payer);
        } else {
            held.each.insert(payer, mine);
        }
    }
}

/// Bytes of one body, held until this is dropped.
pub(super) struct Held {
    budget: Arc<Budget>,
    owner: BodyOwner,
    group: Group,
    /// Payer of the bytes held so far: that at the first of them.
    taken: Option<(Payer, usize)>,
}

impl Held {
    pub(super) const fn new(budget: Arc<Budget>, owner: BodyOwner, group: Group) -> Self {
        Self { budget, owner, group, taken: None }
    }

    /// Adds `bytes`; false if there is no room for them.
    pub(super) fn add(&mut self, bytes: usize) -> bool {
        let (payer, before) = self.taken.unwrap_or_else(|| {
            let payer = self.owner.get().map_or(Payer::Group(self.group), Payer::Owner);
            (payer, 0)
        });
        let has_room = bytes == 0 || self.budget.take(payer, bytes);
        if has_room {
            self.taken = Some((payer, before + bytes));
        }
        has_room
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some((payer, bytes)) = self.taken.filter(|(_, bytes)| *bytes > 0) {
            self.budget.give_back(payer, bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use super::*;

    fn budget() -> Arc<Budget> {
        let second = Duration::from_secs(1);
        let (head, body, answer, idle) = (second, second, second, second);
        let limits = Limits { head, body, answer, idle, connections: 1, body_bytes: 400 };
        Arc::new(Budget::new(&limits))
    }

    fn from(budget: &Arc<Budget>, last: u8) -> Held {
        let group = Group::of(Ipv4Addr::new(192, 0, 2, last).into());
        Held::new(Arc::clone(budget), BodyOwner::default(), group)
    }

    #[test]
    fn one_caller_holds_a_quarter_and_all_callers_the_whole() {
        let budget = budget();
        let mut first = from(&budget, 1);
        assert!(first.add(60) && first.add(40) && !first.add(1));
        assert!(!from(&budget, 1).add(1), "another body of the same caller");
        let others: Vec<Held> = (2..5).map(|last| from(&budget, last)).collect();
        let mut others = others.into_iter().map(|mut held| held.add(100).then_some(held));
        let others: Vec<Held> = others.by_ref().flatten().collect();
        assert_eq!(others.len(), 3);
        assert!(!from(&budget, 9).add(1), "the whole is held");
        drop(first);
        assert!(from(&budget, 9).add(100));
        drop(others);
        assert_eq!(budget.held.lock().unwrap().all, 0);
        assert!(budget.held.lock().unwrap().each.is_empty());
    }

    #[test]
    fn bytes_count_against_the_account_once_it_is_known() {
        let budget = budget();
        let account = domain::id::AccountId::from(domain::id::Ulid::from(1_u128));
        let of_the_account = |last| {
            let held = from(&budget, last);
            held.owner.set(Owner::Account(account));
            held
        };
        let mut held = of_the_account(1);
        assert!(held.add(100));
        assert!(!of_the_account(2).add(1), "from another address");
        assert!(from(&budget, 1).add(100), "somebody else at the same address");
    }
}
