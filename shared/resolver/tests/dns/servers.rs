//! Order of name servers, and their failures.

use std::time::Duration;

use ports::resolve::Unresolved;

use crate::support::{NameServer, Reply, Resolving, addresses};

const NAME: &str = "hooks.customer.test";

async fn good() -> NameServer {
    NameServer::knowing(&[("hooks.customer.test", "10.0.0.1")]).await
}

#[tokio::test]
async fn the_next_server_is_asked_when_one_fails() {
    for code in [2, 4, 5] {
        let (bad, good) = (NameServer::start(move |_| Reply::Code(code)).await, good().await);
        let resolving = Resolving::from(&[&bad, &good]);
        assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["10.0.0.1"])), "{code}");
    }
}

#[tokio::test]
async fn the_next_server_is_asked_after_a_second_of_silence() {
    let (silent, gone) = (NameServer::start(|_| Reply::Silence).await, good().await);
    let (silent_address, gone_address) = (silent.address(), gone.address());
    drop(gone);
    for quiet in [silent_address, gone_address] {
        let good = good().await;
        let resolving = Resolving::at(&format!("{quiet},{}", good.address()), "", "");
        let second = Duration::from_secs(1);
        let (found, ()) = tokio::join!(resolving.resolve(NAME), async {
            resolving.clock.is_waited_for(second).await;
            resolving.clock.advance(second);
        });
        assert_eq!(found, Ok(addresses(&["10.0.0.1"])));
    }
}

#[tokio::test]
async fn failure_of_every_server_is_reported_as_no_answer() {
    let bad = NameServer::start(|_| Reply::Code(2)).await;
    let resolving = Resolving::from(&[&bad]);
    assert_eq!(resolving.resolve(NAME).await, Err(Unresolved::NoAnswer));
}
