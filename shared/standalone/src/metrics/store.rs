//! Metrics of the store: its disk, and what the disk did to it.

use std::sync::Arc;

use embedded::Figures;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};

/// Figures of the store, read at each scrape.
#[derive(Debug)]
pub(super) struct StoreFigures(pub(super) Arc<Figures>);

impl Collector for StoreFigures {
    fn encode(&self, mut encoder: DescriptorEncoder) -> std::fmt::Result {
        let mut add = |name: &str, help: &str, metric: &dyn EncodeMetric| {
            let encoder = encoder.encode_descriptor(name, help, None, metric.metric_type())?;
            metric.encode(encoder)
        };
        let Self(figures) = self;
        add(
            "latchhook_log_rows_dropped",
            "Log rows that were dropped because the disk was nearly full",
            &ConstCounter::new(figures.dropped()),
        )?;
        add(
            "latchhook_disk_free_bytes",
            "Free space on the disk of the data directory, in bytes",
            &ConstGauge::new(figures.free()),
        )?;
        add(
            "latchhook_store_damages",
            "Damaged things that the last check of the database found",
            &ConstGauge::new(figures.damaged()),
        )
    }
}
