//! Making and ending of operator tokens.

use std::collections::BTreeSet;

use domain::{
    OperatorScope, Secret, Timestamp,
    id::OperatorTokenId,
    key::token,
    operator_token::{Command, Created, OperatorToken, Rejection},
};

use super::queries::last_use;
use crate::{
    auth::operator_token_fingerprint,
    documents::Shows,
    problem::{Code, Problem},
    settings::OPERATOR_TOKEN_PREFIX,
    views::collections,
    work::{Answered, Reply, Work, no_refusal},
};

/// Operator token that is asked for.
pub(super) struct NewToken {
    /// Name, for people.
    pub(super) name: String,
    /// Scopes of the token.
    pub(super) scopes: BTreeSet<OperatorScope>,
    /// Instant at which it stops working by itself.
    pub(super) expires_at: Option<Timestamp>,
}

/// Makes an operator token. `answer` is given the token itself, which is kept nowhere.
pub(super) async fn create(
    work: &Work,
    new: NewToken,
    answer: impl Fn(OperatorToken, Secret) -> Reply,
) -> Answered {
    let (new, answer) = (&new, &answer);
    work.run(|work| async move {
        let id = work.backend.new_id(work.now);
        let text = token::bearer(OPERATOR_TOKEN_PREFIX, work.backend.random());
        let token = Created {
            id,
            name: new.name.clone(),
            scopes: new.scopes.clone(),
            fingerprint: operator_token_fingerprint(&text),
            expires_at: new.expires_at,
        };
        let maker = work.authority.operator_scopes();
        let change = work.change::<OperatorToken>(None, Command::Create { token, maker })?;
        let reply = answer(change.after.state, text).showing(Shows::OperatorToken { token: id });
        work.commit(change.commit, &reply, no_refusal).await.map(|()| reply)
    })
    .await
}

/// Ends an operator token at once. No error if it has ended.
pub(super) async fn end(
    work: &Work,
    id: OperatorTokenId,
    answer: impl Fn(OperatorToken, Option<Timestamp>) -> Reply,
) -> Answered {
    let used = last_use(&work.backend, id).await?;
    let found = [collections::operator_tokens().key(id)];
    work.execute(&found, || Command::End, &[], |token| answer(token, used)).await
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NotFound => Code::NotFound.into(),
            Rejection::AlreadyCreated => Code::Conflict.into(),
            Rejection::NoScopes => Self::invalid("scopes", rejection),
            Rejection::InThePast => Self::invalid("expires_at", rejection),
            Rejection::BeyondMaker => Code::PermissionDenied
                .of("scopes")
                .saying("This credential may not make a token with scopes that it lacks."),
        }
    }
}
