//! Which server is asked when, and what is made of those that fail.

use std::time::Duration;

use ports::resolve::Unresolved;

use crate::support::{NameServer, Reply, Resolving, addresses};

const NAME: &str = "hooks.customer.test";
const SECOND: Duration = Duration::from_secs(1);

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
async fn the_next_server_is_asked_when_nobody_is_there() {
    let (gone, good) = (good().await, good().await);
    let address = gone.address();
    drop(gone);
    tokio::task::yield_now().await;
    let resolving = Resolving::at(&format!("{address},{}", good.address()), "", "");
    assert_eq!(resolving.resolve(NAME).await, Ok(addresses(&["10.0.0.1"])));
}

#[tokio::test]
async fn the_next_server_is_asked_after_a_second_of_silence() {
    let (silent, good) = (NameServer::start(|_| Reply::Silence).await, good().await);
    let resolving = Resolving::from(&[&silent, &good]);
    let (found, ()) = tokio::join!(resolving.resolve(NAME), async {
        resolving.clock.is_waited_for(SECOND).await;
        resolving.clock.advance(SECOND);
    });
    assert_eq!(found, Ok(addresses(&["10.0.0.1"])));
}

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_again() {
    let lost = std::sync::atomic::AtomicUsize::new(0);
    let server = NameServer::start(move |asked| match asked.kind {
        "A" if lost.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 => Reply::Silence,
        "A" => Reply::Records(vec![crate::support::Record::A("10.0.0.1", 60)]),
        _ => Reply::Records(vec![]),
    })
    .await;
    let resolving = Resolving::from(&[&server]);
    let (found, ()) = tokio::join!(resolving.resolve(NAME), async {
        resolving.clock.is_waited_for(SECOND).await;
        resolving.clock.advance(SECOND);
    });
    assert_eq!(found, Ok(addresses(&["10.0.0.1"])));
}

#[tokio::test]
async fn when_every_server_fails_nobody_answered() {
    let bad = NameServer::start(|_| Reply::Code(2)).await;
    let resolving = Resolving::with(&[&bad], "options attempts:3\n", "");
    assert_eq!(resolving.resolve(NAME).await, Err(Unresolved::NoAnswer));
    assert_eq!(bad.asked().len(), 6);
}

#[tokio::test]
async fn silence_ends_with_the_last_time_out() {
    let silent = NameServer::start(|_| Reply::Silence).await;
    let resolving = Resolving::with(&[&silent], "options timeout:3 attempts:2\n", "");
    let (found, ()) = tokio::join!(resolving.resolve(NAME), async {
        resolving.clock.is_waited_for(SECOND).await;
        resolving.clock.advance(SECOND);
        // The second try of both families.
        resolving.clock.waits(3 * SECOND, 4).await;
        resolving.clock.advance(3 * SECOND);
    });
    assert_eq!(found, Err(Unresolved::NoAnswer));
    assert_eq!(silent.asked().len(), 4);
}
