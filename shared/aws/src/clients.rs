//! The clients of the services.

use std::time::Duration;

use aws_config::{
    BehaviorVersion, SdkConfig, retry::RetryConfig,
    stalled_stream_protection::StalledStreamProtectionConfig, timeout::TimeoutConfig,
};

use crate::wire::Wire;

/// How long a connection may take to come up: the SDK's own default.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3100);
/// How long one try of a call may take. DynamoDB and SQS answer in milliseconds; a call that takes
/// this long is better made again.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// Tries of a call whose connection broke, or that was throttled.
const ATTEMPTS: u32 = 4;
/// The wait before the second try, as the SDK jitters it; doubled for each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The SDK's configuration, from where the SDK looks for it: environment, profile, instance. It
/// opens no connection when the environment says region and credentials, as Lambda's does.
pub async fn config() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(Wire::new())
        .retry_config(retries())
        .timeout_config(timeouts())
        // Answers are read whole, within the time-out.
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

/// Clients of the services, which share one pool of connections. Making them calls nobody.
pub struct Clients {
    dynamodb: aws_sdk_dynamodb::Client,
    sqs: aws_sdk_sqs::Client,
    secrets_manager: aws_sdk_secretsmanager::Client,
}

impl Clients {
    /// Clients made from `config`.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            sqs: aws_sdk_sqs::Client::new(config),
            secrets_manager: aws_sdk_secretsmanager::Client::new(config),
        }
    }

    /// DynamoDB.
    #[must_use]
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        self.dynamodb.clone()
    }

    /// SQS.
    #[must_use]
    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        self.sqs.clone()
    }

    /// Secrets Manager.
    #[must_use]
    pub fn secrets_manager(&self) -> aws_sdk_secretsmanager::Client {
        self.secrets_manager.clone()
    }
}
