//! Failure of a tool, as a model is told of it: what happened, and what to do.

use serde::Serialize;

use crate::client::ApiError;

/// Failure of a tool.
#[derive(Debug, Serialize)]
pub(super) struct Refusal {
    /// Stable code: that of the API, or one of ours.
    pub(super) code: String,
    /// Sentence that says what happened.
    pub(super) message: String,
    /// Sentences that say what to do.
    pub(super) next_steps: Vec<String>,
}

/// Scopes of a token that the tool needs.
pub(super) type Scopes = &'static [&'static str];

impl Refusal {
    /// Creates the refusal of arguments.
    pub(super) fn of_argument(message: impl Into<String>, next_step: &str) -> Self {
        Self {
            code: "invalid_argument".to_owned(),
            message: message.into(),
            next_steps: vec![next_step.to_owned()],
        }
    }

    /// Creates the refusal of a call for which no account is known.
    pub(super) fn without_account() -> Self {
        Self {
            code: "account_required".to_owned(),
            message: "This needs an account.".to_owned(),
            next_steps: vec![
                "Pass account (acct_…). find_account finds it by the customer's name.".to_owned(),
            ],
        }
    }

    /// Creates the refusal of an event that is in none of the accounts; there are `more` than were looked in.
    pub(super) fn without_event(more: bool) -> Self {
        let next = if more {
            "Only the newest 100 accounts were looked in: pass the account. Or the identifier is wrong."
        } else {
            "Check the identifier. Events are kept for a limited time. find_deliveries finds them by the \
             identifier of their object, or by a webhook."
        };
        Self {
            code: "not_found".to_owned(),
            message: "There is no such event.".to_owned(),
            next_steps: vec![next.to_owned()],
        }
    }

    /// Creates the refusal for a failed call of the API by a tool that needs `scopes`.
    pub(super) fn of(error: ApiError, scopes: Scopes) -> Self {
        let said = error.to_string();
        let (code, message) = match error {
            ApiError::Refused { code, message, .. } => (code, message),
            ApiError::Strange { .. } => ("not_latchhook".to_owned(), said),
            ApiError::BadRequest(_) => ("bad_request".to_owned(), said),
            ApiError::Unreachable { .. } => ("unreachable".to_owned(), said),
        };
        let next_steps = vec![advice(&code, scopes)];
        Self { code, message, next_steps }
    }
}

fn advice(code: &str, scopes: Scopes) -> String {
    let advice = match code {
        "unreachable" | "not_latchhook" => {
            "Tell the person: the server must run, and LATCHHOOK_URL of this MCP server must be its \
             address."
        }
        "bad_authentication" | "key_expired" => {
            "Tell the person: the token is wrong or has ended. LATCHHOOK_OPERATOR_TOKEN of this MCP \
             server needs another one, by `latchhook operator-tokens create`."
        }
        "permission_denied" => {
            let needed = scopes.join(", ");
            return format!(
                "Tell the person: the token may not do this. It needs these scopes: {needed}. Don't look \
                 for another token yourself."
            );
        }
        "not_found" => {
            "Check the identifier, and that it is of this account. find_deliveries looks in all accounts \
             if none is passed."
        }
        "conflict" => {
            "The delivery is not in a state that allows this, or the event was erased. explain_delivery \
             says which."
        }
        "rate_limited" => "Wait a minute before the next call, and ask for less.",
        "unavailable" | "internal" => {
            "Try once more in a minute. If it fails again, tell the person."
        }
        "account_closed" => "Nothing is sent for a closed account any more. Tell the person.",
        "account_not_credentialed" => {
            "The account is not open for live mode. Tell the person; only the operator changes that."
        }
        _ => "Don't repeat the call as it was. Correct the arguments, or tell the person.",
    };
    advice.to_owned()
}
