//! Faults of the limiter.

use std::time::Duration;

use domain::{
    Timestamp,
    id::{KeyId, Ulid},
};
use latchhook_aws::LeasingLimiter;
use ports::Limiter as _;
use serde_json::json;

use crate::service::{NOW, Service, error, fine};

const KEY: KeyId = KeyId(Ulid::from_parts(0, 1));
const LIMIT: u32 = 1200;

/// Returns a service with a table of one counter.
fn counter() -> Service {
    let mut counted = 0_u32;
    Service::new(move |call| {
        let value = |name: &str| -> u32 {
            let values = &call.input["ExpressionAttributeValues"];
            values[name]["N"].as_str().unwrap().parse().unwrap()
        };
        if counted > value(":room") {
            let there = json!({ "n": { "N": counted.to_string() } });
            return error("ConditionalCheckFailedException", json!({ "Item": there }));
        }
        counted += value(":block");
        fine(json!({ "Attributes": { "n": { "N": counted.to_string() } } }))
    })
}

fn limiter(service: &Service) -> LeasingLimiter {
    LeasingLimiter::new(service.clients().dynamodb(), "views".to_owned())
}

fn now() -> Timestamp {
    Timestamp::from_millis(NOW)
}

#[tokio::test]
async fn a_request_costs_a_fraction_of_a_write() {
    let service = counter();
    let limiter = limiter(&service);
    for number in 0..LIMIT {
        let allowance = limiter.admit(KEY, LIMIT, now()).await.unwrap();
        assert!(allowance.admitted, "{number}");
        assert_eq!(allowance.remaining, LIMIT - number - 1);
    }
    let writes = service.calls().len();
    assert!(writes <= 60, "{writes} writes for {LIMIT} requests");
    for _ in 0..100 {
        assert!(!limiter.admit(KEY, LIMIT, now()).await.unwrap().admitted);
    }
    assert_eq!(service.calls().len(), writes, "a refusal costs none");
}

#[tokio::test]
async fn all_processes_together_admit_no_more_than_the_limit() {
    let service = counter();
    let processes: Vec<_> = (0..8).map(|_| limiter(&service)).collect();
    let mut admitted = 0;
    for round in 0..LIMIT {
        // One process gets most of the requests.
        let process = if round % 3 == 0 { round as usize / 3 % 8 } else { 0 };
        let allowance = processes[process].admit(KEY, LIMIT, now()).await.unwrap();
        admitted += u32::from(allowance.admitted);
    }
    assert!(admitted <= LIMIT && admitted > LIMIT - 8 * 64, "{admitted}");
    // A process without tokens gets none now.
    let mut more = 0;
    for process in &processes {
        while process.admit(KEY, LIMIT, now()).await.unwrap().admitted {
            more += 1;
        }
    }
    assert_eq!(admitted + more, LIMIT);
}

#[tokio::test]
async fn a_counter_is_swept_after_its_minute() {
    let service = counter();
    limiter(&service).admit(KEY, LIMIT, now()).await.unwrap();
    let call = &service.calls()[0];
    let minute = NOW / 60_000;
    assert_eq!(call.input["Key"]["sk"]["S"], minute.to_string());
    let swept: i64 =
        call.input["ExpressionAttributeValues"][":swept"]["N"].as_str().unwrap().parse().unwrap();
    let ends = Timestamp::from_millis((minute + 1) * 60_000);
    assert!(swept > ends.as_seconds() && swept < ends.plus(Duration::from_hours(1)).as_seconds());
}

#[tokio::test]
async fn an_unreachable_counter_is_an_error() {
    let service = Service::new(|_| error("AccessDeniedException", json!({})));
    assert!(limiter(&service).admit(KEY, LIMIT, now()).await.is_err());
}
