//! HTTP/1.1 answers that are malformed in every part but their status.

use std::{sync::Arc, time::Duration};

use domain::delivery::FailureCode;

use crate::support::{Sending, Server, failed};

/// Starts a server that sends `answer` to one request and then closes.
async fn saying(answer: Vec<u8>) -> Server {
    Server::start(move |mut connection| {
        let answer = answer.clone();
        async move {
            connection.request().await;
            connection.say(&answer).await;
        }
    })
    .await
}

fn lines(count: usize) -> String {
    (0..count).map(|n| format!("x-{n}: {n}\r\n")).collect::<Vec<_>>().concat()
}

#[tokio::test]
async fn odd_headers_and_bodies_do_not_change_the_status() {
    let head = |lines: &str| format!("HTTP/1.1 200 OK\r\n{lines}content-length: 2\r\n\r\nok");
    let answers: Vec<Vec<u8>> = [
        head("x-folded: one\r\n two\r\n\tthree\r\n"),
        head("x-folded:\r\n one\r\n"),
        head(" x-first: folded onto nothing\r\n"),
        head("X-Spaced : value\r\n"),
        head("no colon here\r\n"),
        head(": no name\r\n"),
        head("x odd(name)\u{e9}: value\r\n"),
        head("x-nul: a\0b\r\n"),
        head("x-cr: a\rb\r\n"),
        head("x-bell: \u{7}\u{7f}\r\n"),
        head(&lines(100)),
        head(&lines(10_000)),
        head(&format!("x-long: {}\r\n", "v".repeat(100_000))),
        head(&format!("x-longer: {}\r\n", "v".repeat(1_000_000))),
        head(&format!("{}: v\r\n", "n".repeat(100_000))),
        head("connection: what\r\nkeep-alive: timeout=x\r\ndate: never\r\nretry-after: \u{1}\r\n"),
        head("content-length: 5\r\n"),
        head("content-length: -1\r\n"),
        head("content-length: 18446744073709551616\r\n"),
        head("transfer-encoding: chunked\r\n"),
        head("transfer-encoding: gzip, what\r\n"),
        head("content-encoding: gzip\r\n"),
        head("upgrade: h2c\r\nconnection: upgrade\r\n"),
        "HTTP/1.1 200 OK\ncontent-length: 2\n\nok".to_owned(),
        "HTTP/1.1 200 OK\r\n\nok".to_owned(),
        "\r\n\r\nHTTP/1.1 200 OK\r\n\r\n".to_owned(),
        "HTTP/1.0 200 OK\r\n\r\nok".to_owned(),
        "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n".to_owned(),
        "http/1.1 200 ok\r\n\r\n".to_owned(),
        "HTTP/1.2 200 OK\r\n\r\n".to_owned(),
        "HTTP/2.0 200 OK\r\n\r\n".to_owned(),
        "HTTP/1.1  200  OK\r\n\r\n".to_owned(),
        "HTTP/1.1 200\r\n\r\n".to_owned(),
        "HTTP/1.1 200 \r\n\r\n".to_owned(),
        "HTTP/1.1 200 \u{e9}\u{0}\u{1b}[31m\r\n\r\n".to_owned(),
        format!("HTTP/1.1 200 {}\r\n\r\n", "long ".repeat(100_000)),
        // Breaks off.
        "HTTP/1.1 200".to_owned(),
        "HTTP/1.1 200 O".to_owned(),
        "HTTP/1.1 200 OK\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\ncontent-le".to_owned(),
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nok".to_owned(),
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nok".to_owned(),
        // Not chunks.
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nok".to_owned(),
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nokXX0\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n".to_owned(),
        // More than was announced.
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more".to_owned(),
        "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello".to_owned(),
        // Interim answers, odd as well.
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\nno colon\r\n\r\n\
         HTTP/1.1 200 OK\r\n\r\n"
            .to_owned(),
        "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".repeat(200) + "HTTP/1.1 200 OK\r\n\r\n",
    ]
    .into_iter()
    .map(String::into_bytes)
    .chain([
        b"HTTP/1.1 200 OK\r\nx-bytes: \xff\xfe\x80\r\n\xff\xfe: x\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\0"
            .to_vec(),
    ])
    .collect();
    for answer in answers {
        let beginning = String::from_utf8_lossy(&answer[..answer.len().min(80)]).into_owned();
        let server = saying(answer).await;
        let status = Sending::on_loopback().answer(&server.url()).await.status;
        assert!(matches!(status, 200 | 204), "{beginning:?}: {status}");
    }
}

