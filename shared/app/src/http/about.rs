//! Account that a request is about.

use domain::id::AccountId;
use http::HeaderMap;

use super::headers::named_account;
use crate::auth::{Admission, Caller, Denied};

/// Account that a request was about, if its caller was authenticated; an extension of the answer,
/// for the backend's own log.
#[derive(Debug, Clone, Copy)]
pub struct About(pub AccountId);

impl About {
    pub(super) fn of(admission: &Result<Admission, Denied>, headers: &HeaderMap) -> Option<Self> {
        let account = match admission.as_ref().map(Admission::caller) {
            Ok(Caller::Operator(_)) => {
                named_account(headers).ok().flatten().and_then(|name| name.parse().ok())
            }
            Ok(Caller::Portal { account, .. } | Caller::Key { account, .. }) => {
                Some(account.state.id)
            }
            Err(denied) => denied.key.as_ref().map(|key| key.account),
        };
        account.map(Self)
    }
}
