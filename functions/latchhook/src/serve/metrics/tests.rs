use domain::delivery::{Failure, FailureCode};
use ports::sender::Answer;

use super::*;

#[test]
fn answers_and_attempts_are_counted_by_how_they_ended() {
    let metrics = Metrics::default();
    metrics.answered(StatusCode::ACCEPTED);
    metrics.answered(StatusCode::NOT_FOUND);
    metrics.answered(StatusCode::NOT_FOUND);
    let answered = |status| Outcome::Answered(Answer { status, ..Answer::default() });
    metrics.attempted(&answered(204), Duration::from_micros(1500));
    metrics.attempted(&answered(301), Duration::from_millis(2));
    let failed = Failure { code: FailureCode::Timeout, message: "too late".to_owned() };
    metrics.attempted(&Outcome::Failed(failed), Duration::from_secs(16));
    let text = text::of(&metrics);
    for line in [
        r#"latchhook_http_requests_total{status="2xx"} 1"#,
        r#"latchhook_http_requests_total{status="4xx"} 2"#,
        r#"latchhook_delivery_attempts_total{outcome="succeeded"} 1"#,
        r#"latchhook_delivery_attempts_total{outcome="failed"} 2"#,
        r#"latchhook_delivery_attempt_duration_seconds_bucket{le="0.001000"} 0"#,
        r#"latchhook_delivery_attempt_duration_seconds_bucket{le="0.002000"} 2"#,
        r#"latchhook_delivery_attempt_duration_seconds_bucket{le="15.000000"} 2"#,
        r#"latchhook_delivery_attempt_duration_seconds_bucket{le="+Inf"} 3"#,
        "latchhook_delivery_attempt_duration_seconds_sum 16.003500",
        "latchhook_delivery_attempt_duration_seconds_count 3",
        "latchhook_delivery_attempts_running 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line:?} is not in:\n{text}");
    }
}

#[test]
fn an_attempt_that_is_dropped_is_no_longer_running() {
    let running = AtomicI64::new(0);
    let one = IsRunning::count(&running);
    assert_eq!(running.load(Ordering::Relaxed), 1);
    drop(one);
    assert_eq!(running.load(Ordering::Relaxed), 0);
}
