//! Tables and queues of one test.

use std::{sync::Arc, time::Duration};

use aws::{Clients, DynamoStore, Queues, SqsQueue, Tables};
use aws_sdk_dynamodb::{
    operation::create_table::CreateTableError,
    types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType},
};
use aws_sdk_sqs::types::QueueAttributeName;
use domain::Timestamp;
use embedded::SystemIds;
use ports::{Clock, Ids as _};

/// Visibility time-out: time after which a received message comes back.
pub const VISIBILITY_TIMEOUT: Duration = Duration::from_secs(6);
/// Longest delay of one hop, so that a longer wait takes several.
const HOP_LIMIT: Duration = Duration::from_mins(15);

/// Tables and queues of one test, on the emulator.
pub struct Place {
    /// Name of the place, with which the names of all its tables and queues begin.
    pub name: String,
    /// Clients of the emulator.
    pub clients: Clients,
    /// The tables.
    pub tables: Tables,
    /// The queues.
    pub queues: Queues,
    /// Identifiers.
    pub ids: Arc<SystemIds>,
}

impl Place {
    /// Creates a place of the test's own.
    pub async fn new() -> Self {
        Self::with(Clients::new(&aws::config().await)).await
    }

    /// Creates a place of the test's own, with `clients`.
    pub async fn with(clients: Clients) -> Self {
        let ids = Arc::new(SystemIds::new());
        let name = format!("test-{}", ids.ulid(Timestamp::EPOCH));
        let (views, events) = (format!("{name}-views"), format!("{name}-events"));
        let dynamodb = clients.dynamodb();
        let text = ScalarAttributeType::S;
        create_table(&dynamodb, &views, [("pk", text.clone()), ("sk", text.clone())]).await;
        let version = ("version", ScalarAttributeType::N);
        create_table(&dynamodb, &events, [("stream", text), version]).await;
        let sqs = clients.sqs();
        let queues = Queues {
            deliveries: create_queue(&sqs, &format!("{name}-deliveries")).await,
            retry_minutes: create_queue(&sqs, &format!("{name}-retry-minutes")).await,
            retry_hours: create_queue(&sqs, &format!("{name}-retry-hours")).await,
        };
        Self { name, clients, tables: Tables { events, views }, queues, ids }
    }

    /// Returns the queue adapter, by `clock`.
    pub fn queue(&self, clock: Arc<dyn Clock>) -> Arc<SqsQueue> {
        Arc::new(SqsQueue::new(self.clients.sqs(), self.queues.clone(), HOP_LIMIT, clock))
    }

    /// Returns the store adapter, by `clock`.
    pub fn store(&self, queue: Arc<SqsQueue>, clock: Arc<dyn Clock>) -> Arc<DynamoStore> {
        let (client, ids) = (self.clients.dynamodb(), self.ids.clone());
        Arc::new(DynamoStore::new(client, self.tables.clone(), queue, clock, ids))
    }
}

/// Creates a table with a partition and a sort key.
async fn create_table(
    client: &aws_sdk_dynamodb::Client,
    name: &str,
    keys: [(&str, ScalarAttributeType); 2],
) {
    let mut create =
        client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
    for ((attribute, of), key) in keys.into_iter().zip([KeyType::Hash, KeyType::Range]) {
        let attribute_is =
            AttributeDefinition::builder().attribute_name(attribute).attribute_type(of);
        let is_key = KeySchemaElement::builder().attribute_name(attribute).key_type(key);
        create = create
            .attribute_definitions(attribute_is.build().unwrap())
            .key_schema(is_key.build().unwrap());
    }
    if let Err(why) = create.send().await {
        // Nobody else draws that name: an earlier try made it, whose answer came too late.
        let is_made =
            why.as_service_error().is_some_and(CreateTableError::is_resource_in_use_exception);
        assert!(is_made, "{why:?}");
    }
}

async fn create_queue(client: &aws_sdk_sqs::Client, name: &str) -> String {
    let seconds = VISIBILITY_TIMEOUT.as_secs().to_string();
    let create = client.create_queue().queue_name(name);
    let create = create.attributes(QueueAttributeName::VisibilityTimeout, seconds);
    create.send().await.unwrap().queue_url.unwrap()
}
