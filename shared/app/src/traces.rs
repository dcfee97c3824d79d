//! Connection of spans to distributed traces, which a server that exports spans provides.

use ports::trace::TraceContext;
use tracing::Span;

/// Connection of spans to distributed traces.
pub trait Traces: Send + Sync {
    /// Returns the place of `span` in its trace; none if it is in none.
    fn place_of(&self, span: &Span) -> Option<TraceContext>;

    /// Makes `span`, which was not entered yet, part of the trace at `parent`.
    fn adopt(&self, span: &Span, parent: TraceContext);
}
