//! Metrics in the embedded metric format: in the log line about each request that accepted an event, and in
//! one for the attempts of each batch of messages, from which `CloudWatch` makes metrics.
//!
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
//!
//! The only dimension is the stack. An account is a property, not a dimension: as dimensions, each would
//! be a separate metric with its own cost.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use app::delivery::AttemptMade;
use domain::{Timestamp, delivery::Status};
use ports::Clock;
use serde_json::{Map, Value, json};

/// Quantity that is counted or measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Events accepted by `POST /v1/events`.
    Accepted,
    /// Attempts made.
    Attempted,
    /// Attempts that the receiver acknowledged.
    Delivered,
    /// Attempts that failed.
    Failed,
    /// Deliveries whose last attempt failed.
    Exhausted,
    /// Time between an attempt's due time and its start.
    QueueAge,
    /// Time from an event's acceptance until a receiver acknowledged it.
    EndToEndLatency,
}

impl Metric {
    /// All metrics.
    pub const ALL: [Self; 7] = [
        Self::Accepted,
        Self::Attempted,
        Self::Delivered,
        Self::Failed,
        Self::Exhausted,
        Self::QueueAge,
        Self::EndToEndLatency,
    ];
    /// Namespace of the metrics.
    pub const NAMESPACE: &str = "Latchhook";
    /// Only dimension of the metrics.
    pub const DIMENSION: &str = "Stack";

    /// Returns its name in `CloudWatch`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "Accepted",
            Self::Attempted => "Attempted",
            Self::Delivered => "Delivered",
            Self::Failed => "Failed",
            Self::Exhausted => "Exhausted",
            Self::QueueAge => "QueueAge",
            Self::EndToEndLatency => "EndToEndLatency",
        }
    }

    const fn unit(self) -> &'static str {
        match self {
            Self::QueueAge | Self::EndToEndLatency => "Milliseconds",
            _ => "Count",
        }
    }
}

/// Values of each metric.
type Values = BTreeMap<Metric, Vec<u64>>;

/// Writer of metrics to standard output, where Lambda collects log lines.
pub struct Meter {
    stack: String,
    clock: Arc<dyn Clock>,
    /// Values of attempts that are not written yet.
    gathered: Mutex<Values>,
}

impl Meter {
    /// Creates the meter of `stack`.
    #[must_use]
    pub fn new(stack: String, clock: Arc<dyn Clock>) -> Self {
        Self { stack, clock, gathered: Mutex::default() }
    }

    /// Counts an event that was accepted, in the log line about its request, whose fields are given.
    pub fn accepted(&self, request: Value) {
        self.write(&Values::from([(Metric::Accepted, vec![1])]), request);
    }

    /// Counts the attempt that was `made`, in the next line that is [written](Self::flush).
    pub fn attempted(&self, made: &AttemptMade) {
        let mut gathered = self.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        for (metric, value) in values(made) {
            gathered.entry(metric).or_default().push(value);
        }
    }

    /// Writes the attempts that were made in the invocation `request_id` as one line; none if there
    /// were none.
    pub fn flush(&self, request_id: &str) {
        let gathered =
            std::mem::take(&mut *self.gathered.lock().unwrap_or_else(PoisonError::into_inner));
        if !gathered.is_empty() {
            self.write(&gathered, json!({ "requestId": request_id }));
        }
    }

    fn write(&self, values: &Values, of: Value) {
        println!("{}", line(&self.stack, self.clock.now(), values, of));
    }
}

fn values(made: &AttemptMade) -> Vec<(Metric, u64)> {
    let outcome = if made.succeeded { Metric::Delivered } else { Metric::Failed };
    let mut values =
        vec![(Metric::Attempted, 1), (outcome, 1), (Metric::QueueAge, millis(made.late))];
    if !made.succeeded && made.status == Status::Exhausted {
        values.push((Metric::Exhausted, 1));
    }
    values.extend(made.end_to_end.map(|took| (Metric::EndToEndLatency, millis(took))));
    values
}

