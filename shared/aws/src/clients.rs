//! Clients of the AWS services.

use std::time::Duration;

use aws_config::{
    BehaviorVersion, SdkConfig, retry::RetryConfig,
    stalled_stream_protection::StalledStreamProtectionConfig, timeout::TimeoutConfig,
};

use crate::wire::Wire;

/// Time limit of connecting: the SDK's own default.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);
/// Time limit of one try of a call. DynamoDB and SQS answer in milliseconds; it is better to repeat
/// a call that takes this long.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// Number of tries of a call whose connection broke, or that was throttled.
const ATTEMPTS: u32 = 4;
/// Wait before the second try, which the SDK jitters and doubles for each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// Loads the SDK's configuration from the usual sources: environment, profile, instance. Opens no
/// connection if the environment has region and credentials, as Lambda's does.
pub async fn config() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(Wire::new())
        .retry_config(retries())
        .timeout_config(timeouts())
        // Not needed, because answers are read whole within the time-out.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .load()
        .await
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(FIRST_PAUSE)
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .build()
}

/// Clients of the services, which share one pool of connections. Creating them makes no call.
pub struct Clients {
    dynamodb: aws_sdk_dynamodb::Client,
    sqs: aws_sdk_sqs::Client,
    secrets_manager: aws_sdk_secretsmanager::Client,
}

impl Clients {
    /// Creates the clients from `config`.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            sqs: aws_sdk_sqs::Client::new(config),
            secrets_manager: aws_sdk_secretsmanager::Client::new(config),
        }
    }

    /// Returns the client of DynamoDB.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        self.dynamodb.clone()
    }

    /// Returns the client of SQS.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        self.sqs.clone()
    }

    /// Returns the client of Secrets Manager.
    #[must_use]
    pub fn secrets_manager(&self) -> aws_sdk_secretsmanager::Client {
        self.secrets_manager.clone()
    }
}
