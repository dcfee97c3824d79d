//! Faults of the limiter.

use std::time::Duration;

use domain::{
    Rate, Timestamp,
    id::{AccountId, KeyId, Ulid},
};
use latchhook_aws::LeasingLimiter;
use ports::{
    Limiter as _,
    limiter::{Allowance, Budget, Use},
};
use serde_json::json;

use crate::service::{NOW, Service, error, fine};

const ID: Ulid = Ulid::from_parts(0, 1);
const BUDGET: Budget = Budget::Account(AccountId(ID), Use::Key(KeyId(ID)));
const LIMIT: u64 = 1200;
const RATE: Rate = Rate::per_minute(LIMIT);

/// Returns a service with a table of one bucket.
fn bucket() -> Service {
    let mut full_at: Option<u128> = None;
    Service::new(move |call| {
        let value = |name: &str| -> Option<u128> {
            call.input["ExpressionAttributeValues"][name]["N"].as_str()?.parse().ok()
        };
        let now = value(":now").unwrap();
        let after = match (value(":after"), value(":cost"), full_at) {
            (Some(after), None, is) if is.is_none_or(|is| is <= now) => Some(after),
            (None, Some(cost), Some(is)) if is > now && is <= value(":room").unwrap() => {
                Some(is + cost)
            }
            _ => None,
        };
        full_at = after.or(full_at);
        let there = json!({ "full_at": { "N": full_at.unwrap_or_default().to_string() } });
        match after {
            Some(_) => fine(json!({ "Attributes": there })),
            None => error("ConditionalCheckFailedException", json!({ "Item": there })),
        }
    })
}

fn limiter(service: &Service) -> LeasingLimiter {
    LeasingLimiter::new(service.clients().dynamodb(), "views".to_owned())
}

fn now() -> Timestamp {
    Timestamp::from_millis(NOW)
}

async fn take(limiter: &LeasingLimiter, now: Timestamp) -> Allowance {
    limiter.take(BUDGET, RATE, 1, now).await.unwrap()
}

#[tokio::test]
async fn a_request_costs_a_fraction_of_a_write() {
    let service = bucket();
    let limiter = limiter(&service);
    for number in 0..LIMIT {
        let allowance = take(&limiter, now()).await;
        assert!(allowance.admitted, "{number}");
        assert_eq!(allowance.remaining, LIMIT - number - 1);
    }
    let writes = service.calls().len();
    assert!(writes <= 60, "{writes} writes for {LIMIT} requests");
    for _ in 0..100 {
        assert!(!take(&limiter, now()).await.admitted);
    }
    assert_eq!(service.calls().len(), writes, "a refusal costs none");
}

#[tokio::test]
async fn a_large_amount_costs_a_fraction_of_a_write_too() {
    let service = bucket();
    let limiter = limiter(&service);
    let rate = Rate::per_day(256 * 1024 * 1024);
    for _ in 0..6400 {
        assert!(limiter.take(BUDGET, rate, 1500, now()).await.unwrap().admitted);
    }
    assert_eq!(service.calls().len(), 100);
}

#[tokio::test]
async fn all_processes_together_admit_no_more_than_the_limit() {
    let service = bucket();
    let processes: Vec<_> = (0..8).map(|_| limiter(&service)).collect();
    let mut admitted = 0;
    for round in 0..LIMIT {
        // One process gets most of the requests.
        let process = if round % 3 == 0 { usize::try_from(round).unwrap() / 3 % 8 } else { 0 };
        admitted += u64::from(take(&processes[process], now()).await.admitted);
    }
    assert!(admitted <= LIMIT && admitted > LIMIT - 8 * 64, "{admitted}");
    // A process without tokens gets none now.
    let mut more = 0;
    for process in &processes {
        while take(process, now()).await.admitted {
            more += 1;
        }
    }
    assert_eq!(admitted + more, LIMIT);
}

#[tokio::test]
async fn tokens_that_were_leased_and_not_used_are_lost_after_a_period() {
    let service = bucket();
    let (first, second) = (limiter(&service), limiter(&service));
    assert!(take(&first, now()).await.admitted);
    let later = now().plus(Duration::from_mins(1));
    while take(&second, later).await.admitted {}
    assert!(!take(&first, later).await.admitted);
}

#[tokio::test]
async fn a_bucket_is_swept_some_time_after_it_is_full() {
    let service = bucket();
    take(&limiter(&service), now()).await;
    let call = &service.calls()[0];
    assert_eq!(call.input["Key"]["pk"]["S"], format!("#rate/{BUDGET}"));
    let swept: i64 =
        call.input["ExpressionAttributeValues"][":swept"]["N"].as_str().unwrap().parse().unwrap();
    let full = now().plus(Duration::from_mins(1));
    assert!(swept > full.as_seconds() && swept < full.plus(Duration::from_hours(1)).as_seconds());
}

#[tokio::test]
async fn an_unreachable_table_is_an_error() {
    let service = Service::new(|_| error("AccessDeniedException", json!({})));
    assert!(limiter(&service).take(BUDGET, RATE, 1, now()).await.is_err());
}
