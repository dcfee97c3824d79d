//! What the services' errors come to.

use std::{error::Error, fmt};

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use ports::Unavailable;

/// Codes of errors that pass by themselves: another transaction was in the way, or too much was
/// asked for at once.
const PASSING: &[&str] = &[
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
    "TransactionConflictException",
    "TransactionInProgressException",
];

/// `what` failed because of `error`: by the service's code and message, or by the chain of what
/// kept the call from it.
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

/// Whether `error` passes by itself.
pub(crate) fn is_passing<E, R>(error: &SdkError<E, R>) -> bool
where
    E: ProvideErrorMetadata,
{
    error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code)
        .is_some_and(|code| PASSING.contains(&code))
}

/// What was made for a call lacks something that the service needs.
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
