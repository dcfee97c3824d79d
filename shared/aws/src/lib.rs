//! Implementations of the ports on DynamoDB, SQS and Secrets Manager.
//!
//! * [`DynamoStore`] keeps events and documents in two tables. A commit is one `TransactWriteItems`,
//!   whose cancellation reasons say by position which condition failed, or for a single document one
//!   `PutItem`; what means nothing without it is put before;
//! * [`SqsQueue`] chains three queues, because SQS lets a message wait for 15 minutes and a retry
//!   can be due in hours;
//! * [`SecretsManagerVault`] keeps one secret each; [`ring_secret`] keeps the key ring of a vault
//!   that seals into the store instead; [`BothVaults`] reads from the one and the other while secrets are moved;
//! * [`LeasingLimiter`] counts requests in blocks, a fraction of a write for each.
//!
//! Reads on which a decision depends are consistent, every list is paged to its end, and tables are
//! scanned only to replay and to rebuild. Temporary failures (a throttled call, two conflicting
//! transactions) are retried a few times; the SDK retries transport errors and throttling of single
//! calls, under the same idempotency token.
//!
//! Walk-through of an accepted event with two webhooks: [`DynamoStore`] turns the `Commit` into a
//! plan (`dynamo/plan.rs`) of one item, since the deliveries have no documents yet, puts its entry
//! by the related object, then the item on condition that it does not exist, and hands the two messages to [`SqsQueue`], which sends them
//! as one batch.
//!
//! The crate never reads the environment but through the SDK's own configuration ([`config`]), and
//! never creates a table or a queue: `infra/` does.

mod clients;
mod dynamo;
mod failure;
mod limiter;
mod pauses;
mod queue;
mod secrets;
mod vault;
mod wire;

pub use aws_config::SdkConfig;
pub use aws_sdk_secretsmanager::Client as SecretsManager;
pub use clients::{Clients, config};
pub use dynamo::{DynamoStore, Place, StoredItem, Tables};
pub use limiter::LeasingLimiter;
pub use queue::{NotAMessage, Queues, Redriven, SqsQueue, kept_by_lambda, message};
pub use secrets::{change_ring, read_secret, replace_ring, replace_secret, ring_secret};
pub use vault::{BothVaults, KeptApart, KeptIn, SecretsManagerVault};
