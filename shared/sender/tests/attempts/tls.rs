use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use domain::delivery::{Failure, FailureCode};
use http_body_util::Full;
use hyper::{Request, Response, Version, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
};
use latchhook_sender::{InvalidOptions, Options, Outbound};
use tokio_rustls::TlsAcceptor;

use crate::support::{Authority, Connection, Names, Sending, Server, TestClock, failed, loopback};

const NAME: &str = "hooks.example";

/// Starts a server that answers every request with its HTTP version.
async fn serving(acceptor: TlsAcceptor) -> Server {
    Server::start(move |connection| serve(acceptor.clone(), connection)).await
}

async fn serve(acceptor: TlsAcceptor, connection: Connection) {
    let Ok(stream) = acceptor.accept(connection.stream).await else { return };
    let service = service_fn(async |request: Request<Incoming>| {
        let authorized = request.headers().contains_key("authorization");
        let text = format!("{:?} authorized: {authorized}", request.version());
        Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(text))))
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
}

fn trusting(authority: &Authority) -> Sending {
    let options = Options { extra_ca_pem: Some(authority.pem()), ..loopback() };
    Sending::with(options, Names::loopback())
}

fn url(server: &Server) -> String {
    format!("https://user:pass@{NAME}:{}/", server.port())
}

#[tokio::test]
async fn http_2_is_used_if_offered_and_shares_one_connection() {
    let authority = Authority::new();
    let server = serving(authority.acceptor(NAME, &["h2", "http/1.1"])).await;
    let sending = trusting(&authority);
    for _ in 0..5 {
        let answer = sending.answer(&url(&server)).await;
        assert_eq!(answer.body_excerpt, format!("{:?} authorized: true", Version::HTTP_2));
    }
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn http_1_is_used_if_http_2_is_not_offered() {
    let authority = Authority::new();
    for protocols in [&["http/1.1"][..], &[]] {
        let server = serving(authority.acceptor(NAME, protocols)).await;
        let sending = trusting(&authority);
        for _ in 0..3 {
            let answer = sending.answer(&url(&server)).await;
            assert_eq!(answer.body_excerpt, format!("{:?} authorized: true", Version::HTTP_11));
        }
        assert_eq!(server.accepted(), 1);
    }
}

async fn tls_failure(sending: Sending, acceptor: TlsAcceptor) -> Failure {
    let server = serving(acceptor).await;
    sending.failure(&url(&server)).await
}

#[tokio::test]
async fn invalid_certificates_are_named_in_the_failure() {
    let authority = Authority::new();
    let unknown = tls_failure(trusting(&Authority::new()), authority.acceptor(NAME, &["h2"])).await;
    let message = "the host's certificate is not signed by a trusted authority, or the host leaves \
                   out the certificates in between";
    assert_eq!(unknown, failed(FailureCode::Tls, message));

    let other = authority.acceptor("other.example", &["h2"]);
    let misnamed = tls_failure(trusting(&authority), other).await;
    let message = "the host's certificate is for another name: other.example";
    assert_eq!(misnamed, failed(FailureCode::Tls, message));

    let expired = tls_failure(trusting(&authority), authority.expired_acceptor(NAME)).await;
    let message = "the host's certificate expired on 2021-01-01 00:00 UTC";
    assert_eq!(expired, failed(FailureCode::Tls, message));

    let protocol = tls_failure(trusting(&authority), authority.acceptor(NAME, &["imap"])).await;
    let message = "the host refused the TLS handshake: NoApplicationProtocol";
    assert_eq!(protocol, failed(FailureCode::Tls, message));
}

#[tokio::test]
async fn a_host_that_speaks_no_tls_is_a_tls_error() {
    let authority = Authority::new();
    let server = Server::start(|mut connection| async move {
        connection.say(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        connection.hold().await;
    })
    .await;
    assert_eq!(
        trusting(&authority).failure(&url(&server)).await,
        failed(FailureCode::Tls, "the host does not speak TLS on this port")
    );
}

#[tokio::test]
async fn a_host_with_old_tls_only_fails_with_the_needed_versions() {
    const HANDSHAKE_FAILURE: u8 = 40;
    const PROTOCOL_VERSION: u8 = 70;
    for (alert, words) in [
        (HANDSHAKE_FAILURE, &["CBC", "RSA key exchange", "TLS 1.3", "ECDHE", "AES-GCM"][..]),
        (PROTOCOL_VERSION, &["neither TLS 1.2 nor TLS 1.3"]),
    ] {
        let server = Server::start(move |mut connection| async move {
            // TLS 1.2 record with a fatal alert.
            connection.say(&[0x15, 3, 3, 0, 2, 2, alert]).await;
            connection.hold().await;
        })
        .await;
        let failure = trusting(&Authority::new()).failure(&url(&server)).await;
        assert_eq!(failure.code, FailureCode::Tls);
        for word in words {
            assert!(failure.message.contains(word), "{}", failure.message);
        }
    }
}

#[tokio::test]
async fn a_handshake_that_stalls_ends_with_the_time_out() {
    let (accepted, mut connections) = tokio::sync::mpsc::unbounded_channel();
    let server = Server::start(move |mut connection| {
        let accepted = accepted.clone();
        async move {
            accepted.send(()).unwrap();
            connection.hold().await;
        }
    })
    .await;
    let sending = Arc::new(trusting(&Authority::new()));
    let attempt = tokio::spawn({
        let (sending, url) = (sending.clone(), url(&server));
        async move { sending.failure(&url).await }
    });
    connections.recv().await.unwrap();
    sending.clock.advance(Duration::from_secs(15));
    assert_eq!(attempt.await.unwrap().code, FailureCode::Timeout);
}

#[test]
fn invalid_extra_authorities_are_refused_at_the_start() {
    let names: Arc<dyn ports::Resolve> = Names::none();
    for pem in ["", "not PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        let options = Options { extra_ca_pem: Some(pem.into()), ..Options::default() };
        let refused = Outbound::new(options, Arc::new(TestClock::default()), &names).err();
        assert!(matches!(refused, Some(InvalidOptions::ExtraCa(_))), "{pem}: {refused:?}");
    }
}
