//! Turns: permits for work that many share, bounded for each asker and in all.
//!
//! Whatever could be used up by one account (look-ups of names, long reads) is taken by turns. The
//! crate knows no account: an asker is any key.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::oneshot;

/// Turns (permits), bounded for each asker and in all.
///
/// One asker holds `each` at most, and fewer as the free ones become few. A turn that ends goes to
/// the next asker that waits, in rotation; within one asker, in the order of arrival.
#[derive(Debug)]
pub struct Turns<A: Copy + Eq + Hash> {
    each: usize,
    share: usize,
    state: Mutex<State<A>>,
}

#[derive(Debug)]
struct State<A: Copy + Eq + Hash> {
    free: usize,
    lines: HashMap<A, Line<A>>,
    /// Askers that wait, the next one first.
    waiting: VecDeque<A>,
}

/// Number of turns that an asker holds, and those it waits for.
#[derive(Debug)]
struct Line<A: Copy + Eq + Hash> {
    held: usize,
    waiting: VecDeque<oneshot::Sender<Turn<A>>>,
}

impl<A: Copy + Eq + Hash> Default for Line<A> {
    fn default() -> Self {
        Self { held: 0, waiting: VecDeque::new() }
    }
}

/// Permit for one piece of work; returned when it is dropped.
#[derive(Debug)]
pub struct Turn<A: Copy + Eq + Hash> {
    turns: Arc<Turns<A>>,
    asker: A,
}

impl<A: Copy + Eq + Hash> Turns<A> {
    /// Creates `total` turns, of which one asker may hold at most `each`, and at most one in `share`
    /// of those that nobody else holds: with 32, a hundred askers that all hold what they can leave
    /// some for the next.
    #[must_use]
    pub fn new(total: usize, each: usize, share: usize) -> Arc<Self> {
        let state = State { free: total, lines: HashMap::new(), waiting: VecDeque::new() };
        Arc::new(Self { each, share: share.max(1), state: Mutex::new(state) })
    }

    /// Waits for a turn of `asker`.
    pub async fn take(self: &Arc<Self>, asker: A) -> Turn<A> {
        let (sender, mut receiver) = oneshot::channel();
        self.with(|state| state.line_up(asker, sender));
        self.hand_out();
        match receiver.try_recv() {
            Ok(turn) => turn,
            // The sender stays in line until it is used, so there is always an answer.
            Err(_) => receiver.await.unwrap_or_else(|_| Turn { turns: Arc::clone(self), asker }),
        }
    }

    /// Gives free turns to those that wait and may have one.
    fn hand_out(self: &Arc<Self>) {
        while let Some((asker, next)) = self.with(|state| state.next(self.each, self.share)) {
            // Outside the lock: if the receiver is gone, the turn is dropped here, which takes the
            // lock.
            drop(next.send(Turn { turns: Arc::clone(self), asker }));
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut State<A>) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<A: Copy + Eq + Hash> Drop for Turn<A> {
    fn drop(&mut self) {
        self.turns.with(|state| state.give_back(self.asker));
        self.turns.hand_out();
    }
}

impl<A: Copy + Eq + Hash> State<A> {
    fn line_up(&mut self, asker: A, sender: oneshot::Sender<Turn<A>>) {
        let line = self.lines.entry(asker).or_default();
        if line.waiting.is_empty() {
            self.waiting.push_back(asker);
        }
        line.waiting.push_back(sender);
    }

    fn give_back(&mut self, asker: A) {
        self.free += 1;
        if let Some(line) = self.lines.get_mut(&asker) {
            line.held -= 1;
            if line.held == 0 && line.waiting.is_empty() {
                self.lines.remove(&asker);
            }
        }
    }

    /// Takes a turn for the next waiting asker that may have one.
    fn next(&mut self, each: usize, share: usize) -> Option<(A, oneshot::Sender<Turn<A>>)> {
        for _ in 0..self.waiting.len() {
            let asker = self.waiting.pop_front()?;
            let line = self.lines.entry(asker).or_default();
            let most = each.min(((self.free + line.held) / share).max(1));
            while line.waiting.front().is_some_and(oneshot::Sender::is_closed) {
                line.waiting.pop_front();
            }
            let may = self.free > 0 && line.held < most;
            let next = if may { line.waiting.pop_front() } else { None };
            if next.is_some() {
                line.held += 1;
                self.free -= 1;
            }
            if !line.waiting.is_empty() {
                self.waiting.push_back(asker);
            } else if line.held == 0 {
                self.lines.remove(&asker);
            }
            if let Some(sender) = next {
                return Some((asker, sender));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
