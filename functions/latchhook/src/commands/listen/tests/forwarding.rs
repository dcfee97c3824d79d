//! Tests of forwarded requests, and of their answers.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::*;
use crate::receiver::Answered;

/// Target on a free port, stopped when it is dropped.
struct Target {
    url: String,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Target {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Target {
    async fn answering(
        answer: impl Fn(Arrived) -> Answered + Send + Sync + Clone + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks?a=b", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            let answering = receiver::serve(listener, move |arrived| {
                let answer = answer(arrived);
                async move { answer }
            });
            let _ = answering.await;
        });
        Self { url, task }
    }

    /// Creates a target that sends `bytes` to each client, after it has read something.
    async fn saying(bytes: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream.read(&mut [0; 8 * 1024]).await;
            stream.write_all(bytes.as_bytes()).await.unwrap();
            // Kept open until the test ends.
            std::future::pending::<()>().await;
        });
        Self { url, task }
    }
}

fn forwarding(url: &str, trust: Trust) -> Listening {
    let manner = Manner::Forward(Box::new(Forward::to(forward::url(url).unwrap(), trust)));
    Listening { verifier: None, manner }
}

/// Returns the report of a request, and the answer to it.
async fn take(listening: &Listening, arrived: Arrived) -> (Report, Answered) {
    let (report, reaction) = listening.take(arrived).await;
    let Reaction::Answer(answer, _) = reaction else { panic!("it is not answered") };
    (report, answer)
}

#[tokio::test]
async fn forwarded_deliveries_verify_and_the_targets_answer_is_returned() {
    let target = Target::answering(|arrived| {
        let report = Report::of(&arrived, Some(&secret()), NOW);
        let verified = serde_json::to_value(&report).unwrap()["verified"] == true;
        assert_eq!((&*arrived.path, verified), ("/hooks?a=b", true));
        let mut answer = Response::new(Bytes::from_static(b"short and \xff stout"));
        *answer.status_mut() = StatusCode::IM_A_TEAPOT;
        let headers = answer.headers_mut();
        for (name, value) in
            [("retry-after", "120"), ("set-cookie", "a=1"), ("set-cookie", "b=2"), ("x-pot", "tea")]
        {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        answer
    })
    .await;
    let listening = forwarding(&target.url, Trust::System);
    let (report, answer) = take(&listening, delivery(BODY, BODY, NOW)).await;
    assert_eq!(report.status, Some(StatusCode::IM_A_TEAPOT));
    assert_eq!(report.forward_error, None);
    assert_eq!(answer.status(), StatusCode::IM_A_TEAPOT);
    assert_eq!(&answer.body()[..], b"short and \xff stout");
    assert_eq!(answer.headers()["retry-after"], "120");
    assert_eq!(answer.headers()["x-pot"], "tea");
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
}

#[tokio::test]
async fn hop_by_hop_headers_are_not_forwarded() {
    let target = Target::saying(
        "HTTP/1.1 200 OK\r\nconnection: close, x-hop\r\nx-hop: 1\r\nkeep-alive: timeout=5\r\n\
         x-kept: 1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    )
    .await;
    let listening = forwarding(&target.url, Trust::System);
    let (_, answer) = take(&listening, delivery(BODY, BODY, NOW)).await;
    assert_eq!(&answer.body()[..], b"abc");
    let names: Vec<_> = answer.headers().keys().map(HeaderName::as_str).collect();
    assert_eq!(names, ["x-kept"]);
}

#[tokio::test]
async fn odd_headers_of_an_answer_fail_nothing() {
    let many = "x-many: 1\r\n".repeat(300);
    let said = format!(
        "HTTP/1.1 201 Created\r\nx-folded: a\r\n b\r\nx-spaced : 1\r\nno colon\r\n{many}\
         content-length: 2\r\n\r\nok"
    );
    let target = Target::saying(said.leak()).await;
    let listening = forwarding(&target.url, Trust::System);
    let (report, answer) = take(&listening, delivery(BODY, BODY, NOW)).await;
    assert_eq!((report.status, report.forward_error), (Some(StatusCode::CREATED), None));
    assert_eq!(&answer.body()[..], b"ok");
}

#[tokio::test]
async fn a_target_that_closes_kept_connections_gets_every_request() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 8 * 1024]).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
                // A second request on it would be read and never answered.
                let _ = stream.read(&mut [0; 8 * 1024]).await;
            });
        }
    });
    let listening = forwarding(&url, Trust::System);
    for _ in 0..3 {
        let (report, _) = take(&listening, delivery(BODY, BODY, NOW)).await;
        assert_eq!((report.status, report.forward_error), (Some(StatusCode::OK), None));
    }
    task.abort();
}

#[tokio::test]
async fn large_bodies_pass_in_both_directions() {
    let target = Target::answering(|arrived| Response::new(arrived.body)).await;
    let listening = forwarding(&target.url, Trust::System);
    let body = Bytes::from(vec![b'x'; 8 << 20]);
    let mut arrived = delivery("", "", NOW);
    arrived.body = body.clone();
    let (_, answer) = take(&listening, arrived).await;
    assert!(answer.into_body() == body, "another body came back");
}

#[tokio::test]
async fn a_target_that_is_down_is_a_bad_gateway_with_a_sentence() {
    let unused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let listening = forwarding(&format!("http://u:secret@{unused}/x?t=1"), Trust::System);
    let (report, answer) = take(&listening, delivery(BODY, BODY, NOW)).await;
    assert_eq!(report.status, Some(StatusCode::BAD_GATEWAY));
    assert!(report.forward_error.is_some_and(|why| why.contains("refused")));
    let said = String::from_utf8(answer.body().to_vec()).unwrap();
    assert!(said.contains(&format!("http://{unused}/x did not answer: ")), "{said}");
    assert!(said.contains("refused") && !said.contains("secret"), "{said}");
}

#[tokio::test]
async fn a_target_that_does_not_answer_in_time_is_a_gateway_timeout() {
    let target = Target::saying("").await;
    let forward = Forward::to(forward::url(&target.url).unwrap(), Trust::System);
    let manner = Manner::Forward(Box::new(forward.patient(Duration::from_millis(50))));
    let listening = Listening { verifier: None, manner };
    let (report, answer) = take(&listening, delivery(BODY, BODY, NOW)).await;
    assert_eq!(
        (report.status, answer.status()),
        (Some(answer.status()), StatusCode::GATEWAY_TIMEOUT)
    );
    assert!(report.forward_error.is_some_and(|why| why.contains("no answer within")));
}

#[tokio::test]
async fn a_self_signed_certificate_is_accepted_only_when_told_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    // The certificate is for another name than the one requested, too.
    let made = rcgen::generate_simple_self_signed(["another.example".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let task = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 8 * 1024]).await;
            let answer = b"HTTP/1.1 299 X\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    });
    let refused = take(&forwarding(&url, Trust::System), delivery(BODY, BODY, NOW)).await.0;
    assert_eq!(refused.status, Some(StatusCode::BAD_GATEWAY));
    let why = refused.forward_error.unwrap();
    assert!(why.contains("certificate") && why.contains("--insecure"), "{why}");
    let (_, answer) = take(&forwarding(&url, Trust::Anybody), delivery(BODY, BODY, NOW)).await;
    assert_eq!((answer.status().as_u16(), &answer.body()[..]), (299, &b"ok"[..]));
    task.abort();
}
