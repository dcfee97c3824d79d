//! Operator tokens as they are, with their last use.

use domain::{Timestamp, id::OperatorTokenId, operator_token::OperatorToken};
use ports::store::Range;

use crate::{
    Backend,
    paging::{Page, Rows, Source},
    problem::{Code, Problem},
    resources::logs::last_used,
    views::collections,
    work::Work,
};

/// Operator token, and the time of its last use, to the minute.
pub(super) type Known = (OperatorToken, Option<Timestamp>);

/// Reads a page of the tokens, newest first and ended ones included, and their number.
pub(super) async fn list(backend: &Backend, page: &Page) -> Result<(Rows<Known>, u64), Problem> {
    let partitions = vec![collections::operator_tokens()];
    let source = Source { partitions, index: false, range: Range::default() };
    let rows = source.page_of_states(backend, page, |_: &OperatorToken| true).await?;
    let rows = rows.try_map_all(|tokens| all_known(backend, tokens)).await?;
    let count = backend.store.counter(&collections::operator_token_count()).await?;
    Ok((rows, count))
}

/// Finds the token `id`.
pub(super) async fn find(work: &Work, id: OperatorTokenId) -> Result<Known, Problem> {
    let found = work.find::<OperatorToken>(&[collections::operator_tokens().key(id)]).await?;
    Ok((found.ok_or(Code::NotFound)?.state, last_use(&work.backend, id).await?))
}

/// Returns the time of the last use of a token.
pub(super) async fn last_use(
    backend: &Backend,
    id: OperatorTokenId,
) -> Result<Option<Timestamp>, Problem> {
    let used = last_used(backend, &[collections::operator_token_usage(id)]).await?;
    Ok(used.into_iter().next().flatten())
}

async fn all_known(backend: &Backend, tokens: Vec<OperatorToken>) -> Result<Vec<Known>, Problem> {
    let places: Vec<_> =
        tokens.iter().map(|token| collections::operator_token_usage(token.id)).collect();
    let used = last_used(backend, &places).await?;
    Ok(tokens.into_iter().zip(used).collect())
}
