//! Shares of accounts in the look-ups. The clock stands still, so a look-up that does not answer at
//! once never does.

use std::sync::Arc;

use futures_util::FutureExt as _;
use ports::{
    Resolve as _,
    resolve::{Asker, Unresolved},
};
use tokio::task::JoinSet;

use crate::support::{NameServer, Record, Reply, Resolving, account, addresses};

/// Starts a server that never answers for names in `slow.test`.
async fn server() -> NameServer {
    NameServer::start(|asked| match asked.kind {
        _ if asked.name.ends_with(".slow.test") => Reply::Silence,
        "A" => Reply::Records(vec![Record::A("10.0.0.1", 60)]),
        _ => Reply::Records(vec![]),
    })
    .await
}

/// Starts `count` look-ups of `asker` that are never answered, running or waiting.
fn hang(resolving: &Arc<Resolving>, asker: Asker, count: usize) -> JoinSet<Result<(), Unresolved>> {
    let mut hanging = JoinSet::new();
    for number in 0..count {
        let resolving = Arc::clone(resolving);
        hanging.spawn(async move {
            let name = format!("n{number}.slow.test");
            resolving.resolver.resolve(asker, &name).await.map(drop)
        });
    }
    hanging
}

/// Waits until `server` has been asked `count` different questions.
async fn is_asked_for(server: &NameServer, count: usize) {
    while server.asked_for().len() < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn thousands_of_unanswered_names_do_not_delay_other_accounts() {
    let server = server().await;
    let resolving = Arc::new(Resolving::from(&[&server]));
    let mut hanging = hang(&resolving, account(1), 5000);
    is_asked_for(&server, 2 * 16).await;
    for number in 0..100 {
        let name = format!("n{number}.good.test");
        let found = resolving.resolver.resolve(account(2), &name).await;
        assert_eq!(found, Ok(addresses(&["10.0.0.1"])));
    }
    let found = resolving.resolver.resolve(Asker::Operator, "sns.good.test").await;
    assert_eq!(found, Ok(addresses(&["10.0.0.1"])));
    let of_slow = server.asked_for().into_iter().filter(|(name, _)| name.ends_with(".slow.test"));
    assert_eq!(of_slow.count(), 2 * 16);
    assert!(hanging.try_join_next().is_none());
}

#[tokio::test]
async fn a_hundred_hanging_accounts_leave_room_for_another() {
    let server = server().await;
    let resolving = Arc::new(Resolving::from(&[&server]));
    let hanging: Vec<_> = (0..100).map(|number| hang(&resolving, account(number), 20)).collect();
    tokio::task::yield_now().await;
    let found = resolving.resolver.resolve(account(1000), "hooks.good.test").await;
    assert_eq!(found, Ok(addresses(&["10.0.0.1"])));
    drop(hanging);
}

#[tokio::test]
async fn a_dropped_look_up_passes_its_turn_on() {
    let server = server().await;
    let resolving = Arc::new(Resolving::from(&[&server]));
    let mut hanging = hang(&resolving, account(1), 16);
    is_asked_for(&server, 2 * 16).await;
    let mut waiting = Box::pin(resolving.resolve("hooks.good.test"));
    assert!((&mut waiting).now_or_never().is_none());
    hanging.abort_all();
    while hanging.join_next().await.is_some() {}
    assert_eq!(waiting.await, Ok(addresses(&["10.0.0.1"])));
}

#[tokio::test]
async fn a_shared_look_up_continues_when_the_first_caller_leaves() {
    let server = server().await;
    let resolving = Arc::new(Resolving::from(&[&server]));
    let mut first = Box::pin(resolving.resolve("hooks.good.test"));
    assert!((&mut first).now_or_never().is_none());
    let mut second = Box::pin(resolving.resolve("hooks.good.test"));
    assert!((&mut second).now_or_never().is_none());
    drop(first);
    assert_eq!(second.await, Ok(addresses(&["10.0.0.1"])));
    assert_eq!(server.asked().len(), 2);
}
