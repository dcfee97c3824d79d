//! Undoing of an import of which some parts were committed.

use std::sync::Arc;

use domain::key::{ApiKey, Command};
use ports::{
    Commit, Unavailable,
    store::{CommitError, Condition, Order, Query, Range, Write},
};

use super::{IN_ONE_COMMIT, Import, merge, parts::State};
use crate::{
    App, Backend, documents,
    problem::Problem,
    resources::api_keys::shown::name,
    secrets::Secrets,
    views::collections,
    work::{Halt, Reply, Work, no_refusal},
};

/// Rows read at a time.
const CHUNK: usize = 100;

impl App {
    /// Undoes the imports whose process died over them.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged.
    pub(crate) async fn undo_abandoned_imports(&self) -> Result<(), Problem> {
        let backend = &self.backend;
        let mut query = Query {
            partition: collections::key_imports(),
            index: false,
            range: Range::default(),
            order: Order::Ascending,
            limit: CHUNK,
        };
        loop {
            let rows = backend.store.query(&query).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            query.range.from = Some(format!("{}\0", last.sort));
            for row in &rows {
                let import: Import = documents::read(&row.document.body)?;
                if import.due <= backend.now() {
                    undo(backend, &import).await?;
                }
            }
        }
    }
}

/// Undoes what was committed of `import`. Nothing, if all of it was: somebody may not have been told.
///
/// # Errors
/// When the backend is unavailable; the sweep then does it.
pub(super) async fn undo(backend: &Arc<Backend>, import: &Import) -> Result<(), Problem> {
    if !committed(backend, import.claim(backend.now())).await? {
        let claimed = backend.store.get(&[import.place(State::Undone)]).await?;
        if claimed.iter().flatten().next().is_none() {
            return Ok(());
        }
    }
    for keys in import.keys.chunks(IN_ONE_COMMIT) {
        let places: Vec<_> = keys
            .iter()
            .map(|(environment, key)| collections::api_keys(import.account, *environment).key(key))
            .collect();
        let places = &places;
        let work = Work::of_the_system(Arc::clone(backend));
        work.run(|work| async move {
            let (mut commit, mut secrets) = (Commit::default(), Secrets::default());
            for place in places {
                let Some(key) = work.find::<ApiKey>(std::slice::from_ref(place)).await? else {
                    continue;
                };
                secrets.let_go(name(import.account, key.state.id, key.state.key_type));
                let change = work.change(Some(key), Command::UndoImport)?;
                commit.appends.extend(change.commit.appends);
                commit.revokes |= change.commit.revokes;
                merge(&mut commit, change.commit.writes);
            }
            if commit.appends.is_empty() {
                return Ok::<_, Halt>(());
            }
            work.commit_with(commit, secrets, &Reply::ok(&()), no_refusal).await
        })
        .await?;
    }
    let done = Write::Delete { key: import.place(State::Undone), condition: Condition::None };
    committed(backend, vec![done]).await.map(drop)
}

/// Commits `writes`; returns false if a condition does not hold.
async fn committed(backend: &Backend, writes: Vec<Write>) -> Result<bool, Problem> {
    match backend.store.commit(Commit { writes, ..Commit::default() }).await {
        Ok(()) => Ok(true),
        Err(CommitError::ConditionFailed { .. }) => Ok(false),
        Err(CommitError::Unavailable(why)) => Err(why.into()),
        Err(CommitError::Corrupt(why)) => Err(why.into()),
        Err(why) => Err(Unavailable::new("undoing an import", why).into()),
    }
}