/// Returns one line with `values` and the properties of `of`.
fn line(stack: &str, now: Timestamp, values: &Values, of: Value) -> Value {
    let defined: Vec<Value> = values
        .keys()
        .map(|metric| json!({ "Name": metric.name(), "Unit": metric.unit() }))
        .collect();
    let mut line = Map::new();
    let directive = json!({
        "Namespace": Metric::NAMESPACE, "Dimensions": [[Metric::DIMENSION]], "Metrics": defined,
    });
    let of_format = json!({ "Timestamp": now.as_millis(), "CloudWatchMetrics": [directive] });
    line.insert("_aws".to_owned(), of_format);
    line.insert(Metric::DIMENSION.to_owned(), stack.into());
    line.extend(values.iter().map(|(metric, values)| {
        let value = match &values[..] {
            [one] => (*one).into(),
            several if metric.unit() == "Count" => several.iter().sum::<u64>().into(),
            several => several.into(),
        };
        (metric.name().to_owned(), value)
    }));
    if let Value::Object(of) = of {
        line.extend(of);
    }
    line.into()
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use domain::id::{LogId, Ulid};

    use super::*;

    fn made(succeeded: bool, status: Status) -> AttemptMade {
        AttemptMade {
            log: LogId(Ulid::from(1)),
            attempt: 2,
            succeeded,
            status,
            late: Duration::from_micros(12_900),
            end_to_end: succeeded.then_some(Duration::from_millis(345)),
        }
    }

    fn gathered(attempts: &[AttemptMade]) -> Values {
        let meter = Meter::new("hooks".to_owned(), Arc::new(system::SystemClock::new()));
        for made in attempts {
            meter.attempted(made);
        }
        std::mem::take(&mut *meter.gathered.lock().unwrap())
    }

    #[test]
    fn a_line_defines_its_metrics_and_their_properties() {
        let now = Timestamp::from_millis(1_770_000_000_000);
        let of = json!({"requestId": "1"});
        let line = line("hooks", now, &gathered(&[made(true, Status::Delivered)]), of);
        let expected = json!({
            "_aws": {
                "Timestamp": 1_770_000_000_000_u64,
                "CloudWatchMetrics": [{
                    "Namespace": "Latchhook",
                    "Dimensions": [["Stack"]],
                    "Metrics": [
                        {"Name": "Attempted", "Unit": "Count"},
                        {"Name": "Delivered", "Unit": "Count"},
                        {"Name": "QueueAge", "Unit": "Milliseconds"},
                        {"Name": "EndToEndLatency", "Unit": "Milliseconds"},
                    ],
                }],
            },
            "Stack": "hooks",
            "Attempted": 1,
            "Delivered": 1,
            "QueueAge": 12,
            "EndToEndLatency": 345,
            "requestId": "1",
        });
        assert_eq!(line, expected);
    }

    #[test]
    fn a_line_of_several_attempts_sums_counts_and_lists_times() {
        let attempts = [made(true, Status::Delivered), made(false, Status::Retrying)];
        let line = line("hooks", Timestamp::EPOCH, &gathered(&attempts), json!({}));
        let of = |metric: Metric| &line[metric.name()];
        let counts = [Metric::Attempted, Metric::Delivered, Metric::Failed].map(of);
        assert_eq!(counts, [&json!(2), &json!(1), &json!(1)]);
        let times = [Metric::QueueAge, Metric::EndToEndLatency].map(of);
        assert_eq!(times, [&json!([12, 12]), &json!(345)]);
    }

    #[test]
    fn only_the_last_failure_counts_as_exhausted() {
        let failed = |status| values(&made(false, status));
        let usual = [(Metric::Attempted, 1), (Metric::Failed, 1), (Metric::QueueAge, 12)];
        assert_eq!(failed(Status::Retrying), usual);
        assert_eq!(failed(Status::Exhausted), [&usual[..], &[(Metric::Exhausted, 1)]].concat());
    }
}
