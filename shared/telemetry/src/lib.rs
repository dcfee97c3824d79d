//! Export of spans to an OpenTelemetry collector, by OTLP over HTTP.
//!
//! The collector, the sampling and the name of the service come from the standard variables
//! `OTEL_*`, which the OpenTelemetry SDK reads itself; [`is_wanted`] says whether they ask for
//! anything. [`Exporter::start`] starts a thread that sends what has gathered. It keeps a bounded
//! number of spans: while the collector is slow or away, further ones are dropped, and nothing waits.
//!
//! Spans go out over [`sender`]'s connector. Whatever they say is [masked](domain::redaction) as log
//! lines are. This crate decides nothing about which spans there are.

mod http;
mod masked;
mod traces;

use std::{collections::BTreeMap, sync::Arc};

use app::traces::Traces;
use opentelemetry::{KeyValue, trace::TracerProvider as _};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use ports::Chain;
use sender::OperatorClient;
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{Layer, registry::LookupSpan};

use self::{http::Wire, masked::Masked, traces::Connected};

/// Name of the service, unless the environment has another.
const SERVICE: &str = "latchhook";
/// Protocol that spans are sent by.
const PROTOCOL: &str = "http/protobuf";

/// Exporter of spans.
pub struct Exporter(SdkTracerProvider);

/// Reason why spans can't be exported.
#[derive(Debug, thiserror::Error)]
pub enum NotExported {
    /// The environment asks for another protocol.
    #[error("OTEL_EXPORTER_OTLP_PROTOCOL is {0}, and spans are only sent by http/protobuf")]
    Protocol(String),
    /// The environment has a value that can't be used.
    #[error("the variables OTEL_EXPORTER_OTLP_* can't be used")]
    Environment(#[source] ExporterBuildError),
}

/// Returns whether `env` asks for spans to be exported: it names a collector.
#[must_use]
pub fn is_wanted(env: &BTreeMap<String, String>) -> bool {
    let get = |name: &str| env.get(name).map(String::as_str).filter(|text| !text.is_empty());
    let endpoints = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
    endpoints.into_iter().any(|name| get(name).is_some())
        && get("OTEL_TRACES_EXPORTER") != Some("none")
        && !get("OTEL_SDK_DISABLED").is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

impl Exporter {
    /// Starts the exporter that `env`, the process's own environment, asks for. Must be called in a
    /// Tokio runtime, in which it sends.
    ///
    /// # Errors
    /// [`NotExported`].
    pub fn start(
        env: &BTreeMap<String, String>,
        version: &'static str,
        client: OperatorClient,
    ) -> Result<Self, NotExported> {
        let protocols = ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"];
        let mut protocol = protocols.into_iter().find_map(|name| env.get(name));
        if let Some(other) = protocol.take_if(|protocol| *protocol != PROTOCOL) {
            return Err(NotExported::Protocol(other.clone()));
        }
        let exporter = SpanExporter::builder().with_http().with_http_client(Wire::new(client));
        let exporter = exporter.build().map_err(NotExported::Environment)?;
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Masked(exporter))
            .with_resource(resource(env, version))
            .build();
        Ok(Self(provider))
    }

    /// Returns the layer that turns spans of at least `level` into exported ones.
    #[must_use]
    pub fn layer<S>(&self, level: LevelFilter) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer(SERVICE))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_filter(level)
    }

    /// Returns the connection of spans to their traces.
    #[must_use]
    pub fn traces(&self) -> Arc<dyn Traces> {
        Arc::new(Connected)
    }

    /// Sends what has gathered, for a few seconds at most, and ends.
    pub async fn shut_down(self) {
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown()).await;
        if let Ok(Err(why)) = ended {
            tracing::warn!(error = %Chain(&why), "the last spans could not be exported");
        }
    }
}

/// Returns the description of this process: its name and version, and what `env` says.
fn resource(env: &BTreeMap<String, String>, version: &'static str) -> Resource {
    let resource = Resource::builder();
    let named = env.contains_key("OTEL_SERVICE_NAME")
        || env.get("OTEL_RESOURCE_ATTRIBUTES").is_some_and(|all| all.contains("service.name="));
    let resource = if named { resource } else { resource.with_service_name(SERVICE) };
    resource.with_attribute(KeyValue::new("service.version", version)).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn spans_are_exported_only_to_a_named_collector() {
        let collector = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
        assert!(is_wanted(&env(&[collector])));
        assert!(!is_wanted(&env(&[])));
        assert!(!is_wanted(&env(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "")])));
        assert!(!is_wanted(&env(&[collector, ("OTEL_SDK_DISABLED", "true")])));
        assert!(!is_wanted(&env(&[collector, ("OTEL_TRACES_EXPORTER", "none")])));
    }
}
