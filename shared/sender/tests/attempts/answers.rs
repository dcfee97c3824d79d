use std::{sync::Arc, time::Duration};

use domain::delivery::FailureCode;
use latchhook_sender::Options;
use ports::sender::{Answer, Outcome};
use tokio::sync::mpsc;

use crate::support::{Names, Sending, Server, failed, loopback, outgoing};

/// Starts a server that passes every request on and answers 200 without a body.
async fn recording() -> (Server, mpsc::UnboundedReceiver<crate::support::Request>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let sender = sender.clone();
        async move {
            while let Some(request) = connection.request().await {
                sender.send(request).unwrap();
                connection.say(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
            }
        }
    })
    .await;
    (server, receiver)
}

#[tokio::test]
async fn a_delivery_carries_its_headers_and_its_body() {
    let (server, mut requests) = recording().await;
    let mut outgoing = outgoing();
    outgoing.extra_header = Some(("X-Legacy-Signature".to_owned(), "c0ffee".to_owned()));
    let url = format!("http://127.0.0.1:{}/a%2Fb?c=d", server.port());
    let outcome = Sending::on_loopback().send_this(&url, outgoing).await;
    assert_eq!(
        outcome,
        Outcome::Answered(Answer {
            status: 200,
            headers: vec![("content-length".to_owned(), "0".to_owned())],
            ..Answer::default()
        })
    );
    let request = requests.recv().await.unwrap();
    assert_eq!(request.line, "POST /a%2Fb?c=d HTTP/1.1");
    assert_eq!(request.body, r#"{"id":"evt_1"}"#);
    let expected = [
        ("accept", "*/*"),
        ("content-length", "14"),
        ("content-type", "application/json"),
        ("host", &format!("127.0.0.1:{}", server.port())),
        ("user-agent", concat!("Latchhook-Webhook/", env!("CARGO_PKG_VERSION"))),
        ("webhook-id", "evt_1"),
        ("webhook-signature", "v1,c2lnbmVk"),
        ("webhook-timestamp", "1769851800"),
        ("x-legacy-signature", "c0ffee"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(request.headers.into_iter().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn credentials_are_sent_as_basic_authorization_and_not_in_the_host_header() {
    let (server, mut requests) = recording().await;
    let url = format!("http://us%20er:p%40ss%3A@127.0.0.1:{}/", server.port());
    Sending::on_loopback().answer(&url).await;
    let request = requests.recv().await.unwrap();
    // printf 'us er:p@ss:' | base64
    assert_eq!(request.headers["authorization"], "Basic dXMgZXI6cEBzczo=");
    assert_eq!(request.headers["host"], format!("127.0.0.1:{}", server.port()));
    assert_eq!(request.line, "POST / HTTP/1.1");
}

#[tokio::test]
async fn the_host_header_has_the_canonical_form_of_the_name() {
    let (server, mut requests) = recording().await;
    let sending = Sending::with(loopback(), Names::loopback());
    sending.answer(&format!("http://HOOKS.example.:{}/", server.port())).await;
    let request = requests.recv().await.unwrap();
    assert_eq!(request.headers["host"], format!("hooks.example:{}", server.port()));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let target = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent"]
    {
        let answer =
            format!("HTTP/1.1 {status}\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", target.url());
        let server = Server::answering(answer).await;
        let answer = Sending::on_loopback().answer(&server.url()).await;
        assert_eq!(answer.status.to_string(), status[..3]);
    }
    assert_eq!(target.accepted(), 0);
}

#[tokio::test]
async fn interim_answers_are_skipped() {
    let server = Server::answering(
        "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n\
         HTTP/1.1 204 No Content\r\n\r\n",
    )
    .await;
    assert_eq!(Sending::on_loopback().answer(&server.url()).await.status, 204);
}

#[tokio::test]
async fn kept_headers_are_bounded_and_hold_no_cookie() {
    let many = (0..80).map(|n| format!("x-{n}: {n}\r\n")).collect::<Vec<_>>().concat();
    let long = "v".repeat(1000);
    let server = Server::answering(format!(
        "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nset-cookie: session=hush\r\nx-long: {long}\r\n\
         {many}\r\n"
    ))
    .await;
    let headers = Sending::on_loopback().answer(&server.url()).await.headers;
    assert_eq!(headers.len(), 64);
    assert_eq!(headers[1], ("set-cookie".to_owned(), "session=****".to_owned()));
    assert_eq!(headers[2], ("x-long".to_owned(), "v".repeat(256)));
    assert_eq!(headers[3], ("x-0".to_owned(), "0".to_owned()));
}

#[tokio::test]
async fn retry_after_is_read_in_both_of_its_forms() {
    for (value, seconds) in [
        ("120", Some(120)),
        ("0", Some(0)),
        ("99999999999", Some(u32::MAX)),
        ("Sat, 31 Jan 2026 09:31:30 GMT", Some(90)),
        ("Saturday, 31-Jan-26 09:31:30 GMT", Some(90)),
        ("Sat, 31 Jan 2026 09:00:00 GMT", Some(0)),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
    ] {
        let server = Server::answering(format!(
            "HTTP/1.1 503 Later\r\nretry-after: {value}\r\ncontent-length: 0\r\n\r\n"
        ))
        .await;
        let answer = Sending::on_loopback().answer(&server.url()).await;
        assert_eq!((answer.status, answer.retry_after_seconds), (503, seconds), "{value}");
    }
}

#[tokio::test]
async fn a_silent_receiver_times_out_and_its_connection_is_closed() {
    let (got, mut requests) = mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let got = got.clone();
        async move {
            got.send(connection.request().await).unwrap();
            connection.hold().await;
            got.send(None).unwrap();
        }
    })
    .await;
    let sending = Arc::new(Sending::with(
        Options { timeout: Duration::from_secs(7), ..loopback() },
        Names::none(),
    ));
    let attempt = tokio::spawn({
        let (sending, url) = (sending.clone(), server.url());
        async move { sending.failure(&url).await }
    });
    assert!(requests.recv().await.unwrap().is_some());
    sending.clock.advance(Duration::from_millis(6_999));
    tokio::task::yield_now().await;
    assert!(!attempt.is_finished());
    sending.clock.advance(Duration::from_millis(1));
    let expected = failed(FailureCode::Timeout, "no answer within the time-out");
    assert_eq!(attempt.await.unwrap(), expected);
    let closed = requests.recv().await.unwrap();
    assert_eq!(closed, None, "the connection is not kept");
}
