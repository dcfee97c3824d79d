//! Bounds on concurrent look-ups: of one asker, and in all.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use ports::resolve::Asker;
use tokio::sync::oneshot;

/// Divisor of the free turns that one asker may hold: one of 32, so that a hundred askers that all
/// hold what they can leave one for the next.
const SHARE: usize = 32;

/// Turns (permits) for look-ups, bounded for each asker and in all.
///
/// One asker holds `each` at most, and fewer as the free ones become few. A turn that ends goes to
/// the next asker that waits, in rotation; within one asker, in the order of arrival.
#[derive(Debug)]
pub(crate) struct Turns {
    each: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    free: usize,
    lines: HashMap<Asker, Line>,
    /// Askers with waiting look-ups, the next one first.
    waiting: VecDeque<Asker>,
}

/// Number of turns that an asker holds, and its waiting look-ups.
#[derive(Debug, Default)]
struct Line {
    held: usize,
    waiting: VecDeque<oneshot::Sender<Turn>>,
}

/// Permit for one look-up; returned when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    turns: Arc<Turns>,
    asker: Asker,
}

impl Turns {
    /// Creates `total` turns, of which one asker may hold at most `each`.
    pub(crate) fn new(total: usize, each: usize) -> Arc<Self> {
        let state = State { free: total, lines: HashMap::new(), waiting: VecDeque::new() };
        Arc::new(Self { each, state: Mutex::new(state) })
    }

    /// Waits for a turn of `asker`.
    pub(crate) async fn take(self: &Arc<Self>, asker: Asker) -> Turn {
        let (sender, mut receiver) = oneshot::channel();
        self.with(|state| state.line_up(asker, sender));
        self.hand_out();
        match receiver.try_recv() {
            Ok(turn) => turn,
            // The sender stays in line until it is used, so there is always an answer.
            Err(_) => receiver.await.unwrap_or_else(|_| Turn { turns: Arc::clone(self), asker }),
        }
    }

    /// Gives free turns to waiting look-ups that may have one.
    fn hand_out(self: &Arc<Self>) {
        while let Some((asker, next)) = self.with(|state| state.next(self.each)) {
            // Outside the lock: if the receiver is gone, the turn is dropped here, which takes the
            // lock.
            drop(next.send(Turn { turns: Arc::clone(self), asker }));
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.turns.with(|state| state.give_back(self.asker));
        self.turns.hand_out();
    }
}

impl State {
    fn line_up(&mut self, asker: Asker, sender: oneshot::Sender<Turn>) {
        let line = self.lines.entry(asker).or_default();
        if line.waiting.is_empty() {
            self.waiting.push_back(asker);
        }
        line.waiting.push_back(sender);
    }

    fn give_back(&mut self, asker: Asker) {
        self.free += 1;
        if let Some(line) = self.lines.get_mut(&asker) {
            line.held -= 1;
            if line.held == 0 && line.waiting.is_empty() {
                self.lines.remove(&asker);
            }
        }
    }

    /// Takes a turn for the next waiting asker that may have one.
    fn next(&mut self, each: usize) -> Option<(Asker, oneshot::Sender<Turn>)> {
        for _ in 0..self.waiting.len() {
            let asker = self.waiting.pop_front()?;
            let line = self.lines.entry(asker).or_default();
            let most = each.min(((self.free + line.held) / SHARE).max(1));
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
