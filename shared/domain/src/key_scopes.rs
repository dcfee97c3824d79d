//! Catalogue of scopes: what keys can be allowed at the operator's API.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    decider::{Decider, events},
    key::Scope,
    time::Timestamp,
};

/// Most scopes in the catalogue.
const MOST: usize = 1000;

/// State of the catalogue. While it is empty, keys can have any scopes.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct KeyScopes {
    /// Registered scopes by name.
    pub scopes: BTreeMap<Scope, RegisteredScope>,
}

/// A registered scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredScope {
    /// Name of the scope.
    pub name: Scope,
    /// Description for people.
    pub description: Option<String>,
    /// Time of first registration.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
}

/// Command to the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Register a scope, or change a registered one.
    Put(ScopePut),
    /// Remove a scope; keys that have it keep it.
    Remove(Scope),
}

/// Reason for rejecting a command to the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The scope is not registered.
    #[error("no such scope")]
    NotFound,
    /// There are as many scopes as there may be.
    #[error("there are {MOST} scopes already")]
    Full,
}

events! {
    /// Event of the catalogue.
    KeyScopesEvent {
        /// A scope was registered or changed.
        ScopePut = "key_scope.put", 1;
        /// A scope was removed.
        ScopeRemoved = "key_scope.removed", 1;
    }
}

/// A scope was registered or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopePut {
    /// Name of the scope.
    pub name: Scope,
    /// Description for people.
    pub description: Option<String>,
}

/// A scope was removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopeRemoved {
    /// Name of the scope.
    pub name: Scope,
}

impl Decider for KeyScopes {
    type Command = Command;
    type Event = KeyScopesEvent;
    type Rejection = Rejection;

    fn decide(
        state: Option<&Self>,
        command: Command,
        _: Timestamp,
    ) -> Result<Vec<KeyScopesEvent>, Rejection> {
        let registered = |name| state.and_then(|catalogue| catalogue.scopes.get(name));
        match command {
            Command::Put(put) => match registered(&put.name) {
                Some(known) if known.description == put.description => Ok(vec![]),
                None if state.is_some_and(|catalogue| catalogue.scopes.len() >= MOST) => {
                    Err(Rejection::Full)
                }
                _ => Ok(vec![put.into()]),
            },
            Command::Remove(name) if registered(&name).is_none() => Err(Rejection::NotFound),
            Command::Remove(name) => Ok(vec![ScopeRemoved { name }.into()]),
        }
    }

    fn evolve(state: Option<Self>, event: KeyScopesEvent, at: Timestamp) -> Option<Self> {
        let mut catalogue = state.unwrap_or_default();
        match event {
            KeyScopesEvent::ScopePut(ScopePut { name, description }) => {
                let created_at = catalogue.scopes.get(&name).map_or(at, |known| known.created_at);
                let (key, updated_at) = (name.clone(), at);
                let scope = RegisteredScope { name, description, created_at, updated_at };
                catalogue.scopes.insert(key, scope);
            }
            KeyScopesEvent::ScopeRemoved(ScopeRemoved { name }) => {
                catalogue.scopes.remove(&name);
            }
        }
        Some(catalogue)
    }
}
