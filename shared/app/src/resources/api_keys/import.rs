//! Import of API keys that somebody else made.
//!
//! All of them are imported, or none. A few fit into one commit. More are committed in parts, because a
//! backend takes a limited number of changes at once: the first part puts a document that names all of
//! them, every further one only happens while that is there, and the last removes it. If a part can't
//! be committed, the parts before it are undone; if the process dies, the sweep of secrets does that
//! ([`App::sweep_secrets`](crate::App::sweep_secrets)).

mod input;
mod parts;
mod undo;
mod wanted;

use domain::{
    Environment,
    key::{ApiKey, Command, Created, Settings, foreign},
};
use ports::{Commit, store::Write};

pub(crate) use self::{input::ImportApiKeys, parts::Import};
use self::{
    parts::Part,
    wanted::{Known, Text, Wanted},
};
use super::{
    new::end,
    quota,
    shown::{Shown, name},
};
use crate::{
    auth::Access,
    problem::{Code, Problem},
    secrets::Secrets,
    work::{Answered, Halt, Reply, Work, no_refusal},
};

/// Most keys in one commit. Each is up to eleven items of a transaction of DynamoDB: its event, which is
/// listed in two places, its two documents, one with two index entries, and its secret, which is named and
/// let go when the key ends. Of 100 items the rest is for everything else that a commit has.
const IN_ONE_COMMIT: usize = 7;

/// Imports keys.
pub(crate) async fn import(
    work: &Work,
    access: &Access,
    wanted: Vec<Wanted>,
    answer: impl Fn(Vec<Shown>) -> Reply,
) -> Answered {
    let (wanted, answer) = (&wanted, &answer);
    work.run(|work| async move {
        let known = wanted::check(&work, wanted).await?;
        for environment in Environment::ALL {
            let new = wanted.iter().filter(|one| one.environment == *environment).count();
            if new > 0 {
                let place = (access.id(), *environment);
                quota::room(&work, place, new as u64, 0).await?;
            }
        }
        let keys: Vec<(Created, &Wanted)> = wanted
            .iter()
            .zip(known)
            .map(|(one, known)| (created(&work, access, one, known), one))
            .collect();
        let shown = keys.iter().map(|(key, one)| shown(key, one, &work));
        let reply = answer(shown.collect());
        if keys.len() <= IN_ONE_COMMIT {
            commit(&work, &keys, Vec::new(), &reply).await?;
        } else {
            in_parts(&work, access, &keys, &reply).await?;
        }
        Ok(reply)
    })
    .await
}

/// Commits `keys` in parts; undoes them if one can't be committed.
async fn in_parts(
    work: &Work,
    access: &Access,
    keys: &[(Created, &Wanted)],
    reply: &Reply,
) -> Result<(), Halt> {
    let named = keys.iter().map(|(key, _)| (key.environment, key.id)).collect();
    let import = Import::of(work, access.id(), named);
    let (unkept, nothing) = (work.unkept(), Reply::ok(&()));
    let parts = keys.chunks(IN_ONE_COMMIT);
    let last = parts.len() - 1;
    for (index, keys) in parts.enumerate() {
        let part = Part::at(index, last);
        let (work, reply) = if part == Part::Last { (work, reply) } else { (&unkept, &nothing) };
        if let Err(halt) = commit(work, keys, import.write(part), reply).await {
            // What fails is left to the sweep. Another try would find its own keys until then.
            undo::undo(&work.backend, &import).await?;
            return Err(halt);
        }
    }
    Ok(())
}

/// Commits some of the keys, with `writes`.
async fn commit(
    work: &Work,
    keys: &[(Created, &Wanted)],
    writes: Vec<Write>,
    reply: &Reply,
) -> Result<(), Halt> {
    let credentialed = work.account()?.state.is_credentialed();
    let mut commit = Commit { writes, ..Commit::default() };
    let mut secrets = Secrets::default();
    for (key, wanted) in keys {
        let create = Command::Create { key: key.clone(), credentialed };
        let change = work.change::<ApiKey>(None, create)?;
        commit.appends.extend(change.commit.appends);
        merge(&mut commit, change.commit.writes);
        secrets.keep(name(key.account, key.id, key.key_type), wanted.text.kept());
        if key.expires_at.is_some() {
            end(&mut secrets, (key.account, key.id), key.key_type, key.expires_at);
        }
    }
    for environment in Environment::ALL {
        let account = work.account()?.state.id;
        quota::limit(work, &mut commit, (account, *environment), 0).await?;
    }
    // One that somebody else has imported meanwhile is found by the next try.
    work.commit_with(commit, secrets, reply, no_refusal).await
}

/// Adds `writes` to the commit; what is added to one counter is added up.
pub(super) fn merge(commit: &mut Commit, writes: Vec<Write>) {
    for write in writes {
        if let Write::Count { key, by, .. } = &write
            && let Some(sum) = commit.writes.iter_mut().find_map(|known| match known {
                Write::Count { key: counter, by, .. } if counter == key => Some(by),
                _ => None,
            })
        {
            *sum += by;
        } else {
            commit.add([write]);
        }
    }
}

fn created(work: &Work, access: &Access, wanted: &Wanted, Known { fingerprint }: Known) -> Created {
    let Settings { name, scopes, metadata, rate_limit, allowed_networks } = wanted.settings.clone();
    Created {
        id: work.backend.new_id(work.now),
        account: access.id(),
        key_type: wanted.key_type,
        environment: wanted.environment,
        name,
        redacted: wanted.text.redacted(),
        fingerprint,
        expires_at: wanted.expires_at,
        imported: true,
        revealable: matches!(wanted.text, Text::Key(_)),
        scopes,
        metadata,
        rate_limit,
        allowed_networks,
    }
}

/// Returns the key as the answer shows it: whole only if it is no secret.
fn shown(key: &Created, wanted: &Wanted, work: &Work) -> Shown {
    let text = match &wanted.text {
        Text::Key(text) if key.key_type == domain::KeyType::Publishable => Some(text.clone()),
        _ => None,
    };
    Shown::made(key.clone().into_state(work.now), work.now, text)
}

/// Refusal of the key at `index`: it is known already.
fn taken(index: usize) -> Problem {
    Code::KeyTaken.of(format!("api_keys[{index}]"))
}

impl Text {
    /// Returns what is kept of the key: itself, or its hash.
    fn kept(&self) -> domain::Secret {
        match self {
            Self::Key(text) => text.clone(),
            Self::Hash(hash) => foreign::kept(hash),
        }
    }

    fn redacted(&self) -> String {
        match self {
            Self::Key(text) => foreign::redacted(text.expose()),
            Self::Hash(_) => domain::redaction::MASK.to_owned(),
        }
    }
}
