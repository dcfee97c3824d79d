use domain::delivery::{Failure, FailureCode};
use ports::sender::Answer;

use super::*;

#[test]
fn answers_and_attempts_are_counted_by_outcome() {
    let metrics = Metrics::new();
    metrics.answered(StatusCode::ACCEPTED);
    metrics.answered(StatusCode::NOT_FOUND);
    metrics.answered(StatusCode::NOT_FOUND);
    let answered = |status| Ok(Outcome::Answered(Answer { status, ..Answer::default() }));
    metrics.attempted(&answered(204), Duration::from_micros(1500));
    metrics.attempted(&answered(301), Duration::from_millis(2));
    let failed = Failure { code: FailureCode::Timeout, message: "too late".to_owned() };
    metrics.attempted(&Ok(Outcome::Failed(failed)), Duration::from_secs(16));
    metrics.attempted(&Err(OutOfSockets), Duration::ZERO);
    metrics.connections(3);
    metrics.connection_refused();
    metrics.connection_closed(Closed::Answer);
    metrics.body_refused(BodyRefused::Crowded);
    let text = metrics.page();
    for line in [
        concat!(r#"latchhook_build_info{version=""#, env!("CARGO_PKG_VERSION"), r#""} 1"#),
        r#"latchhook_http_requests_total{status="5xx"} 0"#,
        r#"latchhook_http_requests_total{status="2xx"} 1"#,
        r#"latchhook_http_requests_total{status="4xx"} 2"#,
        r#"latchhook_delivery_attempts_total{outcome="succeeded"} 1"#,
        r#"latchhook_delivery_attempts_total{outcome="failed"} 2"#,
        r#"latchhook_delivery_attempts_total{outcome="unsent"} 1"#,
        "latchhook_http_connections 3",
        "latchhook_http_connections_refused_total 1",
        r#"latchhook_http_connections_closed_total{reason="answer"} 1"#,
        r#"latchhook_http_connections_closed_total{reason="idle"} 0"#,
        r#"latchhook_http_bodies_refused_total{reason="crowded"} 1"#,
        r#"latchhook_delivery_attempt_duration_seconds_bucket{le="0.001"} 0"#,
        r#"latchhook_delivery_attempt_duration_seconds_bucket{le="0.002"} 2"#,
        r#"latchhook_delivery_attempt_duration_seconds_bucket{le="15"} 2"#,
        r#"latchhook_delivery_attempt_duration_seconds_bucket{le="+Inf"} 3"#,
        "latchhook_delivery_attempt_duration_seconds_sum 16.0035",
        "latchhook_delivery_attempt_duration_seconds_count 3",
        "latchhook_delivery_attempts_running 0",
        r#"latchhook_over_limit_total{limit="rate_limit"} 0"#,
        r#"latchhook_over_limit_total{limit="portal_session_quota"} 0"#,
        r#"latchhook_over_limit_total{limit="change_limit"} 0"#,
        r#"latchhook_refused_credentials_total{code="key_expired"} 0"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line:?} is not in:\n{text}");
    }
}

#[test]
fn every_metric_has_the_type_documented_in_operations_md() {
    let page = Metrics::new().page();
    let types: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
    let document = include_str!("../../../../docs/operations.md");
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let documented: Vec<String> = rows
        .filter_map(|(name, rest)| Some((name, rest.split('|').nth(1)?.trim())))
        .filter(|(_, kind)| ["counter", "gauge", "histogram"].contains(kind))
        .map(|(name, kind)| format!("{} {kind}", name.split('{').next().unwrap_or(name)))
        .collect();
    assert_eq!(types, documented);
}

#[test]
fn an_attempt_that_is_dropped_is_no_longer_running() {
    let running = Gauge::default();
    let one = IsRunning::count(&running);
    assert_eq!(running.get(), 1);
    drop(one);
    assert_eq!(running.get(), 0);
}
