//! Event streams of a store.

#![expect(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "each function is a test, which fails by panicking"
)]

use domain::id::{KeyId, Ulid};
use futures_util::future::join_all;
use ports::{
    Commit,
    store::{
        CommitError, HistoryPart, HistoryQuery, Order, StreamId, StreamKind, StreamQuery,
        StreamsQuery,
    },
};

use super::{
    Fixture,
    make::{ACCOUNT, OTHER_ACCOUNT, append, event, stream},
};

/// Events read back whole and in order, with versions from 1.
pub async fn events_read_back_in_order(backend: &Fixture) {
    let stream = stream(ACCOUNT, 1);
    backend.commit(append(stream, 0, [1, 2])).await;
    backend.commit(append(stream, 2, [3])).await;
    let read = backend.events(stream).await;
    assert_eq!(read.len(), 3);
    for ((recorded, number), version) in read.iter().zip(1..).zip(1..) {
        let appended = event(number);
        assert_eq!((recorded.stream, recorded.version), (stream, version));
        assert_eq!(recorded.event.id, appended.id);
        assert_eq!(recorded.event.name, appended.name);
        assert_eq!(recorded.event.payload.get(), appended.payload.get());
        assert_eq!(recorded.event.metadata, appended.metadata);
    }
}

/// Reading a stream without events is no error.
pub async fn an_unknown_stream_is_empty(backend: &Fixture) {
    backend.commit(append(stream(ACCOUNT, 1), 0, [1])).await;
    assert!(backend.events(stream(ACCOUNT, 2)).await.is_empty());
    assert!(backend.events(StreamId::EventTypes).await.is_empty());
}

/// A page of a stream begins past a version, in either direction, and is as long as was asked for.
pub async fn a_stream_is_read_page_by_page(backend: &Fixture) {
    use Order::{Ascending, Descending};
    let stream = stream(ACCOUNT, 1);
    backend.commit(append(stream, 0, 1..=5)).await;
    for (order, past, limit, expected) in [
        (Ascending, None, 9, &[1, 2, 3, 4, 5][..]),
        (Ascending, None, 2, &[1, 2]),
        (Ascending, Some(2), 2, &[3, 4]),
        (Ascending, Some(4), 2, &[5]),
        (Ascending, Some(5), 2, &[]),
        (Ascending, Some(9), 2, &[]),
        (Descending, None, 2, &[5, 4]),
        (Descending, Some(4), 2, &[3, 2]),
        (Descending, Some(2), 2, &[1]),
        (Descending, Some(1), 2, &[]),
        (Descending, Some(9), 1, &[5]),
    ] {
        let query = StreamQuery { stream, order, past, limit };
        let read = backend.store.read_stream(&query).await.unwrap();
        let versions: Vec<_> = read.iter().map(|event| event.version).collect();
        assert_eq!(versions, expected, "{query:?}");
    }
}

/// A long stream is read whole, however many pages the backend has to read. It is written forty
/// events at a time, because each is two of the hundred items in a DynamoDB transaction.
pub async fn long_streams_are_read_completely(backend: &Fixture) {
    let stream = stream(ACCOUNT, 1);
    let mut number = 0;
    for _ in 0..15 {
        let mut commit = append(stream, number, number + 1..=number + 40);
        for event in &mut commit.appends[0].events {
            let payload = format!("\"{}\"", "x".repeat(3_000));
            event.payload = serde_json::value::RawValue::from_string(payload).unwrap();
        }
        backend.commit(commit).await;
        number += 40;
    }
    assert_eq!(backend.versions(stream).await, (1..=600).collect::<Vec<_>>());
}

