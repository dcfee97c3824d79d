//! Host names: the names that are looked up, and the isolation of accounts from each other's
//! look-ups.

use std::net::Ipv4Addr;

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use latchhook_scenarios::{Account, Backend, NameServer, Names, Receiver, Settings, json};

/// Name server that knows the customer's host and every name in the operator's search domain, and
/// never answers for names in `slow.test`.
async fn name_server() -> NameServer {
    NameServer::start(|name| match name {
        "hooks.customer.test" => Names::Address(Ipv4Addr::LOCALHOST),
        "inside.customer.test" => Names::Address(Ipv4Addr::new(10, 0, 0, 1)),
        "wire.customer.test" => Names::Address(Ipv4Addr::new(168, 63, 129, 16)),
        _ if name.ends_with(".corp.test") => Names::Address(Ipv4Addr::LOCALHOST),
        _ if name.ends_with(".slow.test") => Names::Silent,
        _ => Names::Missing,
    })
    .await
}

/// Settings of a machine with search domains, which the C library also takes from the environment.
fn settings(names: &NameServer) -> Settings {
    Settings::default()
        .with("LATCHHOOK_NAME_SERVERS", &names.address().to_string())
        .with("LOCALDOMAIN", "corp.test svc.test")
        .with("RES_OPTIONS", "ndots:5")
}

fn by_name(receiver: &Receiver, name: &str) -> String {
    format!("http://{name}:{}/", receiver.address().port())
}

#[tokio::test]
async fn a_host_is_looked_up_by_its_whole_name() {
    let names = name_server().await;
    let Some(backend) = Backend::with(&settings(&names)) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    for name in ["hooks.customer.test", "hooks.customer.test.", "HOOKS.Customer.Test"] {
        let hook = account.webhook(&by_name(&receiver, name)).await;
        let event = account.event("report.completed").await;
        account.delivery_at("delivered", &event, &hook).await;
        account.operator.delete(&hook.path).await.is(200);
    }
    assert_eq!(names.asked(), ["hooks.customer.test"]);
}

#[tokio::test]
async fn a_name_that_only_a_search_domain_knows_does_not_resolve() {
    let names = name_server().await;
    let Some(backend) = Backend::with(&settings(&names)) else { return };
    let account = Account::open(&backend).await;
    let receiver = Receiver::start().await;
    let hook = account.webhook(&by_name(&receiver, "billing.internal-tool.test")).await;
    let event = account.event("report.completed").await;
    let (_, attempts) = account.exhausted(&event, &hook).await;
    for row in account.attempts(&event, attempts).await {
        assert_eq!(row["error"]["code"], "dns_error", "{row}");
    }
    assert_eq!(
        (receiver.count(), names.asked()),
        (0, vec!["billing.internal-tool.test".to_owned()])
    );
}

#[tokio::test]
async fn a_name_that_resolves_to_a_private_address_is_refused() {
    let names = name_server().await;
    let Some(backend) = Backend::with(&settings(&names)) else { return };
    let account = Account::open(&backend).await;
    for name in ["inside.customer.test", "wire.customer.test"] {
        let asked = json!({"webhook_url": format!("http://{name}/"), "environment": "test"});
        let refused = account.operator.post("/v1/webhooks", asked).await;
        refused.refused_for(422, "url_not_public", "webhook_url");
    }
}

#[tokio::test]
async fn unanswered_lookups_of_one_account_do_not_delay_others() {
    let names = name_server().await;
    let Some(backend) = Backend::with(&settings(&names)) else { return };
    let loud = Account::with_quota(&backend, 1000).await;
    let mut hanging: FuturesUnordered<_> = (0..200)
        .map(|number| {
            let url = format!("http://n{number}.slow.test/");
            let asked = json!({"webhook_url": url, "environment": "test"});
            let operator = loud.operator.clone();
            async move { operator.post("/v1/webhooks", asked).await.is(201) }
        })
        .collect();
    // Look-ups beyond the limit fail at once.
    hanging.next().await;

    let (quiet, receiver) = (Account::open(&backend).await, Receiver::start().await);
    let hook = quiet.webhook(&by_name(&receiver, "hooks.customer.test")).await;
    let event = quiet.event("report.completed").await;
    let delivery = quiet.delivery_at("delivered", &event, &hook).await;
    assert_eq!(delivery["attempts"], 1);
    while hanging.next().await.is_some() {}
    let asked = names.asked();
    let slow = asked.iter().filter(|name| name.ends_with(".slow.test"));
    assert!(slow.count() < 200, "{asked:?}");
}
