//! One SDK client per account, credentials and region, kept for a while.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aws_sdk_sns::config::{
    BehaviorVersion, Credentials, Region, StalledStreamProtectionConfig, retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_smithy_async::time::TimeSource;
use domain::{Secret, id::AccountId, webhook::SnsTopic};
use ports::{Clock, resolve::Asker};

use super::wire::Wire;
use crate::pools::Pools;

/// Number of clients that are kept; the least recently used is dropped.
const MAX_CLIENTS: usize = 256;

/// Time after which an unused client is dropped. It holds credentials, which must not stay in
/// memory for ever.
const MAX_IDLE: Duration = Duration::from_mins(10);

pub(super) struct Clients {
    pools: Arc<Pools>,
    clock: Arc<dyn Clock>,
    endpoint: Option<String>,
    kept: Mutex<HashMap<Identity, Kept>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Identity {
    asker: Asker,
    key_id: String,
    region: String,
}

struct Kept {
    access_key: Secret,
    client: aws_sdk_sns::Client,
    used: Duration,
}

impl Clients {
    pub(super) fn new(pools: Arc<Pools>, clock: Arc<dyn Clock>, endpoint: Option<String>) -> Self {
        Self { pools, clock, endpoint, kept: Mutex::default() }
    }

    /// Returns the client of `account` for `topic`'s credentials and region.
    pub(super) fn of(&self, account: AccountId, topic: &SnsTopic) -> aws_sdk_sns::Client {
        let asker = match &self.endpoint {
            Some(_) => Asker::Operator,
            None => Asker::Account(account),
        };
        let (key_id, region) = (topic.key_id.clone(), topic.region.clone());
        let key = Identity { asker, key_id, region };
        let now = self.clock.monotonic();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, entry| now.saturating_sub(entry.used) < MAX_IDLE);
        if let Some(entry) = kept.get_mut(&key).filter(|e| e.access_key == topic.access_key) {
            entry.used = now;
            return entry.client.clone();
        }
        make_room(&mut kept);
        let client = self.build(asker, topic);
        let access_key = topic.access_key.clone();
        kept.insert(key, Kept { access_key, client: client.clone(), used: now });
        client
    }

    fn build(&self, asker: Asker, topic: &SnsTopic) -> aws_sdk_sns::Client {
        let credentials =
            Credentials::new(&topic.key_id, topic.access_key.expose(), None, None, "webhook_url");
        let mut config = aws_sdk_sns::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(topic.region.clone()))
            .credentials_provider(credentials)
            .http_client(Wire::new(Arc::clone(&self.pools), asker))
            .time_source(PortTime(self.clock.clone()))
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        if let Some(endpoint) = &self.endpoint {
            config = config.endpoint_url(endpoint);
        }
        aws_sdk_sns::Client::from_conf(config.build())
    }
}

fn make_room(kept: &mut HashMap<Identity, Kept>) {
    if kept.len() < MAX_CLIENTS {
        return;
    }
    let oldest = kept.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| key.clone());
    if let Some(oldest) = oldest {
        kept.remove(&oldest);
    }
}

/// Adapter of the clock port for the SDK, for the date in its signatures.
struct PortTime(Arc<dyn Clock>);

impl TimeSource for PortTime {
    fn now(&self) -> SystemTime {
        let millis = u64::try_from(self.0.now().as_millis()).unwrap_or(0);
        UNIX_EPOCH + Duration::from_millis(millis)
    }
}

impl fmt::Debug for PortTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PortTime")
    }
}
