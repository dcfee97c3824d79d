//! Catalogue of scopes: what is read of it, and what changes it.

use std::borrow::Cow;

use domain::{
    key::Scope,
    key_scopes::{Command, KeyScopes, RegisteredScope, Rejection, ScopePut},
};

use crate::{
    Backend,
    checks::check_no_secret,
    documents::state,
    paging::{Page, Rows},
    problem::{Code, Problem},
    views::{Versioned, collections},
    work::{Answered, Reply, Work, no_refusal},
};

/// Refuses scopes of a key that are not registered, once any is. `param` names the field.
///
/// # Errors
/// [`Code::UnknownScope`], or when the backend is unavailable.
pub(crate) async fn check_scopes<P: Into<Cow<'static, str>>>(
    backend: &Backend,
    param: impl Fn() -> P,
    scopes: &[Scope],
) -> Result<(), Problem> {
    if scopes.is_empty() {
        return Ok(());
    }
    let catalogue = catalogue(backend).await?.map(|known| known.state.scopes).unwrap_or_default();
    let unknown = scopes.iter().position(|scope| !catalogue.contains_key(scope));
    if let Some(index) = unknown.filter(|_| !catalogue.is_empty()) {
        let entry = format!("has an entry, number {}, that is not registered", index + 1);
        return Err(Code::UnknownScope.of_which(param(), entry));
    }
    scopes.iter().try_for_each(|scope| check_no_secret("scopes", scope.as_str()))
}

/// Reads a page of the registered scopes, by name in reverse order, and their number.
///
/// # Errors
/// When the backend is unavailable.
pub(super) async fn list(
    backend: &Backend,
    page: &Page,
) -> Result<(Rows<RegisteredScope>, u64), Problem> {
    let all = catalogue(backend).await?.map(|known| known.state.scopes).unwrap_or_default();
    let count = all.len() as u64;
    let is_past = |scope: &RegisteredScope| {
        page.past.as_ref().is_none_or(|past| scope.name.as_str() < past.as_str())
    };
    let mut kept: Vec<_> = all.into_values().rev().filter(is_past).skip(page.skip).collect();
    let has_more = kept.len() > page.per_page;
    kept.truncate(page.per_page);
    let next = kept.last().filter(|_| has_more).map(|last| last.name.to_string());
    Ok((Rows { kept, next }, count))
}

/// Registers a scope, or changes it.
pub(super) async fn put(
    work: &Work,
    put: ScopePut,
    answer: impl Fn(RegisteredScope) -> Reply,
) -> Answered {
    check_no_secret("name", put.name.as_str())?;
    let name = put.name.clone();
    decided(work, || Command::Put(put.clone()), &name, answer).await
}

/// Takes a scope out, and answers with the scope as it was.
pub(super) async fn remove(
    work: &Work,
    name: Scope,
    answer: impl Fn(RegisteredScope) -> Reply,
) -> Answered {
    decided(work, || Command::Remove(name.clone()), &name, answer).await
}

/// Decides `command` and answers with the scope that it is about: as it is now, or as it was.
async fn decided(
    work: &Work,
    command: impl Fn() -> Command,
    name: &Scope,
    answer: impl Fn(RegisteredScope) -> Reply,
) -> Answered {
    let (command, answer) = (&command, &answer);
    work.run(|work| async move {
        let before = catalogue(&work.backend).await?;
        let change = work.change(before, command())?;
        let of = |catalogue: &KeyScopes| catalogue.scopes.get(name).cloned();
        let before = change.before.as_ref().and_then(|before| of(&before.state));
        let scope = of(&change.after.state).or(before).ok_or(Code::NotFound)?;
        let reply = answer(scope);
        work.commit(change.commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Reads the catalogue; none if there never was one.
async fn catalogue(backend: &Backend) -> Result<Option<Versioned<KeyScopes>>, Problem> {
    let found = backend.store.get(&[collections::key_scopes()]).await?;
    let Some(document) = found.into_iter().flatten().next() else { return Ok(None) };
    state(&*backend.store, &document).await
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Code::NotFound.into(),
            Rejection::Full => Self::from(Code::QuotaLimitExceeded)
                .saying(format!("Quota limit exceeded: {rejection}.")),
        }
    }
}
