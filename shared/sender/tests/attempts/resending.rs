//! Requests that certainly were not processed, and others that may have been.

use std::time::Duration;

use bytes::Bytes;
use domain::delivery::FailureCode;
use ports::sender::Outcome;
use tokio::sync::mpsc;

use crate::support::{Connection, Sending, Server, failed, outgoing};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// Starts a server that answers the first request of its first connection, then runs `last` when
/// the second has come, and answers all requests on later connections.
async fn closing_after_one(last: &'static [u8]) -> Server {
    let (count, _) = tokio::sync::watch::channel(0);
    Server::start(move |mut connection| {
        count.send_modify(|count| *count += 1);
        let is_first = *count.borrow() == 1;
        async move {
            while connection.request().await.is_some() {
                connection.say(OK).await;
                if is_first {
                    connection.request().await;
                    connection.say(last).await;
                    return;
                }
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_kept_connection_that_closes_before_an_answer_is_replaced_within_the_attempt() {
    let server = closing_after_one(b"").await;
    let sending = Sending::on_loopback();
    for _ in 0..3 {
        assert_eq!(sending.answer(&server.url()).await.status, 200);
    }
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn a_kept_connection_whose_server_gave_up_waiting_is_replaced_within_the_attempt() {
    let timed_out = b"HTTP/1.1 408 Request Time-out\r\nconnection: close\r\n\r\n";
    let server = closing_after_one(timed_out).await;
    let sending = Sending::on_loopback();
    for _ in 0..3 {
        assert_eq!(sending.answer(&server.url()).await.status, 200);
    }
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn a_kept_connection_that_serves_the_host_no_more_is_replaced_within_the_attempt() {
    let misdirected = b"HTTP/1.1 421 Misdirected Request\r\ncontent-length: 0\r\n\r\n";
    let server = closing_after_one(misdirected).await;
    let sending = Sending::on_loopback();
    for _ in 0..3 {
        assert_eq!(sending.answer(&server.url()).await.status, 200);
    }
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn a_request_of_which_an_answer_began_is_not_sent_again() {
    let closed = failed(FailureCode::Connection, "the connection was closed before the answer");
    for part in [&b"HTTP/1"[..], b"HTTP/1.1 100 Continue\r\n\r\n"] {
        let server = closing_after_one(part).await;
        let sending = Sending::on_loopback();
        assert_eq!(sending.answer(&server.url()).await.status, 200);
        assert_eq!(sending.failure(&server.url()).await, closed);
        assert_eq!(server.accepted(), 1);
    }
}

#[tokio::test]
async fn a_new_connection_that_closes_before_an_answer_is_a_failure_and_not_tried_again() {
    let server = Server::start(|mut connection| async move {
        connection.request().await;
    })
    .await;
    let closed = failed(FailureCode::Connection, "the connection was closed before the answer");
    assert_eq!(Sending::on_loopback().failure(&server.url()).await, closed);
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn an_answer_on_a_new_connection_counts_even_if_it_is_about_the_connection() {
    for status in [408, 421] {
        let answer = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\n\r\n");
        let server = Server::answering(answer).await;
        assert_eq!(Sending::on_loopback().answer(&server.url()).await.status, status);
        assert_eq!(server.accepted(), 1);
    }
}

#[tokio::test]
async fn a_request_is_not_sent_again_on_another_connection_that_may_be_closing() {
    let (count, _) = tokio::sync::watch::channel(0);
    let three = std::sync::Arc::new(tokio::sync::Barrier::new(3));
    let server = Server::start(move |mut connection| {
        count.send_modify(|count| *count += 1);
        let (is_old, three) = (*count.borrow() <= 3, three.clone());
        async move {
            while connection.request().await.is_some() {
                if is_old {
                    three.wait().await;
                }
                connection.say(OK).await;
                if is_old {
                    connection.request().await;
                    return;
                }
            }
        }
    })
    .await;
    let (sending, url) = (Sending::on_loopback(), server.url());
    tokio::join!(sending.answer(&url), sending.answer(&url), sending.answer(&url));
    assert_eq!(sending.answer(&url).await.status, 200);
    assert_eq!(server.accepted(), 4);
}

#[tokio::test]
async fn connections_are_closed_before_receivers_close_them() {
    let (closed, mut closings) = mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let closed = closed.clone();
        async move {
            while connection.request().await.is_some() {
                connection.say(OK).await;
            }
            closed.send(()).unwrap();
        }
    })
    .await;
    let sending = Sending::on_loopback();
    sending.answer(&server.url()).await;
    sending.clock.advance(Duration::from_millis(3_999));
    sending.answer(&server.url()).await;
    assert_eq!(server.accepted(), 1);
    sending.clock.advance(Duration::from_secs(4));
    closings.recv().await.unwrap();
    sending.answer(&server.url()).await;
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn an_answer_before_the_request_is_read_counts() {
    let (received, mut requests) = mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let received = received.clone();
        async move {
            connection
                .say(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .await;
            received.send(connection.request().await.unwrap()).unwrap();
        }
    })
    .await;
    let sending = Sending::on_loopback();
    for _ in 0..50 {
        assert_eq!(sending.answer(&server.url()).await.status, 200);
        assert_eq!(requests.recv().await.unwrap().body, r#"{"id":"evt_1"}"#);
    }
}

/// Sends more data than fits into the sockets' buffers.
async fn send_much(sending: &Sending, url: &str) -> Outcome {
    let body = Bytes::from(vec![b'x'; 16 << 20]);
    sending.send_this(url, ports::sender::Outgoing { body, ..outgoing() }).await
}

#[tokio::test]
async fn an_answer_counts_even_if_the_receiver_closes_without_reading_the_body() {
    for status in [200, 401, 413] {
        let server = Server::start(move |mut connection| async move {
            read_head(&mut connection).await;
            let answer = format!("HTTP/1.1 {status} Early\r\ncontent-length: 2\r\n\r\nok");
            // Closing with unread bytes resets the connection.
            connection.say(answer.as_bytes()).await;
        })
        .await;
        let sending = Sending::on_loopback();
        for _ in 0..5 {
            let outcome = send_much(&sending, &server.url()).await;
            let Outcome::Answered(answer) = outcome else { panic!("{outcome:?}") };
            assert_eq!(answer.status, status);
        }
    }
}

#[tokio::test]
async fn an_answer_counts_even_if_the_receiver_neither_reads_nor_closes() {
    let (closed, mut closings) = mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let closed = closed.clone();
        async move {
            read_head(&mut connection).await;
            connection.say(b"HTTP/1.1 413 Too much\r\ncontent-length: 0\r\n\r\n").await;
            closed.send(connection).unwrap();
        }
    })
    .await;
    let sending = Sending::on_loopback();
    let outcome = send_much(&sending, &server.url()).await;
    let Outcome::Answered(answer) = outcome else { panic!("{outcome:?}") };
    assert_eq!(answer.status, 413);
    let mut connection = closings.recv().await.unwrap();
    connection.hold().await;
}

#[tokio::test]
async fn a_receiver_that_accepts_early_gets_the_whole_body() {
    let (received, mut bodies) = mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let received = received.clone();
        async move {
            read_head(&mut connection).await;
            connection.say(OK).await;
            let mut body = vec![0; 16 << 20];
            let read = tokio::io::AsyncReadExt::read_exact(&mut connection.stream, &mut body).await;
            received.send(read.is_ok()).unwrap();
        }
    })
    .await;
    let sending = Sending::on_loopback();
    let outcome = send_much(&sending, &server.url()).await;
    assert!(matches!(outcome, Outcome::Answered(_)), "{outcome:?}");
    assert!(bodies.recv().await.unwrap());
}

async fn read_head(connection: &mut Connection) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(tokio::io::AsyncReadExt::read_u8(&mut connection.stream).await.unwrap());
    }
}
