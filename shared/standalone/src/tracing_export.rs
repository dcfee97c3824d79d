//! Export of spans, where the server is built with it (the feature `otlp`).

use std::{collections::BTreeMap, sync::Arc};

use app::traces::Traces;
use settings::TraceLevel;
use tracing_subscriber::{Layer, Registry};

use crate::{Error, Settings};

/// Layer that exports spans.
pub(crate) type Spans = Box<dyn Layer<Registry> + Send + Sync>;

/// Export of spans to the configured collector, or nothing.
pub struct Export {
    #[cfg(feature = "otlp")]
    exporter: Option<telemetry::Exporter>,
}

#[cfg(feature = "otlp")]
impl Export {
    /// Starts the export if `env` names a collector.
    pub(crate) fn start(
        settings: &Settings,
        env: &BTreeMap<String, String>,
    ) -> Result<Self, Error> {
        use std::time::Duration;

        use embedded::SystemClock;
        use ports::Clock;
        use resolver::{DnsResolver, Source};
        use sender::OperatorClient;

        use crate::error::during;

        /// Time limit of one export, which is the SDK's as well.
        const TIMEOUT: Duration = Duration::from_secs(10);

        if !telemetry::is_wanted(env) {
            return Ok(Self { exporter: None });
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let source = Source::system(settings.name_servers.clone());
        let resolver = Arc::new(DnsResolver::new(source, Arc::clone(&clock)));
        let client = OperatorClient::new(TIMEOUT, settings.extra_ca.as_deref(), clock, resolver)?;
        let exporter = telemetry::Exporter::start(env, env!("CARGO_PKG_VERSION"), client);
        Ok(Self { exporter: Some(exporter.map_err(during("exporting spans"))?) })
    }

    pub(crate) fn layer(&self, level: TraceLevel) -> Option<Spans> {
        use tracing_subscriber::filter::LevelFilter;

        let level = match level {
            TraceLevel::Info => LevelFilter::INFO,
            TraceLevel::Debug => LevelFilter::DEBUG,
        };
        self.exporter.as_ref().map(|exporter| exporter.layer(level).boxed())
    }

    /// Returns the connection of spans to distributed traces.
    #[must_use]
    pub fn traces(&self) -> Option<Arc<dyn Traces>> {
        self.exporter.as_ref().map(telemetry::Exporter::traces)
    }

    /// Sends the spans that have gathered, and ends.
    pub async fn shut_down(self) {
        if let Some(exporter) = self.exporter {
            exporter.shut_down().await;
        }
    }
}

#[cfg(not(feature = "otlp"))]
impl Export {
    #[expect(clippy::unnecessary_wraps, reason = "it can fail where it is built")]
    pub(crate) fn start(_: &Settings, _: &BTreeMap<String, String>) -> Result<Self, Error> {
        Ok(Self {})
    }

    pub(crate) fn layer(&self, _: TraceLevel) -> Option<Spans> {
        None
    }

    /// Returns none: nothing is exported.
    #[must_use]
    pub fn traces(&self) -> Option<Arc<dyn Traces>> {
        None
    }

    /// Does nothing.
    pub async fn shut_down(self) {}
}
