//! Connection of `tracing`'s spans to OpenTelemetry's.

use app::traces::Traces;
use opentelemetry::{
    Context,
    trace::{SpanContext, SpanId, TraceContextExt as _, TraceFlags, TraceId, TraceState},
};
use ports::trace::TraceContext;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Connection through the layer that is installed.
pub(crate) struct Connected;

impl Traces for Connected {
    fn place_of(&self, span: &Span) -> Option<TraceContext> {
        let context = span.context();
        let place = context.span().span_context().clone();
        place.is_valid().then(|| TraceContext {
            trace: u128::from_be_bytes(place.trace_id().to_bytes()),
            span: u64::from_be_bytes(place.span_id().to_bytes()),
            sampled: place.is_sampled(),
        })
    }

    fn adopt(&self, span: &Span, parent: TraceContext) {
        let remote = SpanContext::new(
            TraceId::from(parent.trace),
            SpanId::from(parent.span),
            if parent.sampled { TraceFlags::SAMPLED } else { TraceFlags::NOT_SAMPLED },
            true,
            TraceState::NONE,
        );
        // Fails only for a span that is filtered out, or without the layer.
        let _ = span.set_parent(Context::new().with_remote_span_context(remote));
    }
}
