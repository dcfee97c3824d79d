//! Scripted AWS services.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, Credentials, Region, SharedCredentialsProvider, retry::RetryConfig,
};
use aws_smithy_async::rt::sleep::{AsyncSleep, SharedAsyncSleep, Sleep};
use aws_smithy_runtime_api::client::{
    http::{
        HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
    },
    orchestrator::{HttpRequest, HttpResponse},
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use domain::{Timestamp, id::Ulid};
use latchhook_aws::{Clients, DynamoStore, Queues, SdkConfig, SqsQueue, Tables};
use ports::{Clock, Ids};
use serde_json::{Value, json};

/// Call of a service.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Operation, such as `PutItem`.
    pub(crate) operation: String,
    /// Input.
    pub(crate) input: Value,
}

/// Answer: a status and a body.
pub(crate) struct Answer(u16, Value);

/// Returns a success.
pub(crate) fn fine(output: Value) -> Answer {
    Answer(200, output)
}

/// Returns an error with its code and further fields.
pub(crate) fn error(code: &str, mut more: Value) -> Answer {
    more["__type"] = code.into();
    more["message"] = "so the script says".into();
    Answer(400, more)
}

/// Returns the failure of a service that broke down after it received the call.
pub(crate) fn broken() -> Answer {
    Answer(500, json!({ "__type": "InternalServerError" }))
}

/// Returns a cancelled transaction, with the reason of each of its items.
pub(crate) fn cancelled(reasons: &[Value]) -> Answer {
    error("TransactionCanceledException", json!({ "CancellationReasons": reasons }))
}

/// Returns the reason of an item, with its code.
pub(crate) fn reason(code: &str) -> Value {
    json!({ "Code": code })
}

/// Scripted service that stands for all of AWS.
#[derive(Clone)]
pub(crate) struct Service(Arc<Script>);

type Answers = Box<dyn FnMut(&Call) -> Answer + Send>;

struct Script {
    calls: Mutex<Vec<Call>>,
    answers: Mutex<Answers>,
}

impl Service {
    /// Creates a service that calls `answers` for each answer.
    pub(crate) fn new(answers: impl FnMut(&Call) -> Answer + Send + 'static) -> Self {
        let answers: Answers = Box::new(answers);
        Self(Arc::new(Script { calls: Mutex::default(), answers: Mutex::new(answers) }))
    }

    /// Creates a service that gives `answers` in their order, and expects no further call.
    pub(crate) fn in_turn(answers: impl IntoIterator<Item = Answer>) -> Self {
        let mut answers = answers.into_iter().collect::<Vec<_>>().into_iter();
        Self::new(move |call| answers.next().unwrap_or_else(|| panic!("one call more: {call:?}")))
    }

    /// Returns the calls so far.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.0.calls.lock().unwrap().clone()
    }

    /// Returns the operations that were called so far.
    pub(crate) fn operations(&self) -> Vec<String> {
        self.calls().into_iter().map(|call| call.operation).collect()
    }

    /// Returns clients of the service, on which the SDK's waits end at once.
    pub(crate) fn clients(&self) -> Clients {
        let credentials = Credentials::new("key", "secret", None, None, "a test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .sleep_impl(SharedAsyncSleep::new(NoSleep))
            .http_client(self.clone())
            .build();
        Clients::new(&config)
    }

    /// Returns a queue on the service.
    pub(crate) fn queue(&self, clock: &Arc<InstantClock>) -> Arc<SqsQueue> {
        let queues = Queues {
            deliveries: "https://sqs/deliveries".to_owned(),
            retry_minutes: "https://sqs/minutes".to_owned(),
            retry_hours: "https://sqs/hours".to_owned(),
        };
        let hop = Duration::from_mins(15);
        Arc::new(SqsQueue::new(self.clients().sqs(), queues, hop, clock.clone()))
    }

    /// Returns a store on the service.
    pub(crate) fn store(&self, clock: &Arc<InstantClock>) -> DynamoStore {
        let tables = Tables { events: "events".to_owned(), views: "views".to_owned() };
        let ids = Arc::new(SequentialIds::default());
        let queue = self.queue(clock);
        DynamoStore::new(self.clients().dynamodb(), tables, queue, clock.clone(), ids)
    }
}

impl HttpClient for Service {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Service {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let input = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let call = Call { operation, input };
        self.0.calls.lock().unwrap().push(call.clone());
        let Answer(status, body) = (self.0.answers.lock().unwrap())(&call);
        let body = SdkBody::from(body.to_string());
        HttpConnectorFuture::new(async move {
            // Others come to their own calls meanwhile.
            tokio::task::yield_now().await;
            Ok(HttpResponse::new(status.try_into().unwrap(), body))
        })
    }
}

impl fmt::Debug for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Service")
    }
}

#[derive(Debug)]
struct NoSleep;

impl AsyncSleep for NoSleep {
    fn sleep(&self, _: Duration) -> Sleep {
        Sleep::new(std::future::ready(()))
    }
}

/// Clock that stands still, and on which every wait ends at once.
#[derive(Default)]
pub(crate) struct InstantClock {
    waits: Mutex<Vec<Duration>>,
}

/// Time of the clock.
pub(crate) const NOW: i64 = 1_770_000_000_000;

impl InstantClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Returns the number of waits so far.
    pub(crate) fn waits(&self) -> usize {
        self.waits.lock().unwrap().len()
    }
}

#[async_trait]
impl Clock for InstantClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(NOW)
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    async fn sleep(&self, duration: Duration) {
        self.waits.lock().unwrap().push(duration);
    }
}

/// Identifiers in sequence.
#[derive(Default)]
struct SequentialIds(AtomicU64);

impl Ids for SequentialIds {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }

    fn ulid(&self, _: Timestamp) -> Ulid {
        Ulid::from(u128::from(self.0.fetch_add(1, Ordering::Relaxed)) + 1)
    }
}
