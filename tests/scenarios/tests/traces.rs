//! Traces: spans that are exported to a collector, and the context that deliveries carry.

use std::collections::HashMap;

use http::HeaderName;
use latchhook_scenarios::{Account, Backend, Need, Receiver, Reply, Settings};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value as Any,
    trace::v1::Span,
};
use prost::Message as _;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

/// Exported span.
#[derive(Debug)]
struct Exported {
    name: String,
    trace: String,
    id: String,
    parent: String,
    attributes: HashMap<String, String>,
}

/// Spans that `collector` was sent, and the attributes of the service that sent them.
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
fn exported(collector: &Receiver) -> (Vec<Exported>, HashMap<String, String>) {
    let (mut spans, mut service) = (Vec::new(), HashMap::new());
    for request in collector.all() {
        assert_eq!(request.path, "/v1/traces");
        let sent = ExportTraceServiceRequest::decode(request.body).unwrap();
        for resource in sent.resource_spans {
            service = texts(resource.resource.unwrap_or_default().attributes);
            spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    }
    (spans.into_iter().map(read).collect(), service)
}

fn read(span: Span) -> Exported {
    let Span { trace_id, span_id, parent_span_id, name, attributes, .. } = span;
    let [trace, id, parent] = [trace_id, span_id, parent_span_id].map(hex::encode);
    Exported { name, trace, id, parent, attributes: texts(attributes) }
}

fn texts(
    attributes: Vec<opentelemetry_proto::tonic::common::v1::KeyValue>,
) -> HashMap<String, String> {
    let text = |value| match value {
        Any::StringValue(text) => text,
        Any::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    };
    let pairs = attributes.into_iter();
    pairs.filter_map(|pair| Some((pair.key, text(pair.value?.value?)))).collect()
}

/// Settings that export to `collector`.
fn exporting_to(collector: &str) -> Settings {
    Settings::default()
        .with("OTEL_EXPORTER_OTLP_ENDPOINT", collector)
        .with("OTEL_EXPORTER_OTLP_HEADERS", "x-team=hooks")
        .with("OTEL_SERVICE_NAME", "hooks")
}

#[tokio::test]
async fn a_trace_leads_from_the_posted_event_to_the_receivers_answer() {
    let collector = Receiver::start().await;
    let settings = exporting_to(&collector.url("")).with("LATCHHOOK_SEND_TRACEPARENT", "true");
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::first(1, Reply::status(503)).await;
    let hook = account.webhook(&receiver.url("/")).await;
    let traceparent = HeaderName::from_static("traceparent");
    let operator = account.operator.with(traceparent, &format!("00-{TRACE}-{PARENT}-01"));
    let traced = Account { operator, ..account.clone() };
    let event = traced.event("report.completed").await;
    let (first, second) = (receiver.next().await, receiver.next().await);
    account.delivery_at("delivered", &event, &hook).await;
    backend.terminate();
    assert!(backend.ended().await.status.success());

    let (spans, service) = exported(&collector);
    assert_eq!(service["service.name"], "hooks");
    assert!(collector.all().iter().all(|request| request.header("x-team") == "hooks"));
    let of_trace: Vec<_> = spans.iter().filter(|span| span.trace == TRACE).collect();
    let [request] = of_trace.iter().filter(|span| span.name == "request").collect::<Vec<_>>()[..]
    else {
        panic!("{of_trace:?}");
    };
    assert_eq!(request.parent, PARENT);
    let said = |name: &str| request.attributes[name].as_str();
    assert_eq!((said("method"), said("route"), said("status")), ("POST", "/v1/events", "202"));
    assert_eq!((said("account"), said("actor")), (account.id.as_str(), "operator"));
    assert!(said("request_id").starts_with("req_"));

    for (received, number, status) in [(&first, "1", "503"), (&second, "2", "200")] {
        let context = received.header("traceparent");
        let id = context.split('-').nth(2).unwrap();
        assert_eq!(context, format!("00-{TRACE}-{id}-01"));
        let attempt = of_trace.iter().find(|span| span.id == id).expect("the attempt's span");
        assert_eq!((attempt.name.as_str(), &attempt.parent), ("attempt", &request.id));
        let said = |name: &str| attempt.attributes[name].as_str();
        assert_eq!((said("event"), said("webhook")), (event.as_str(), hook.id.as_str()));
        assert_eq!((said("attempt"), said("trigger")), (number, "schedule"));
        assert_eq!((said("account"), said("status")), (account.id.as_str(), status));
    }
    let bytes: Vec<u8> = collector.all().into_iter().flat_map(|request| request.body).collect();
    assert_eq!(backend.secrets_in(&bytes), Vec::<String>::new());
}

#[tokio::test]
async fn deliveries_carry_no_trace_unless_asked() {
    let collector = Receiver::start().await;
    let settings = exporting_to(&collector.url(""));
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    account.webhook(&receiver.url("/")).await;
    account.event("report.completed").await;
    assert!(!receiver.next().await.headers.contains_key("traceparent"));
}

#[tokio::test]
async fn a_collector_that_hangs_delays_neither_deliveries_nor_requests() {
    let collector = Receiver::always(Reply::hanging()).await;
    let settings = exporting_to(&collector.url(""))
        .with("OTEL_BSP_SCHEDULE_DELAY", "10")
        .with("OTEL_BSP_MAX_QUEUE_SIZE", "2")
        .with("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2");
    let Some(backend) = Backend::alone(Need::Process, &settings) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    account.webhook(&receiver.url("/")).await;
    collector.first_of(1).await;
    for _ in 0..10 {
        let event = account.event("report.completed").await;
        assert_eq!(receiver.next().await.event(), event);
    }
}

#[tokio::test]
async fn a_protocol_that_is_not_spoken_stops_the_start() {
    let settings = exporting_to("http://127.0.0.1:9").with("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    let Some(refused) = Backend::refused(&settings) else { return };
    assert_eq!(refused.status.code(), Some(1));
    assert!(refused.output.contains("OTEL_EXPORTER_OTLP_PROTOCOL"), "{}", refused.output);
}
