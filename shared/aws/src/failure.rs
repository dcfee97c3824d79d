//! Conversion of the services' errors.

use std::{error::Error, fmt};

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use ports::Unavailable;

/// Codes of temporary errors: a conflict with another transaction, or throttling.
const PASSING: &[&str] = &[
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
];

/// Returns the error of the operation `what`, with the service's code and message, or with the
/// chain of causes if the call failed before it reached the service.
pub(crate) fn unavailable<E, R>(what: &'static str, error: SdkError<E, R>) -> Unavailable
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    R: fmt::Debug + Send + Sync + 'static,
{
    if let Some(answer) = error.as_service_error() {
        let (code, message) = (answer.code().unwrap_or("no code"), answer.message());
        return Unavailable::new(what, refused(code, message));
    }
    // Not the error as a whole, because that also holds the raw answer, which can be a secret's.
    match error.into_source() {
        Ok(cause) => Unavailable::new(what, cause),
        Err(error) => Unavailable::new(what, error.to_string()),
    }
}

/// Returns the error for an answer with this code and message.
pub(crate) fn refused(code: &str, message: Option<&str>) -> Refused {
    Refused { code: code.to_owned(), message: message.unwrap_or_default().to_owned() }
}

/// Error that a service answered with.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct Refused {
    code: String,
    message: String,
}

/// Returns whether `error` is temporary.
pub(crate) fn is_passing<E, R>(error: &SdkError<E, R>) -> bool
where
    E: ProvideErrorMetadata,
{
    error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code)
        .is_some_and(|code| PASSING.contains(&code))
}

/// Returns the error for a request that lacks something that the service needs.
pub(crate) fn incomplete(error: impl Into<Box<dyn Error + Send + Sync>>) -> Unavailable {
    Unavailable::new("making a request", error)
}
