//! Sign-in codes: each can be exchanged once for the token of its session.

use domain::{Secret, Timestamp, account::Account, id::PortalSessionId, key::token};
use ports::{
    Commit,
    store::{Condition, Key, Write},
};

use super::{
    row,
    tokens::{fingerprint, keep, places},
};
use crate::{
    auth::{PORTAL_TOKEN_PREFIX, PortalToken, account_stands, find_account},
    documents::read,
    problem::{Code, Problem},
    views::Versioned,
    work::{Answered, Halt, Reply, Work, no_refusal},
};

/// Portal session that has just begun.
#[derive(Clone, Copy)]
pub(crate) struct Begun<'a> {
    /// Identifier of the session.
    pub(crate) session: PortalSessionId,
    /// Bearer token of the session.
    pub(crate) token: &'a Secret,
    /// Time at which the session ends.
    pub(crate) expires_at: Timestamp,
}

/// Begins a portal session with a sign-in code, which is then used up.
pub(crate) async fn redeem(
    work: &Work,
    code: &Secret,
    answer: impl Fn(Begun<'_>) -> Reply,
) -> Answered {
    let keys = &places(&work.backend, code).await?;
    let token = &token::bearer(PORTAL_TOKEN_PREFIX, work.backend.random());
    let answer = &answer;
    work.run(|work| async move {
        let ValidCode { key, stands_for, owner, revision } = find(&work, keys).await?;
        let PortalToken { session, session_expires_at: expires_at, .. } = stands_for;
        let stands_for = PortalToken { single_use: false, ..stands_for };
        // When two requests redeem the same code, one of them fails this precondition, looks again,
        // and finds the code gone.
        let condition = Condition::Revision(revision);
        let kept = keep(&work.backend, token, &stands_for, expires_at).await?;
        let mut writes = vec![account_stands(&owner)];
        // A session that was opened before there were documents of sessions has none.
        if let Some(found) = row::find(&work.backend, stands_for.account, session).await? {
            writes.push(found.with_token(&key.sort, fingerprint(&kept)));
        }
        writes.extend([Write::Delete { key, condition }, kept]);
        let reply = answer(Begun { session, token, expires_at });
        work.commit(Commit { writes, ..Commit::default() }, &reply, no_refusal).await?;
        Ok::<_, Halt>(reply)
    })
    .await
}

/// Returns the account whose dashboard a sign-in code opens, if it is valid. Changes nothing, so
/// that opening a sign-in link doesn't either.
pub(crate) async fn look(work: &Work, code: &Secret) -> Result<Account, Problem> {
    let keys = places(&work.backend, code).await?;
    Ok(find(work, &keys).await?.owner.state)
}

/// Valid sign-in code.
struct ValidCode {
    key: Key,
    stands_for: PortalToken,
    owner: Versioned<Account>,
    revision: u64,
}

/// Reads the sign-in code at one of `keys`, if it is valid.
async fn find(work: &Work, keys: &[Key]) -> Result<ValidCode, Problem> {
    let found = work.backend.store.get(keys).await?;
    let document = found.into_iter().flatten().next().ok_or(Code::BadAuthentication)?;
    let stands_for: PortalToken = read(&document.body)?;
    if !stands_for.single_use || stands_for.session_expires_at <= work.now {
        return Err(Code::BadAuthentication.into());
    }
    let owner = find_account(&work.backend, stands_for.account).await?;
    let owner = owner.ok_or(Code::BadAuthentication)?;
    if owner.state.is_closed() {
        return Err(Code::AccountClosed.into());
    }
    Ok(ValidCode { key: document.key, stands_for, owner, revision: document.revision })
}
