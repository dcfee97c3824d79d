use domain::delivery::FailureCode;
use ports::{Sender as _, sender::OutOfSockets};
use tokio::net::TcpListener;

use crate::support::{Names, Sending, Server, account, failed, loopback, outgoing, parse};

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
async fn a_name_that_no_socket_was_left_to_ask_for_is_not_the_receivers_failure() {
    let sending = Sending::with(loopback(), Names::without_sockets());
    let url = parse("http://hooks.example/");
    let sent = sending.outbound.send(account(1), &url, outgoing()).await;
    assert_eq!(sent, Err(OutOfSockets));
}

/// What the operating system says when a process has no descriptor left.
#[test]
fn errors_of_the_operating_system_for_want_of_sockets_are_told_from_others() {
    for code in [rustix::io::Errno::MFILE, rustix::io::Errno::NFILE] {
        assert!(OutOfSockets::is(&code.into()), "{code}");
    }
    for code in [rustix::io::Errno::CONNREFUSED, rustix::io::Errno::HOSTUNREACH] {
        assert!(!OutOfSockets::is(&code.into()), "{code}");
    }
}

#[tokio::test]
async fn interim_answers_without_end_are_a_failure() {
    for interim in
        ["HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"]
    {
        let server = Server::answering(interim.repeat(1000)).await;
        assert_eq!(
            Sending::on_loopback().failure(&server.url()).await,
            failed(FailureCode::Protocol, "the host sent interim answers (1xx) without end")
        );
    }
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
