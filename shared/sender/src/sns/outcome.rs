//! Outcome of a `Publish`.

use aws_sdk_sns::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata as _, SdkError},
    operation::{
        RequestId as _,
        publish::{PublishError, PublishOutput},
    },
};
use domain::delivery::{Failure, FailureCode};
use ports::sender::Answer;

use crate::failure::{self, NoAnswer, failure};

type Published = Result<PublishOutput, SdkError<PublishError, HttpResponse>>;

pub(super) fn of(published: Published) -> Result<Answer, NoAnswer> {
    match published {
        Ok(output) => Ok(accepted(&output)),
        Err(error) => Err(refused(&error)),
    }
}

/// Returns the answer for a success, which the SDK reports for a 200 only; the body is the
/// message's identifier.
fn accepted(output: &PublishOutput) -> Answer {
    let request_id = output.request_id().map(|id| ("x-amzn-requestid".to_owned(), id.to_owned()));
    Answer {
        status: 200,
        headers: request_id.into_iter().collect(),
        body_excerpt: output
            .message_id()
            .map(|id| format!(r#"{{"MessageId":"{id}"}}"#))
            .unwrap_or_default(),
        retry_after_seconds: None,
    }
}

/// Returns the failure for an error, with its code only: the service's messages can contain its
/// users and roles, and repeat signed data.
fn refused(error: &SdkError<PublishError, HttpResponse>) -> NoAnswer {
    if let SdkError::DispatchFailure(dispatch) = error
        && let Some(error) = dispatch.as_connector_error().and_then(std::error::Error::source)
    {
        return failure::of(error);
    }
    failed(error).into()
}

fn failed(error: &SdkError<PublishError, HttpResponse>) -> Failure {
    match error {
        SdkError::ServiceError(service) => match service.err().code() {
            Some(code) => {
                let status = service.raw().status().as_u16();
                failure(FailureCode::Sns, format!("SNS answered {status}: {code}"))
            }
            None => not_understood(),
        },
        SdkError::DispatchFailure(_) => {
            failure(FailureCode::Connection, "SNS could not be reached")
        }
        SdkError::TimeoutError(_) => failure::timed_out(),
        SdkError::ResponseError(_) => not_understood(),
        _ => failure(FailureCode::Sns, "the delivery can't be written for SNS"),
    }
}

fn not_understood() -> Failure {
    failure(FailureCode::Protocol, "SNS gave an answer that can't be parsed")
}