/// An append at another version than expected fails, and the commit names it.
pub async fn an_append_at_the_wrong_version_fails(backend: &Fixture) {
    let (moved, other) = (stream(ACCOUNT, 1), stream(ACCOUNT, 2));
    backend.commit(append(moved, 0, [1, 2])).await;
    for wrong in [0, 1, 3] {
        let mut commit = append(other, 0, [10]);
        commit.appends.extend(append(moved, wrong, [11]).appends);
        let lost = backend.store.commit(commit).await.unwrap_err();
        assert!(matches!(lost, CommitError::StreamMoved { index: 1 }), "{lost:?}");
    }
    assert_eq!(backend.versions(moved).await, [1, 2]);
    assert!(backend.versions(other).await.is_empty());
}

/// An append without a version goes to the end of the stream, whoever else appends at the same time.
pub async fn appends_at_the_end_never_lose_a_race(backend: &Fixture) {
    let (stream, other) = (stream(ACCOUNT, 1), stream(ACCOUNT, 2));
    backend.commit(append(stream, None, [1, 2])).await;
    backend.commit(append(stream, 2, [3])).await;
    let race = (4..8).map(|number| backend.store.commit(append(stream, None, [number])));
    for done in join_all(race).await {
        done.unwrap();
    }
    assert_eq!(backend.versions(stream).await, (1..=7).collect::<Vec<_>>());
    let mut refused = append(stream, None, [8]);
    refused.appends.extend(append(other, 1, [9]).appends);
    let lost = backend.store.commit(refused).await.unwrap_err();
    assert!(matches!(lost, CommitError::StreamMoved { index: 1 }), "{lost:?}");
    assert_eq!(backend.versions(stream).await.len(), 7);
}

/// Two streams are appended to in one commit: both or none.
pub async fn two_streams_are_appended_to_in_one_commit(backend: &Fixture) {
    let (one, other) = (stream(ACCOUNT, 1), StreamId::EventTypes);
    let mut commit = append(one, 0, [1]);
    commit.appends.extend(append(other, 0, [2, 3]).appends);
    backend.commit(commit).await;
    assert_eq!((backend.versions(one).await, backend.versions(other).await), (vec![1], vec![1, 2]));
}

/// Of concurrent appends at the same version exactly one succeeds, each time.
pub async fn concurrent_appends_leave_no_gap(backend: &Fixture) {
    let stream = stream(ACCOUNT, 1);
    for round in 0..5 {
        let race =
            (0..8).map(|writer| backend.store.commit(append(stream, round, [round * 10 + writer])));
        let won = join_all(race).await.into_iter().flatten().count();
        assert_eq!(won, 1);
    }
    assert_eq!(backend.versions(stream).await, [1, 2, 3, 4, 5]);
}

/// The history merges an account's streams by identifier, in either direction; pages do not overlap.
pub async fn the_history_lists_an_accounts_events_in_order(backend: &Fixture) {
    backend.commit(append(StreamId::Account(ACCOUNT), 0, [1, 4])).await;
    backend.commit(append(stream(ACCOUNT, 1), 0, [2, 5])).await;
    backend.commit(append(stream(OTHER_ACCOUNT, 1), 0, [3])).await;
    backend.commit(append(StreamId::EventTypes, 0, [6])).await;
    assert_eq!(pages(backend, None, Order::Descending).await, [vec![5, 4, 2], vec![1]]);
    assert_eq!(pages(backend, None, Order::Ascending).await, [vec![1, 2, 4], vec![5]]);
}

/// Accesses are in the whole history, and a reader of the changes does not meet them.
pub async fn the_history_has_two_parts(backend: &Fixture) {
    let key = stream(ACCOUNT, 1);
    backend.commit(append(key, 0, [1, 4])).await;
    backend.commit(append(key.accesses().unwrap(), 0, [2, 3, 5])).await;
    backend.commit(append(StreamId::Account(ACCOUNT).accesses().unwrap(), 0, [6])).await;
    assert_eq!(backend.versions(key).await, [1, 2]);
    for (part, ascending, descending) in [
        (None, vec![vec![1, 2, 3], vec![4, 5, 6]], vec![vec![6, 5, 4], vec![3, 2, 1]]),
        (Some(HistoryPart::Changes), vec![vec![1, 4]], vec![vec![4, 1]]),
        (Some(HistoryPart::Accesses), vec![vec![2, 3, 5], vec![6]], vec![vec![6, 5, 3], vec![2]]),
    ] {
        assert_eq!(pages(backend, part, Order::Ascending).await, ascending);
        assert_eq!(pages(backend, part, Order::Descending).await, descending);
    }
}

