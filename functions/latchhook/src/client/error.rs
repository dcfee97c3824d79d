//! Why a call did not succeed.

use http::StatusCode;

use super::{Answer, Document, TransportError};
use crate::{failure::Failure, output::harmless};

/// Why a call did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// The API said no.
    #[error("{message} ({code}{}{})", labelled(", param ", param.as_ref()), labelled(", ", request_id.as_ref()))]
    Refused {
        /// A sentence for people.
        message: String,
        /// The stable code.
        code: String,
        /// The field it is about.
        param: Option<String>,
        /// For the server's log.
        request_id: Option<String>,
    },
    /// Something answered that is not Latchhook's API.
    #[error("answered {status}, but not as Latchhook's API does; is the URL right?")]
    Strange {
        /// The HTTP status.
        status: StatusCode,
    },
    /// The request can't be made.
    #[error("{0}")]
    BadRequest(&'static str),
    /// Nothing answered.
    #[error("{url} can't be reached: {why}")]
    Unreachable {
        /// The server's address.
        url: String,
        /// Why.
        why: TransportError,
    },
}

fn labelled(label: &str, text: Option<&String>) -> String {
    text.map(|text| format!("{label}{text}")).unwrap_or_default()
}

impl ApiError {
    /// What an answer says that is not what was asked for.
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
