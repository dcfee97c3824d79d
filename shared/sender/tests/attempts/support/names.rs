use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use ports::{
    Resolve,
    resolve::{Asker, Unresolved},
};

/// Resolver that gives one answer after another, whatever the name; the last one again and again.
pub(crate) struct Names {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
    askers: Mutex<Vec<Asker>>,
    has_sockets: bool,
}

impl Names {
    /// Returns a resolver for which no name has an address.
    pub(crate) fn none() -> Arc<Self> {
        Self::answering(&[&[]])
    }

    /// Returns a resolver for which every name is 127.0.0.1.
    pub(crate) fn loopback() -> Arc<Self> {
        Self::answering(&[&["127.0.0.1"]])
    }

    pub(crate) fn answering(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |answer: &&[&str]| answer.iter().map(|text| text.parse().unwrap()).collect();
        let answers = answers.iter().rev().map(parse).collect();
        Arc::new(Self {
            answers: Mutex::new(answers),
            asked: Mutex::default(),
            askers: Mutex::default(),
            has_sockets: true,
        })
    }

    /// Returns a resolver that has no socket to ask with.
    pub(crate) fn without_sockets() -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::default(),
            asked: Mutex::default(),
            askers: Mutex::default(),
            has_sockets: false,
        })
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Returns the askers of all look-ups so far.
    pub(crate) fn askers(&self) -> Vec<Asker> {
        self.askers.lock().unwrap().clone()
    }
}

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, asker: Asker, name: &str) -> Result<Vec<IpAddr>, Unresolved> {
        self.askers.lock().unwrap().push(asker);
        self.asked.lock().unwrap().push(name.to_owned());
        if !self.has_sockets {
            return Err(Unresolved::OutOfSockets);
        }
        let mut answers = self.answers.lock().unwrap();
        let next = if answers.len() > 1 { answers.pop() } else { answers.last().cloned() };
        match next.unwrap() {
            none if none.is_empty() => Err(Unresolved::NoAddress),
            addresses => Ok(addresses),
        }
    }
}
