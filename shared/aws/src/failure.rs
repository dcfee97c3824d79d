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
pub(crate) fn unavailable<E, R>(what: &'static str, error: &SdkError<E, R>) -> Unavailable
where
    E: ProvideErrorMetadata + Error + 'static,
    R: fmt::Debug + 'static,
{
    match error.as_service_error().and_then(ProvideErrorMetadata::code) {
        Some(code) => {
            Unavailable::new(what, format_args!("{code}: {}", error.message().unwrap_or_default()))
        }
        None => Unavailable::new(what, chain(error)),
    }
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
pub(crate) fn incomplete(error: impl fmt::Display) -> Unavailable {
    Unavailable::new("making a request", error)
}

fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
