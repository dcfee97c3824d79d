//! Interpretation of name servers' answers.

use std::time::Duration;

use ports::{Resolve as _, resolve::Unresolved};

use crate::support::{NameServer, Record, Reply, Resolving, account, addresses};

const NAME: &str = "hooks.customer.test";

#[tokio::test]
async fn both_families_are_queried_and_ipv6_comes_first() {
    let server = NameServer::start(|asked| match asked.kind {
        "A" => Reply::Records(vec![Record::A("10.0.0.1", 60), Record::A("10.0.0.2", 60)]),
        _ => Reply::Records(vec![Record::Aaaa("fd00::1", 60)]),
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["fd00::1", "10.0.0.1", "10.0.0.2"])));
}

#[tokio::test]
async fn an_unanswered_family_delays_the_other_only_briefly() {
    for (answered, address) in [("A", "10.0.0.1"), ("AAAA", "fd00::1")] {
        let server = NameServer::start(move |asked| match asked.kind {
            kind if kind != answered => Reply::Silence,
            "A" => Reply::Records(vec![Record::A("10.0.0.1", 60)]),
            _ => Reply::Records(vec![Record::Aaaa("fd00::1", 60)]),
        })
        .await;
        let resolving = Resolving::from(&[&server]);
        let grace = Duration::from_millis(50);
        let (found, ()) = tokio::join!(resolving.resolve(NAME), async {
            resolving.clock.is_waited_for(grace).await;
            resolving.clock.advance(grace);
        });
        assert_eq!(found, Ok(addresses(&[address])), "{answered}");
    }
}

#[tokio::test]
async fn a_truncated_answer_is_queried_over_tcp() {
    let server = NameServer::start(|asked| match (asked.kind, asked.by_tcp) {
        (_, false) => Reply::Truncated,
        ("A", true) => Reply::Records(vec![Record::A("10.0.0.1", 60); 100]),
        (_, true) => Reply::Records(vec![]),
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["10.0.0.1"; 16])));
}

#[tokio::test]
async fn with_use_vc_everything_goes_over_tcp() {
    let server = NameServer::start(|asked| match asked.kind {
        "A" => Reply::Records(vec![Record::A("10.0.0.1", 60)]),
        _ => Reply::Records(vec![]),
    })
    .await;
    let resolving = Resolving::with(&[&server], "options use-vc\n", "");
    assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["10.0.0.1"])));
    assert!(server.asked().iter().all(|asked| asked.by_tcp), "{:?}", server.asked());
}

#[tokio::test]
async fn aliases_within_an_answer_are_followed() {
    let server = NameServer::start(|asked| match asked.kind {
        "A" => Reply::Records(vec![
            Record::Cname("b.test"),
            Record::Cname("edge.example"),
            Record::A("10.0.0.1", 60),
        ]),
        _ => Reply::Records(vec![Record::Cname("b.test")]),
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["10.0.0.1"])));
}

#[tokio::test]
async fn circular_aliases_give_no_address() {
    let server = NameServer::start(|asked| {
        let target = if asked.name == "a.test" { "b.test" } else { "a.test" };
        Reply::Records(vec![Record::Cname(target)])
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    assert_eq!(resolving.resolve("a.test").await, Err(Unresolved::NoAddress));
}

#[tokio::test]
async fn answers_with_a_wrong_id_are_ignored() {
    let server = NameServer::start(|asked| match asked.kind {
        "A" => Reply::AfterForgery(vec![Record::A("10.0.0.1", 60)]),
        _ => Reply::Records(vec![]),
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["10.0.0.1"])));
}

#[tokio::test]
async fn concurrent_look_ups_of_a_name_share_one_query() {
    let server = NameServer::knowing(&[("hooks.customer.test", "10.0.0.1")]).await;
    let resolving = Resolving::from(&[&server]);
    let look_ups = (0..100).map(|_| resolving.resolve(NAME));
    for found in futures_util::future::join_all(look_ups).await {
        assert_eq!(found, Ok(addresses(&["10.0.0.1"])));
    }
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn answers_are_cached_separately_for_each_account() {
    let server = NameServer::knowing(&[("hooks.customer.test", "10.0.0.1")]).await;
    let resolving = Resolving::from(&[&server]);
    for asker in [1, 1, 2, 2].map(account) {
        let found = resolving.resolver.resolve(asker, NAME).await;
        assert_eq!(found, Ok(addresses(&["10.0.0.1"])));
    }
    assert_eq!(server.asked().iter().filter(|asked| asked.kind == "A").count(), 2);
}
