use domain::delivery::FailureCode;
use tokio::net::TcpListener;

use crate::support::{Names, Sending, Server, failed, loopback};

#[tokio::test]
async fn a_closed_port_is_a_refused_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(
        Sending::on_loopback().failure(&url).await,
        failed(FailureCode::Connection, "the host refused the connection")
    );
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
async fn an_invalid_header_fails_the_attempt_with_a_sentence() {
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
