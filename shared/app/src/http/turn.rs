//! Turn of the account that a request acts on, for requests that take long.

use std::pin::pin;

use domain::id::AccountId;
use futures_util::FutureExt as _;
use http::HeaderMap;

use super::{gate::Session, headers::named_account};
use crate::{App, auth::Caller, long_work::LongTurn, problem::Problem};

/// Turn that a request has.
pub(super) struct Had {
    /// Turn; none where the operator acts on no account.
    pub(super) turn: Option<LongTurn>,
    /// True if it had to be waited for. What was read of the caller before is then too old.
    pub(super) was_awaited: bool,
}

/// Waits for the turn of the account that the caller acts on.
///
/// # Errors
/// When the account is named by something that is no text.
pub(super) async fn turn(
    app: &App,
    session: &Session,
    headers: &HeaderMap,
) -> Result<Had, Problem> {
    let account: Option<AccountId> = match session.authority.caller() {
        Caller::Operator(_) => named_account(headers)?.and_then(|named| named.parse().ok()),
        Caller::Portal { account, .. } | Caller::Key { account, .. } => Some(account.state.id),
    };
    let Some(account) = account else { return Ok(Had { turn: None, was_awaited: false }) };
    let mut taking = pin!(app.long_work.take(account));
    if let Some(turn) = taking.as_mut().now_or_never() {
        return Ok(Had { turn: Some(turn), was_awaited: false });
    }
    Ok(Had { turn: Some(taking.await), was_awaited: true })
}
