use domain::delivery::FailureCode;
use tokio::net::TcpListener;

use crate::support::{Names, Sending, Server, failed, loopback};

#[tokio::test]
async fn a_closed_port_refuses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(
        Sending::on_loopback().failure(&url).await,
        failed(FailureCode::Connection, "the host refused the connection")
    );
}

#[tokio::test]
async fn a_connection_closed_at_once_is_a_connection_error() {
    let server = Server::start(|mut connection| async move {
        connection.request().await;
    })
    .await;
    assert_eq!(
        Sending::on_loopback().failure(&server.url()).await,
        failed(FailureCode::Connection, "the connection was closed before the answer")
    );
}

#[tokio::test]
async fn what_is_not_http_is_a_protocol_error() {
    for answer in [
        "220 mail.example ESMTP\r\n",
        "\u{0}\u{1}\u{2}\u{3}garbage\r\n\r\n",
        "HTTP/1.1 9999 What\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
    ] {
        let server = Server::answering(answer).await;
        assert_eq!(
            Sending::on_loopback().failure(&server.url()).await,
            failed(FailureCode::Protocol, "the answer is not HTTP"),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_head_without_end_is_given_up() {
    let long = format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(200 * 1024));
    let many = (0..1000).map(|n| format!("x-{n}: y\r\n")).collect::<Vec<_>>().concat();
    for answer in [long, format!("HTTP/1.1 200 OK\r\n{many}\r\n")] {
        let server = Server::answering(answer).await;
        assert_eq!(
            Sending::on_loopback().failure(&server.url()).await,
            failed(FailureCode::Protocol, "the answer's headers are too large")
        );
    }
}

#[tokio::test]
async fn a_name_without_an_address_is_a_dns_error() {
    let sending = Sending::with(loopback(), Names::none());
    assert_eq!(
        sending.failure("http://nowhere.example/").await,
        failed(FailureCode::Dns, "the host's name does not resolve")
    );
}

#[tokio::test]
async fn a_header_that_can_not_be_written_fails_and_says_so() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let mut outgoing = crate::support::outgoing();
    outgoing.extra_header = Some(("x-split".to_owned(), "a\r\nevil: b".to_owned()));
    let outcome = Sending::on_loopback().send_this(&server.url(), outgoing).await;
    assert_eq!(
        outcome,
        ports::sender::Outcome::Failed(failed(
            FailureCode::Protocol,
            "the delivery's header values can't be written as HTTP"
        ))
    );
    assert_eq!(server.accepted(), 0);
}
