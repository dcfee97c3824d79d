//! Masking of secrets in spans.

use std::{borrow::Cow, time::Duration};

use domain::redaction::redact;
use opentelemetry::{KeyValue, StringValue, Value, trace::Status};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SpanData, SpanExporter},
};

/// Exporter that masks secrets in whatever text a span has, as the writer of log lines does.
#[derive(Debug)]
pub(crate) struct Masked<E>(pub(crate) E);

impl<E: SpanExporter> SpanExporter for Masked<E> {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        batch.iter_mut().for_each(mask);
        self.0.export(batch).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

fn mask(span: &mut SpanData) {
    span.attributes.iter_mut().for_each(mask_value);
    for event in &mut span.events.events {
        mask_text(&mut event.name);
        event.attributes.iter_mut().for_each(mask_value);
    }
    if let Status::Error { description } = &mut span.status {
        mask_text(description);
    }
}

fn mask_text(text: &mut Cow<'static, str>) {
    if let Cow::Owned(masked) = redact(text) {
        *text = Cow::Owned(masked);
    }
}

fn mask_value(pair: &mut KeyValue) {
    if let Value::String(text) = &pair.value
        && let Cow::Owned(masked) = redact(text.as_str())
    {
        pair.value = Value::String(StringValue::from(masked));
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::KeyValue;

    use super::*;

    #[test]
    fn secrets_in_attributes_are_masked() {
        let mut pair = KeyValue::new("error", "lhop_0123456789abcdef was refused");
        mask_value(&mut pair);
        assert_eq!(pair.value.as_str(), "lhop_**** was refused");
    }
}
