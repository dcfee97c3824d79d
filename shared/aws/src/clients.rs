//! The clients of the services.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use aws_config::{
    BehaviorVersion, ConfigLoader, SdkConfig, environment::EnvironmentVariableCredentialsProvider,
    retry::RetryConfig, stalled_stream_protection::StalledStreamProtectionConfig,
    timeout::TimeoutConfig,
};

use crate::wire::Wire;

/// How long one try of a call may take. DynamoDB and SQS answer in milliseconds; a call that takes
/// this long is better made again.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// Tries of a call whose connection broke, or that was throttled.
const ATTEMPTS: u32 = 4;
/// The wait before the second try, as the SDK jitters it; doubled for each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The SDK's configuration, from where the SDK looks for it: environment, profile, instance. It
/// opens no connection when the environment says region and credentials.
pub async fn config() -> SdkConfig {
    loader().load().await
}

/// The same where the environment says region and credentials, as Lambda's does: making ready to
/// look anywhere else takes longer than the rest of a function's start.
pub async fn config_of_lambda() -> SdkConfig {
    loader().credentials_provider(EnvironmentVariableCredentialsProvider::new()).load().await
}

fn loader() -> ConfigLoader {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(Wire::new())
        .retry_config(
            RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(FIRST_PAUSE),
        )
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(ATTEMPT_TIMEOUT).build())
        // Answers are read whole, within the time-out.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
}

/// A client of a service, made when it is first used: each parses where its service is, in every
/// region there is.
pub type Late<C> = Arc<LazyLock<C, Box<dyn FnOnce() -> C + Send>>>;

/// The client that `make` makes, later.
pub fn late<C>(make: impl FnOnce() -> C + Send + 'static) -> Late<C> {
    Arc::new(LazyLock::new(Box::new(make)))
}

/// The clients of the services. They share one pool of connections.
pub struct Clients {
    dynamodb: Late<aws_sdk_dynamodb::Client>,
    sqs: Late<aws_sdk_sqs::Client>,
    secrets_manager: Late<aws_sdk_secretsmanager::Client>,
}

impl Clients {
    /// Clients that will be made from `config`.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        let [of_dynamodb, of_sqs, of_secrets] = [config.clone(), config.clone(), config.clone()];
        Self {
            dynamodb: late(move || aws_sdk_dynamodb::Client::new(&of_dynamodb)),
            sqs: late(move || aws_sdk_sqs::Client::new(&of_sqs)),
            secrets_manager: late(move || aws_sdk_secretsmanager::Client::new(&of_secrets)),
        }
    }

    /// DynamoDB.
    #[must_use]
    pub fn dynamodb(&self) -> Late<aws_sdk_dynamodb::Client> {
        Arc::clone(&self.dynamodb)
    }

    /// SQS.
    #[must_use]
    pub fn sqs(&self) -> Late<aws_sdk_sqs::Client> {
        Arc::clone(&self.sqs)
    }

    /// Secrets Manager.
    #[must_use]
    pub fn secrets_manager(&self) -> Late<aws_sdk_secretsmanager::Client> {
        Arc::clone(&self.secrets_manager)
    }
}
