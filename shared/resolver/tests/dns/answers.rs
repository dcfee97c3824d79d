//! What is made of answers.

use std::time::Duration;

use ports::resolve::Unresolved;

use crate::support::{Asked, NameServer, Record, Reply, Resolving, addresses};

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
        let grace = Duration::from_millis(250);
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
    assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["10.0.0.1"; 32])));
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
async fn a_server_that_is_too_old_for_edns_is_asked_without() {
    let server = NameServer::start(|asked| match (asked.edns, asked.kind) {
        (true, _) => Reply::Code(1),
        (false, "A") => Reply::Records(vec![Record::A("10.0.0.1", 60)]),
        _ => Reply::Records(vec![]),
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["10.0.0.1"])));
}

#[tokio::test]
async fn aliases_are_followed_within_an_answer_and_beyond_it() {
    let server = NameServer::start(|asked| match (asked.name.as_str(), asked.kind) {
        ("hooks.customer.test", _) => {
            Reply::Records(vec![Record::Cname("b.test"), Record::Cname("edge.example")])
        }
        ("edge.example", "A") => {
            Reply::Records(vec![Record::Cname("pop.example"), Record::A("10.0.0.1", 60)])
        }
        _ => Reply::Records(vec![]),
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
async fn answers_are_remembered_until_they_run_out() {
    let server = NameServer::start(|asked| match asked.kind {
        "A" => Reply::Records(vec![Record::A("10.0.0.1", 60)]),
        _ => Reply::Records(vec![Record::Aaaa("fd00::1", 30)]),
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    let ask = async || resolving.resolve(NAME).await.unwrap();
    let questions = || server.asked().len();
    ask().await;
    resolving.clock.advance(Duration::from_secs(29));
    ask().await;
    assert_eq!(questions(), 2);
    resolving.clock.advance(Duration::from_secs(1));
    ask().await;
    assert_eq!(questions(), 4);
}

#[tokio::test]
async fn what_is_not_there_is_asked_for_again_after_a_second() {
    let server = NameServer::start(|_: &Asked| Reply::Code(3)).await;
    let resolving = Resolving::from(&[&server]);
    for _ in 0..3 {
        assert_eq!(resolving.resolve(NAME).await, Err(Unresolved::NoAddress));
    }
    assert_eq!(server.asked().len(), 2);
    resolving.clock.advance(Duration::from_secs(1));
    assert_eq!(resolving.resolve(NAME).await, Err(Unresolved::NoAddress));
    assert_eq!(server.asked().len(), 4);
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
