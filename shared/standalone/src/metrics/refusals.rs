//! Metrics of what the product refused, read from its tally at each scrape.

use std::sync::Arc;

use app::Tally;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric as _},
    metrics::{MetricType, counter::ConstCounter},
};

/// Refusals in a tally.
#[derive(Debug)]
pub(super) struct Refusals(pub(super) Arc<Tally>);

impl Collector for Refusals {
    fn encode(&self, mut encoder: DescriptorEncoder) -> std::fmt::Result {
        let mut family = |name, help, label, counts: Vec<(&'static str, u64)>| {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            counts.into_iter().try_for_each(|(value, count)| {
                ConstCounter::new(count).encode(family.encode_family(&[(label, value)])?)
            })
        };
        family(
            "latchhook_over_limit",
            "Requests and log rows for which too little of a limit was left, by its setting",
            "limit",
            self.0.refusals().map(|(spent, count)| (spent.as_str(), count)).collect(),
        )?;
        family(
            "latchhook_refused_credentials",
            "Requests that were refused for their credential, by the code of the answer",
            "code",
            self.0.credentials().map(|(code, count)| (code.as_str(), count)).collect(),
        )
    }
}
