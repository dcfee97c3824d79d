//! Receivers that HTTP/2 is of no use with, and that are spoken to by HTTP/1.1 instead.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::delivery::FailureCode;
use latchhook_sender::Options;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use crate::support::{Authority, Frames, Names, Sending, Server, failed, loopback};

const NAME: &str = "hooks.example";
const HTTP_1_1_REQUIRED: u32 = 0xd;

/// Answer's head of 200 with a header that HTTP/2 does not allow.
const ODD: [&[u8]; 5] = [
    b"\x88\x00\x01a\x03\xff\x01\x7f",
    b"\x88\x00\x05X-Foo\x01b",
    b"\x88\x00\x03a b\x01b",
    b"\x88\x00\x0aconnection\x05close",
    b"\x00\x01a\x01b\x88",
];

/// Receiver, and how many connections to it were of HTTP/2.
struct Receiver {
    server: Server,
    by_http2: Arc<AtomicUsize>,
    sending: Sending,
    url: String,
}

impl Receiver {
    /// Starts a server of `protocols` that runs `talk` over HTTP/2, and answers 200 over HTTP/1.1.
    async fn start<F>(
        protocols: &[&str],
        talk: impl Fn(Frames) -> F + Clone + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let authority = Authority::new();
        let acceptor = authority.acceptor(NAME, protocols);
        let by_http2 = Arc::new(AtomicUsize::new(0));
        let count = by_http2.clone();
        let server = Server::start(move |connection| {
            let (acceptor, talk, count) = (acceptor.clone(), talk.clone(), count.clone());
            async move {
                let Ok(stream) = acceptor.accept(connection.stream).await else { return };
                if stream.get_ref().1.alpn_protocol() != Some(b"h2") {
                    return answer_all(stream).await;
                }
                let number = 1 + count.fetch_add(1, Ordering::SeqCst);
                if let Some(frames) = Frames::begin(stream, number).await {
                    talk(frames).await;
                }
            }
        })
        .await;
        let options = Options { extra_ca_pem: Some(authority.pem()), ..loopback() };
        let sending = Sending::with(options, Names::loopback());
        let url = format!("https://{NAME}:{}/", server.port());
        Self { server, by_http2, sending, url }
    }

    async fn status(&self) -> u16 {
        self.sending.answer(&self.url).await.status
    }

    fn by_http2(&self) -> usize {
        self.by_http2.load(Ordering::SeqCst)
    }
}

/// Answers every request on a connection of HTTP/1.1 with 200.
async fn answer_all(mut stream: TlsStream<TcpStream>) {
    let mut received = Vec::new();
    while stream.read_buf(&mut received).await.is_ok_and(|read| read > 0) {
        if received.ends_with(b"}") {
            received.clear();
            let answer = b"HTTP/1.1 200 OK\r\nConnection : keep-alive\r\nContent-Length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
            stream.flush().await.unwrap();
        }
    }
}

async fn demand_http1(mut frames: Frames) {
    while let Some(id) = frames.request().await {
        frames.reset(id, HTTP_1_1_REQUIRED).await;
    }
}

#[tokio::test]
async fn a_receiver_that_demands_http_1_gets_it_at_once_and_for_an_hour() {
    let receiver = Receiver::start(&["h2", "http/1.1"], demand_http1).await;
    assert_eq!(receiver.status().await, 200);
    assert_eq!((receiver.by_http2(), receiver.server.accepted()), (1, 2));
    assert_eq!(receiver.status().await, 200);
    assert_eq!(receiver.server.accepted(), 2, "the connection is kept");
    receiver.sending.clock.advance(Duration::from_mins(59));
    assert_eq!(receiver.status().await, 200);
    assert_eq!((receiver.by_http2(), receiver.server.accepted()), (1, 3));
    receiver.sending.clock.advance(Duration::from_mins(2));
    assert_eq!(receiver.status().await, 200);
    assert_eq!(receiver.by_http2(), 2);
}

#[tokio::test]
async fn an_answer_that_http_2_does_not_allow_is_read_by_http_1() {
    for head in ODD {
        let receiver = Receiver::start(&["h2", "http/1.1"], move |mut frames| async move {
            while let Some(id) = frames.request().await {
                frames.send(1, 5, id, head).await;
            }
        });
        let receiver = receiver.await;
        for _ in 0..2 {
            assert_eq!(receiver.status().await, 200, "{}", head.escape_ascii());
        }
        assert_eq!((receiver.by_http2(), receiver.server.accepted()), (1, 2));
    }
}

#[tokio::test]
async fn a_receiver_of_http_2_alone_is_tried_by_that_each_time() {
    let receiver = Receiver::start(&["h2"], demand_http1).await;
    let message = "the host broke off the HTTP/2 exchange";
    for _ in 0..2 {
        let failure = receiver.sending.failure(&receiver.url).await;
        assert_eq!(failure, failed(FailureCode::Protocol, message));
    }
}
