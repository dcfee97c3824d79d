use std::time::Duration;

use ports::Sender as _;

use crate::support::{Sending, Server, account, outgoing, parse};

fn answer_with(length: usize) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{}", "x".repeat(length))
}

#[tokio::test]
async fn connections_are_reused() {
    for length in [0, 10, 2_000, 60_000] {
        let server = Server::answering(answer_with(length)).await;
        let sending = Sending::on_loopback();
        for _ in 0..5 {
            assert_eq!(sending.answer(&server.url()).await.status, 200);
        }
        assert_eq!(server.accepted(), 1, "{length}");
    }
}

#[tokio::test]
async fn a_connection_carries_deliveries_of_one_account_only() {
    let server = Server::answering(answer_with(0)).await;
    let sending = Sending::on_loopback();
    for (number, connections) in [(1, 1), (2, 2), (1, 2), (2, 2)] {
        sending.outbound.send(account(number), &parse(&server.url()), outgoing()).await.unwrap();
        assert_eq!(server.accepted(), connections, "{number}");
    }
}

#[tokio::test]
async fn an_account_that_sends_nothing_for_a_minute_keeps_no_connection() {
    let server = Server::answering(answer_with(0)).await;
    let sending = Sending::on_loopback();
    let send = async |number| {
        sending.outbound.send(account(number), &parse(&server.url()), outgoing()).await.unwrap();
        server.accepted()
    };
    assert_eq!(send(1).await, 1);
    sending.clock.advance(Duration::from_mins(1));
    assert_eq!(send(2).await, 2);
    assert_eq!(send(1).await, 3);
}

#[tokio::test]
async fn a_process_that_was_frozen_for_an_hour_uses_no_connection_from_before() {
    let server = Server::answering(answer_with(0)).await;
    let sending = Sending::on_loopback();
    for (frozen, connections) in [(0, 1), (0, 1), (60 * 60, 2), (0, 2), (6, 3), (1, 3)] {
        sending.clock.freeze(Duration::from_secs(frozen));
        assert_eq!(sending.answer(&server.url()).await.status, 200);
        assert_eq!(server.accepted(), connections);
    }
}

#[tokio::test]
async fn a_connection_with_a_long_body_is_closed_instead_of_drained() {
    let server = Server::answering(answer_with(1_000_000)).await;
    let sending = Sending::on_loopback();
    for _ in 0..2 {
        assert_eq!(sending.answer(&server.url()).await.status, 200);
    }
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn proxies_from_the_environment_are_not_used() {
    // A request to a proxy would have an absolute target; the origin form shows that there is none.
    let (sender, mut lines) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let sender = sender.clone();
        async move {
            sender.send(connection.request().await.unwrap().line).unwrap();
            connection.say(answer_with(0).as_bytes()).await;
        }
    })
    .await;
    Sending::on_loopback().answer(&server.url()).await;
    assert_eq!(lines.recv().await.unwrap(), "POST /hook HTTP/1.1");
}
