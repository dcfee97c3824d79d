//! Errors of calls to the API.

use http::StatusCode;

use super::{Answer, Document, TransportError};
use crate::{failure::Failure, output::harmless};

/// Reason why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The API refused the call.
    #[error("{message} ({code}{}{})", labelled(", param ", param.as_ref()), labelled(", ", request_id.as_ref()))]
    Refused {
        /// Sentence for people.
        message: String,
        /// Stable code.
        code: String,
        /// Name of the wrong field.
        param: Option<String>,
        /// Identifier for finding the request in the server's log.
        request_id: Option<String>,
    },
    /// The answer does not come from Latchhook's API.
    #[error("answered {status}, but not as Latchhook's API does; is the URL right?")]
    Strange {
        /// HTTP status.
        status: StatusCode,
    },
    /// The request can't be made.
    #[error("{0}")]
    BadRequest(&'static str),
    /// There was no answer.
    #[error("{url} can't be reached: {why}")]
    Unreachable {
        /// Address of the server.
        url: String,
        /// Cause.
        why: TransportError,
    },
}

fn labelled(label: &str, text: Option<&String>) -> String {
    text.map(|text| format!("{label}{text}")).unwrap_or_default()
}

impl ApiError {
    /// Converts an answer that is not a success.
    pub(crate) fn of(answer: &Answer) -> Self {
        let status = answer.status;
        let problem = Document::parse(&answer.body);
        let text = |place: &str| {
            let text = harmless(&problem.as_ref()?.at(place));
            Some(text).filter(|text| !text.is_empty())
        };
        match text("/code").filter(|_| !status.is_success()) {
            None => Self::Strange { status },
            Some(code) => Self::Refused {
                message: text("/error").unwrap_or_else(|| status.to_string()),
                code,
                param: text("/param"),
                request_id: text("/request_id"),
            },
        }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        let text = error.to_string();
        match error {
            ApiError::Refused { .. } | ApiError::Strange { .. } => Self::Failed(text),
            ApiError::BadRequest(_) => Self::Usage(text),
            ApiError::Unreachable { .. } => Self::Unreachable(text),
        }
    }
}