/// Streams are listed once, however many events they have, by kind and subject, of one account.
pub async fn the_streams_of_an_account_are_listed_by_kind(backend: &Fixture) {
    let webhooks: Vec<StreamId> = (1..=5).map(|number| stream(ACCOUNT, number)).collect();
    let key = StreamId::Key(ACCOUNT, KeyId(Ulid::from(1)));
    backend.commit(append(StreamId::Account(ACCOUNT), 0, [1])).await;
    for (number, webhook) in (1..).zip(&webhooks) {
        backend.commit(append(*webhook, 0, [number * 10, number * 10 + 1])).await;
        backend.commit(append(*webhook, 2, [number * 10 + 2])).await;
    }
    backend.commit(append(webhooks[0].accesses().unwrap(), None, [500])).await;
    backend.commit(append(key, 0, [600])).await;
    backend.commit(append(stream(OTHER_ACCOUNT, 9), 0, [700])).await;
    let mut pages = Vec::new();
    let mut below = format!("{}~", StreamKind::Webhooks.prefix());
    loop {
        let page = listed(backend, StreamKind::Webhooks, &below, 2).await;
        let Some(last) = page.last() else { break };
        below = last.subject();
        pages.push(page);
    }
    let [first, second, third, fourth, fifth] = webhooks[..] else { panic!("{webhooks:?}") };
    assert_eq!(pages, [vec![fifth, fourth], vec![third, second], vec![first]]);
    let all = format!("{}~", StreamKind::Keys.prefix());
    assert_eq!(listed(backend, StreamKind::Keys, &all, 300).await, [key]);
    assert_eq!(listed(backend, StreamKind::Keys, &key.subject(), 300).await, []);
    assert_eq!(listed(backend, StreamKind::Webhooks, "", 300).await, []);
}

async fn listed(backend: &Fixture, kind: StreamKind, below: &str, limit: usize) -> Vec<StreamId> {
    let query = StreamsQuery { account: ACCOUNT, kind, below: below.to_owned(), limit };
    backend.store.streams(&query).await.unwrap()
}

/// Numbers of the events on each page of three of a history.
async fn pages(backend: &Fixture, part: Option<HistoryPart>, order: Order) -> Vec<Vec<u64>> {
    let mut query = HistoryQuery { account: ACCOUNT, part, order, past: None, limit: 3 };
    let mut pages = Vec::new();
    loop {
        let page = backend.store.history(&query).await.unwrap();
        let Some(last) = page.last() else { return pages };
        query.past = Some(last.event.id);
        pages.push(page.iter().map(|event| event.event.id.0.timestamp_ms()).collect());
    }
}

/// A replay returns every event once, over pages, in the order of each stream.
pub async fn a_replay_keeps_the_order_of_each_stream(backend: &Fixture) {
    let streams = [stream(ACCOUNT, 1), stream(OTHER_ACCOUNT, 1), StreamId::EventTypes];
    for version in 0..4 {
        let appends = streams.iter().flat_map(|&stream| append(stream, version, [version]).appends);
        backend.commit(Commit { appends: appends.collect(), ..Commit::default() }).await;
    }
    let mut replayed = Vec::new();
    let mut after = None;
    loop {
        let (page, next) = backend.store.replay(after, 5).await.unwrap();
        assert!(page.len() <= 5);
        replayed.extend(page);
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(replayed.len(), 12);
    for stream in streams {
        let versions = replayed.iter().filter(|event| event.stream == stream);
        assert_eq!(versions.map(|event| event.version).collect::<Vec<_>>(), [1, 2, 3, 4]);
    }
}
