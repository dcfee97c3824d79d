//! Export of spans to X-Ray: each request and attempt is a subsegment of Lambda's segment of its invocation.
//!
//! X-Ray's daemon listens beside a function that is traced, at an address that Lambda puts into the
//! environment. A subsegment is one datagram, sent as its span ends. Nothing is kept or sent in an
//! invocation that X-Ray does not sample.
//!
//! <https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html>

use std::{
    fmt::Debug,
    net::{SocketAddr, UdpSocket},
    sync::{Arc, OnceLock},
};

use domain::{Timestamp, redaction::redact};
use ports::{Clock, Ids};
use serde::Serialize;
use serde_json::{Map, Value};
use tracing::{
    Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

/// Field of the span in which the runtime runs an invocation: the trace header.
const TRACE_HEADER: &str = "xrayTraceId";
/// Names of the spans that become subsegments.
const EXPORTED: [&str; 2] = ["request", "attempt"];
/// First line of a datagram to the daemon.
const HEAD: &str = "{\"format\": \"json\", \"version\": 1}\n";

/// Layer that sends subsegments to X-Ray's daemon.
pub(crate) struct Segments {
    daemon: SocketAddr,
    socket: OnceLock<Option<UdpSocket>>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// Segment of an invocation that X-Ray samples.
#[derive(Clone)]
struct Invocation {
    trace: String,
    segment: String,
}

/// Subsegment of a span that is under way.
struct Begun {
    of: Invocation,
    began: Timestamp,
    fields: Fields,
}

/// Subsegment as X-Ray's daemon reads it.
#[derive(Serialize)]
struct Subsegment<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    id: String,
    trace_id: &'a str,
    parent_id: &'a str,
    start_time: f64,
    end_time: f64,
    annotations: &'a Map<String, Value>,
}

/// Fields of a span, by name.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Segments {
    /// Creates the layer for the daemon at `daemon`; opens no socket yet.
    pub(crate) fn new(daemon: SocketAddr, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        Self { daemon, socket: OnceLock::new(), clock, ids }
    }

    /// Sends the subsegment of a span that has ended. It is lost if the daemon does not listen: a trace is
    /// not worth an error.
    fn send(&self, name: &str, begun: &Begun) {
        let mut id = [0; 8];
        self.ids.fill(&mut id);
        let subsegment = Subsegment {
            name,
            kind: "subsegment",
            id: format!("{:016x}", u64::from_be_bytes(id)),
            trace_id: &begun.of.trace,
            parent_id: &begun.of.segment,
            start_time: seconds(begun.began),
            end_time: seconds(self.clock.now()),
            annotations: &begun.fields.0,
        };
        let Ok(text) = serde_json::to_string(&subsegment) else { return };
        if let Some(socket) = self.socket.get_or_init(|| socket(self.daemon)) {
            _ = socket.send(format!("{HEAD}{}", redact(&text)).as_bytes());
        }
    }
}

/// Opens a socket to the daemon, on which nothing is waited for.
fn socket(daemon: SocketAddr) -> Option<UdpSocket> {
    let own = if daemon.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(own).ok()?;
    socket.connect(daemon).and_then(|()| socket.set_nonblocking(true)).ok()?;
    Some(socket)
}

/// Returns a time in seconds since 1970, as segments have it.
#[expect(clippy::cast_precision_loss, reason = "milliseconds fit 52 bits")]
fn seconds(time: Timestamp) -> f64 {
    time.as_millis() as f64 / 1000.0
}

impl Invocation {
    /// Reads a trace header, such as `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`;
    /// none if X-Ray does not sample the invocation.
    fn sampled(header: &str) -> Option<Self> {
        let part = |name: &str| {
            let parts = header.split(';').filter_map(|part| part.trim().split_once('='));
            parts.into_iter().find(|(its, _)| *its == name).map(|(_, value)| value.to_owned())
        };
        let (trace, segment, sampled) = (part("Root")?, part("Parent")?, part("Sampled")?);
        (sampled == "1").then_some(Self { trace, segment })
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Segments {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(Value::String(header)) = fields.0.get(TRACE_HEADER) {
            if let Some(invocation) = Invocation::sampled(header) {
                span.extensions_mut().insert(invocation);
            }
        } else if EXPORTED.contains(&span.name()) {
            let outer = span.scope().skip(1);
            let of =
                outer.into_iter().find_map(|one| one.extensions().get::<Invocation>().cloned());
            if let Some(of) = of {
                span.extensions_mut().insert(Begun { of, began: self.clock.now(), fields });
            }
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(begun) = span.extensions_mut().get_mut::<Begun>() {
            values.record(&mut begun.fields);
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let Some(span) = context.span(&id) else { return };
        let begun = span.extensions_mut().remove::<Begun>();
        if let Some(begun) = begun {
            self.send(span.name(), &begun);
        }
    }
}

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.put(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use contracts::ManualClock;
    use serde_json::json;
    use system::SystemIds;
    use tracing_subscriber::{layer::SubscriberExt as _, registry};

    use super::*;

    const ROOT: &str = "1-5759e988-bd862e3fe1be46a994272793";

    /// Runs spans as an invocation and its work have them, in the trace `header`, for a quarter of a second.
    fn traced(daemon: SocketAddr, header: &str, status: u16) {
        let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_500)));
        let segments = Segments::new(daemon, clock.clone(), Arc::new(SystemIds::new()));
        tracing::subscriber::with_default(registry().with(segments), || {
            let invocation = tracing::info_span!("Lambda runtime invoke", xrayTraceId = header);
            let _invocation = invocation.enter();
            let empty = tracing::field::Empty;
            let request = tracing::info_span!(
                "request",
                route = "/v1/events",
                account = empty,
                status = empty
            );
            let _inner = tracing::info_span!(parent: &request, "another");
            request.record("account", tracing::field::display("acct_1"));
            request.record("status", status);
            clock.advance(Duration::from_millis(250));
        });
    }

    #[test]
    fn a_request_in_a_sampled_invocation_is_a_subsegment_and_one_in_another_is_none() {
        let daemon = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = daemon.local_addr().unwrap();
        for header in [&format!("Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=0"), "Root=", ""] {
            traced(address, header, 404);
        }
        traced(
            address,
            &format!("Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a:0"),
            202,
        );
        let mut datagram = [0; 2048];
        let size = daemon.recv(&mut datagram).unwrap();
        let text = std::str::from_utf8(&datagram[..size]).unwrap().strip_prefix(HEAD).unwrap();
        let mut sent: Value = serde_json::from_str(text).unwrap();
        let id = sent["id"].take();
        assert_eq!(id.as_str().unwrap().len(), 16);
        let expected = json!({
            "name": "request", "type": "subsegment", "id": null, "trace_id": ROOT,
            "parent_id": "53995c3f42cd8ad8", "start_time": 1.5, "end_time": 1.75,
            "annotations": {"route": "/v1/events", "account": "acct_1", "status": 202},
        });
        assert_eq!(sent, expected);
        daemon.set_nonblocking(true).unwrap();
        assert!(daemon.recv(&mut datagram).is_err(), "one span is one datagram");
    }
}
