use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use ports::sender::Answer;

use crate::support::{Sending, Server};

/// Returns the answer to one attempt whose body stalls, after the clock has moved by `patience`.
async fn answer_after(patience: Duration, server: &Server) -> Answer {
    let sending = Arc::new(Sending::on_loopback());
    let attempt = tokio::spawn({
        let (sending, url) = (sending.clone(), server.url());
        async move { sending.answer(&url).await }
    });
    sending.clock.is_waited_for(patience).await;
    sending.clock.advance(patience);
    attempt.await.unwrap()
}

#[tokio::test]
async fn a_slow_body_neither_delays_the_attempt_nor_changes_its_outcome() {
    let (closed, mut closings) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let closed = closed.clone();
        async move {
            connection.request().await;
            connection.say(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf").await;
            connection.hold().await;
            closed.send(()).unwrap();
        }
    })
    .await;
    let answer = answer_after(Duration::from_secs(2), &server).await;
    assert_eq!((answer.status, answer.body_excerpt.as_str()), (200, "half"));
    closings.recv().await.unwrap();
}

#[tokio::test]
async fn the_received_part_of_a_broken_body_is_kept() {
    let server = Server::start(|mut connection| async move {
        connection.request().await;
        connection.say(b"HTTP/1.1 202 Accepted\r\ncontent-length: 1000\r\n\r\nhalf").await;
    })
    .await;
    let answer = Sending::on_loopback().answer(&server.url()).await;
    assert_eq!((answer.status, answer.body_excerpt.as_str()), (202, "half"));
}

#[tokio::test]
async fn a_hundred_megabytes_are_not_read() {
    const BODY: usize = 100 * 1024 * 1024;
    for head in [
        format!("HTTP/1.1 200 OK\r\ncontent-length: {BODY}\r\n\r\n"),
        "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_owned(),
    ] {
        let (sent, server) = flooding(head, BODY).await;
        let sending = Sending::on_loopback();
        let answer = sending.answer(&server.url()).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body_excerpt, "z".repeat(1024));
        // Data in the sockets' own buffers has not been read by anybody.
        let sent = sent.load(Ordering::SeqCst);
        assert!(sent < BODY / 4, "{sent}");
    }
}

async fn flooding(head: String, length: usize) -> (Arc<AtomicUsize>, Server) {
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = sent.clone();
    let server = Server::start(move |mut connection| {
        let (head, counter) = (head.clone(), counter.clone());
        async move {
            connection.request().await;
            connection.say(head.as_bytes()).await;
            let chunk = vec![b'z'; 64 * 1024];
            while counter.load(Ordering::SeqCst) < length && connection.say(&chunk).await {
                counter.fetch_add(chunk.len(), Ordering::SeqCst);
            }
        }
    })
    .await;
    (sent, server)
}

#[tokio::test]
async fn the_excerpt_is_the_first_kilobyte_cut_at_a_character() {
    for (body, excerpt) in [
        ("x".repeat(1024).into_bytes(), "x".repeat(1024)),
        ("x".repeat(1025).into_bytes(), "x".repeat(1024)),
        (format!("{}é", "x".repeat(1023)).into_bytes(), "x".repeat(1023)),
        (format!("{}é", "x".repeat(1022)).into_bytes(), "x".repeat(1022) + "é"),
        (b"caf\xe9 ok".to_vec(), "caf\u{fffd} ok".to_owned()),
        (b"caf\xc3".to_vec(), "caf\u{fffd}".to_owned()),
        (vec![0xff; 2000], "\u{fffd}".repeat(341)),
        (vec![], String::new()),
    ] {
        let mut answer =
            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
        answer.extend(body);
        let server = Server::answering(answer).await;
        assert_eq!(Sending::on_loopback().answer(&server.url()).await.body_excerpt, excerpt);
    }
}

#[tokio::test]
async fn a_chunked_body_is_put_together() {
    let server = Server::answering(
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
    )
    .await;
    assert_eq!(Sending::on_loopback().answer(&server.url()).await.body_excerpt, "abcde");
}