#[tokio::test]
async fn a_connection_with_a_malformed_answer_is_not_reused() {
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 5\r\n\r\nok",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive, close\r\n\r\nok",
        "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot a chunk\r\n",
        // What comes after such a head is announced, and may come later.
        "HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n",
    ] {
        let server = Server::answering(answer).await;
        let sending = Sending::on_loopback();
        for _ in 0..2 {
            let status = sending.answer(&server.url()).await.status;
            assert!(matches!(status, 200 | 204), "{answer:?}: {status}");
        }
        assert_eq!(server.accepted(), 2, "{answer:?}");
    }
}

#[tokio::test]
async fn a_status_counts_even_if_the_rest_of_the_head_never_comes() {
    let server = Server::start(|mut connection| async move {
        connection.request().await;
        connection.say(b"HTTP/1.1 200 OK\r\nserver: slow\r\n").await;
        connection.hold().await;
    })
    .await;
    let sending = Arc::new(Sending::on_loopback());
    let attempt = tokio::spawn({
        let (sending, url) = (sending.clone(), server.url());
        async move { sending.answer(&url).await }
    });
    let patience = Duration::from_secs(2);
    sending.clock.is_waited_for(patience).await;
    sending.clock.advance(patience);
    assert_eq!(attempt.await.unwrap().status, 200);
}

#[tokio::test]
async fn an_answer_without_a_status_is_a_failure() {
    let not_http = failed(FailureCode::Protocol, "the answer is not HTTP");
    for answer in [
        "220 mail.example ESMTP\r\n",
        "ICY 200 OK\r\n\r\n",
        "<html>200 OK</html>",
        "HTTP/1.1 9999 What\r\n\r\n",
        "HTTP/1.1 20\r\n\r\n",
        "HTTP/1.1 020 OK\r\n\r\n",
        "HTTP/1.1 OK 200\r\n\r\n",
        "HTTP/1.1\r\n200 OK\r\n\r\n",
        "HTTP/ 200 OK\r\n\r\n",
        "HTTP/1.1200 OK\r\n\r\n",
    ] {
        let server = saying(answer.into()).await;
        assert_eq!(Sending::on_loopback().failure(&server.url()).await, not_http, "{answer:?}");
    }
    let server = saying("\r\n".repeat(100_000).into()).await;
    assert_eq!(Sending::on_loopback().failure(&server.url()).await, not_http);
    let closed = failed(FailureCode::Connection, "the connection was closed before the answer");
    for answer in ["", "HTT", "HTTP/1.1 2", "\r\n"] {
        let server = saying(answer.into()).await;
        assert_eq!(Sending::on_loopback().failure(&server.url()).await, closed, "{answer:?}");
    }
}

#[tokio::test]
async fn headers_are_kept_as_they_came() {
    let server = saying(
        b"HTTP/1.1 200 OK\r\nVia: one\r\nServer : odd\r\nvia: two\r\nX-Folded: a\r\n  b\r\n\
          X-Latin: caf\xe9\r\nX-Utf8: caf\xc3\xa9\r\nno colon\r\nVIA: three\r\n\r\n"
            .to_vec(),
    )
    .await;
    let headers = Sending::on_loopback().answer(&server.url()).await.headers;
    let expected = [
        ("via", "one"),
        ("server", "odd"),
        ("via", "two"),
        ("x-folded", "a b"),
        ("x-latin", "caf\\xE9"),
        ("x-utf8", "café"),
        ("no colon", ""),
        ("via", "three"),
    ];
    assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn the_excerpt_follows_the_framing_if_there_is_one() {
    for (answer, excerpt) in [
        ("HTTP/1.1 200 OK\ncontent-length: 2\n\nok", "ok"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more", "ok"),
        ("HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\nuntil the end", "until the end"),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;x=y\r\na\r\nB \nbcdefghijkl\n0\r\nt: x\r\n\r\n",
            "abcdefghijkl",
        ),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\nwhat\r\n", "ok"),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: identity\r\ncontent-length: 2\r\n\r\nall of it",
            "all of it",
        ),
        ("HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello", ""),
    ] {
        let server = saying(answer.into()).await;
        let answer = Sending::on_loopback().answer(&server.url()).await;
        assert_eq!(answer.body_excerpt, excerpt);
    }
}
