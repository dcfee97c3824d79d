//! The rules of the catalogue of scopes.

use latchhook_domain::{
    key::Scope,
    key_scopes::{
        Command, KeyScopes, KeyScopesEvent, RegisteredScope, Rejection, ScopePut, ScopeRemoved,
    },
};

use crate::specification::{Specification, minute};

fn given(events: impl IntoIterator<Item = KeyScopesEvent>) -> Specification<KeyScopes> {
    Specification::given(events)
}

fn name() -> Scope {
    "reports:read".parse().unwrap()
}

fn described(description: &str) -> ScopePut {
    ScopePut { name: name(), description: Some(description.to_owned()) }
}

fn put(description: &str) -> Command {
    Command::Put(described(description))
}

#[test]
fn a_scope_is_registered_and_described_anew() {
    let once = given([]).when(put("Read")).then([described("Read").into()]);
    let twice = once.at(minute(2)).when(put("Reads")).then([described("Reads").into()]).state();
    let expected = RegisteredScope {
        name: name(),
        description: Some("Reads".to_owned()),
        created_at: minute(1),
        updated_at: minute(2),
    };
    assert_eq!(twice.scopes.into_values().collect::<Vec<_>>(), [expected]);
}

#[test]
fn registering_the_same_changes_nothing() {
    given([described("Read").into()]).when(put("Read")).then_nothing_happened();
}

#[test]
fn a_scope_is_removed_once() {
    let remove = || Command::Remove(name());
    let removed = given([described("Read").into()])
        .when(remove())
        .then([ScopeRemoved { name: name() }.into()]);
    removed.when(remove()).then_rejected(Rejection::NotFound);
    given([]).when(remove()).then_rejected(Rejection::NotFound);
}

#[test]
fn the_catalogue_has_a_bound() {
    let all = (0..1000).map(|number| {
        ScopePut { name: format!("scope{number}").parse().unwrap(), description: None }.into()
    });
    given(all).when(put("Read")).then_rejected(Rejection::Full);
}
