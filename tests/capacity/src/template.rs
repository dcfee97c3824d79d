//! Numbers of `infra/template.yaml`.

use std::time::Duration;

use domain::delivery::Schedule;
use yaml_rust2::{Yaml, YamlLoader};

use crate::{Millis, SECOND};

const TEMPLATE: &str = include_str!("../../../infra/template.yaml");

/// Settings of a stack with the template's parameters at their defaults.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) schedule: Schedule,
    /// Time after which an attempt at a silent receiver ends.
    pub(crate) time_out: Millis,
    /// Longest time that a message waits in one queue.
    pub(crate) hop_limit: Millis,
    pub(crate) first: QueueSettings,
    pub(crate) retry: QueueSettings,
    pub(crate) hop: QueueSettings,
}

/// Settings of a queue, and of the function that takes its messages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QueueSettings {
    pub(crate) visibility: Millis,
    pub(crate) batch: usize,
    pub(crate) window: Millis,
    /// Batches at once; none if that is a parameter.
    pub(crate) at_once: Option<usize>,
}

impl Template {
    /// Reads the template.
    ///
    /// # Panics
    /// Fails if it has no such settings.
    #[expect(clippy::expect_used, reason = "the template is part of the checkout")]
    pub(crate) fn read() -> Self {
        let all = YamlLoader::load_from_str(TEMPLATE).expect("the template is YAML");
        let all = &all[0];
        let parameter =
            |name: &str| all["Parameters"][name]["Default"].as_str().expect("a default").to_owned();
        let duration = |name: &str| {
            domain::delivery::duration(&parameter(name)).map(millis).expect("a duration")
        };
        let number = |yaml: &Yaml| u64::try_from(yaml.as_i64().expect("a number")).ok();
        let small = |yaml: &Yaml| {
            let number = number(yaml).and_then(|number| usize::try_from(number).ok());
            number.expect("a small number")
        };
        let queue = |queue: &str, function: &str, event: &str| {
            let resources = &all["Resources"];
            let event = &resources[function]["Properties"]["Events"][event]["Properties"];
            let visibility = &resources[queue]["Properties"]["VisibilityTimeout"];
            let window = &event["MaximumBatchingWindowInSeconds"];
            let window = if window.is_badvalue() { Some(0) } else { number(window) };
            QueueSettings {
                visibility: number(visibility).expect("not negative") * SECOND,
                batch: small(&event["BatchSize"]),
                window: window.expect("not negative") * SECOND,
                at_once: event["ScalingConfig"]["MaximumConcurrency"]
                    .as_i64()
                    .and_then(|number| usize::try_from(number).ok()),
            }
        };
        Self {
            schedule: parameter("RetrySchedule").parse().expect("a schedule"),
            time_out: duration("DeliveryTimeout"),
            hop_limit: duration("HopLimit"),
            first: queue("DeliveriesQueue", "Deliver", "First"),
            retry: queue("RetryMinutesQueue", "Deliver", "Retry"),
            hop: queue("RetryHoursQueue", "Relay", "Hop"),
        }
    }
}

fn millis(duration: Duration) -> Millis {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_those_of_the_template() {
        let Template { schedule, time_out, hop_limit, first, retry, hop } = Template::read();
        assert_eq!((schedule.attempts(), time_out, hop_limit), (35, 15_000, 900_000));
        assert_eq!((first.batch, first.window, first.at_once), (10, 0, None));
        assert_eq!((retry.visibility, retry.window), (361_000, 1000));
        assert_eq!((hop.batch, hop.at_once.is_some()), (500, true));
    }
}
