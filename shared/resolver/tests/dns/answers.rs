//! Interpretation of name servers' answers.

use std::time::Duration;

use ports::{Resolve as _, resolve::Unresolved};

use crate::support::{NameServer, Record, Reply, Resolving, account, addresses};

const NAME: &str = "hooks.customer.test";

#[tokio::test]
async fn both_families_are_asked_for_and_ipv6_comes_first() {
    let server = NameServer::start(|asked| match asked.kind {
        "A" => Reply::Records(vec![Record::A("10.0.0.1", 60), Record::A("10.0.0.2", 60)]),
        _ => Reply::Records(vec![Record::Aaaa("fd00::1", 60)]),
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["fd00::1", "10.0.0.1", "10.0.0.2"])));
}

#[tokio::test]
async fn a_family_that_is_never_answered_holds_the_other_up_only_briefly() {
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
async fn an_answer_that_does_not_fit_is_asked_for_over_tcp() {
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
async fn aliases_that_go_round_in_circles_lead_nowhere() {
    let server = NameServer::start(|asked| {
        let target = if asked.name == "a.test" { "b.test" } else { "a.test" };
        Reply::Records(vec![Record::Cname(target)])
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    assert_eq!(resolving.resolve("a.test").await, Err(Unresolved::NoAddress));
}

#[tokio::test]
async fn an_answer_with_another_id_is_passed_over() {
    let server = NameServer::start(|asked| match asked.kind {
        "A" => Reply::AfterForgery(vec![Record::A("10.0.0.1", 60)]),
        _ => Reply::Records(vec![]),
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["10.0.0.1"])));
}

#[tokio::test]
async fn a_name_that_is_looked_up_a_hundred_times_at_once_is_asked_for_once() {
    let server = NameServer::knowing(&[("hooks.customer.test", "10.0.0.1")]).await;
    let resolving = Resolving::from(&[&server]);
    let look_ups = (0..100).map(|_| resolving.resolve(NAME));
    for found in futures_util::future::join_all(look_ups).await {
        assert_eq!(found, Ok(addresses(&["10.0.0.1"])));
    }
    assert_eq!(server.asked().len(), 2);
}

#[tokio::test]
async fn answers_are_remembered_apart_for_each_account() {
    let server = NameServer::knowing(&[("hooks.customer.test", "10.0.0.1")]).await;
    let resolving = Resolving::from(&[&server]);
    for asker in [1, 1, 2, 2].map(account) {
        let found = resolving.resolver.resolve(asker, NAME).await;
        assert_eq!(found, Ok(addresses(&["10.0.0.1"])));
    }
    assert_eq!(server.asked().iter().filter(|asked| asked.kind == "A").count(), 2);
}
