//! Last use of operator tokens.

use domain::Timestamp;
use ports::{Commit, store::CommitError};

use crate::{
    App,
    auth::{Caller, Operator},
    resources::logs::write_of_use,
    views::collections,
};

impl App {
    /// Records that `caller` made a request at `now`, if that is an operator token: no more than one
    /// write a minute and token. What can't be recorded is logged, for the request goes on.
    pub(crate) async fn note_use(&self, caller: &Caller, now: Timestamp) {
        let Caller::Operator(Operator::Token { token, .. }) = caller else { return };
        if !self.operator_tokens_used.is_due(token.id, now) {
            return;
        }
        let place = collections::operator_token_usage(token.id);
        let written = match write_of_use(&self.backend, place, now).await {
            Ok(None) => return,
            Ok(Some(write)) => {
                let commit = Commit { writes: vec![write], ..Commit::default() };
                match self.backend.store.commit(commit).await {
                    // Another process has just recorded its own use.
                    Ok(()) | Err(CommitError::ConditionFailed { .. } | CommitError::Contended) => {
                        return;
                    }
                    Err(why) => why.to_string(),
                }
            }
            Err(problem) => problem.code.as_str().to_owned(),
        };
        tracing::warn!(token = %token.id, error = written, "the use of an operator token could not be recorded");
    }
}
