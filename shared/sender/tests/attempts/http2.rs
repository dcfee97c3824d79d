//! Receivers that speak HTTP/2 and accept no more streams, or answer nothing any more.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::delivery::FailureCode;
use futures_util::future::join_all;
use ports::sender::{Outcome, Outgoing};
use tokio::{sync::mpsc, task::JoinSet};

use crate::support::{
    Authority, Frame, Frames, Names, REFUSED_STREAM, Sending, Server, failed, loopback, outgoing,
};

const NAME: &str = "hooks.example";

/// Time for which a connection may be silent under a request before it is pinged.
const SILENCE: Duration = Duration::from_secs(3);

/// Starts a server that runs `talk` on every connection, and a sender that trusts it.
async fn receiving<F>(
    talk: impl Fn(Frames) -> F + Send + Sync + 'static,
) -> (Server, Arc<Sending>, String)
where
    F: Future<Output = ()> + Send + 'static,
{
    let authority = Authority::new();
    let server = Frames::serve(authority.acceptor(NAME, &["h2"]), talk).await;
    let (sending, url) = trusting(&authority, &server);
    (server, sending, url)
}

/// A sender that trusts `authority`, and the URL of `server`.
fn trusting(authority: &Authority, server: &Server) -> (Arc<Sending>, String) {
    let options = latchhook_sender::Options { extra_ca_pem: Some(authority.pem()), ..loopback() };
    let url = format!("https://{NAME}:{}/", server.port());
    (Arc::new(Sending::with(options, Names::loopback())), url)
}

/// Sends `count` deliveries at once and returns how many were answered with 200.
async fn at_once(sending: &Arc<Sending>, url: &str, count: usize) -> usize {
    let mut attempts = JoinSet::new();
    for _ in 0..count {
        let (sending, url) = (sending.clone(), url.to_owned());
        attempts.spawn(async move { sending.send(&url).await });
    }
    let outcomes = attempts.join_all().await;
    let is_ok =
        |outcome: &Outcome| matches!(outcome, Outcome::Answered(answer) if answer.status == 200);
    outcomes.iter().filter(|outcome| is_ok(outcome)).count()
}

#[tokio::test]
async fn refused_streams_are_retried_on_a_new_connection() {
    let (server, sending, url) = receiving(|mut frames| async move {
        if frames.number > 1 {
            return frames.answer_all().await;
        }
        let first = frames.request().await.unwrap();
        frames.ok(first).await;
        while let Some(id) = frames.request().await {
            frames.reset(id, REFUSED_STREAM).await;
        }
    })
    .await;
    assert_eq!(sending.answer(&url).await.status, 200);
    assert_eq!(at_once(&sending, &url, 20).await, 20);
    assert_eq!(server.accepted(), 2, "those refused share the new connection");
}

#[tokio::test]
async fn interim_answers_are_passed_over_but_not_without_end() {
    /// `:status: 103`, with a literal value.
    const EARLY_HINTS: [u8; 5] = [0x08, 3, b'1', b'0', b'3'];
    for (number, is_passed_over) in [(200, true), (1000, false)] {
        let (_server, sending, url) = receiving(move |mut frames| async move {
            let id = frames.request().await.unwrap();
            for _ in 0..number {
                frames.send(1, 4, id, &EARLY_HINTS).await;
            }
            frames.ok(id).await;
            frames.hold().await;
        })
        .await;
        if is_passed_over {
            assert_eq!(sending.answer(&url).await.status, 200);
        } else {
            let message = "the host sent interim answers (1xx) without end";
            assert_eq!(sending.failure(&url).await, failed(FailureCode::Protocol, message));
        }
    }
}

#[tokio::test]
async fn a_receiver_that_refuses_every_stream_is_tried_three_times() {
    let (server, sending, url) = receiving(|mut frames| async move {
        while let Some(id) = frames.request().await {
            frames.reset(id, REFUSED_STREAM).await;
        }
    })
    .await;
    let message = "the host broke off the HTTP/2 exchange";
    assert_eq!(sending.failure(&url).await, failed(FailureCode::Protocol, message));
    assert_eq!(server.accepted(), 3);
}

/// Sends GOAWAY with its fifth stream, answers those up to it, and ignores the rest.
async fn five_streams(mut frames: Frames) {
    let mut taken = vec![];
    while taken.len() < 5 {
        let Some(id) = frames.request().await else { return };
        taken.push(id);
        if taken.len() == 1 && frames.number == 1 {
            frames.ok(id).await;
        }
    }
    frames.go_away(taken[4]).await;
    for id in taken {
        frames.ok(id).await;
    }
    frames.hold().await;
}

#[tokio::test]
async fn streams_above_the_last_of_a_goaway_are_retried() {
    let (_server, sending, url) = receiving(|mut frames| async move {
        match frames.number {
            1 => five_streams(frames).await,
            2 => {
                let first = frames.request().await.unwrap();
                frames.go_away(first).await;
                frames.ok(first).await;
                frames.hold().await;
            }
            _ => frames.answer_all().await,
        }
    })
    .await;
    assert_eq!(sending.answer(&url).await.status, 200);
    assert_eq!(at_once(&sending, &url, 30).await, 30);
}

#[tokio::test]
async fn a_goodbye_counts_although_the_receiver_closes_without_reading_the_rest() {
    let (_server, sending, url) = receiving(|mut frames| async move {
        frames.widen_windows().await;
        if frames.number > 2 {
            return frames.answer_all().await;
        }
        let first = frames.head().await.unwrap();
        if frames.number == 2 {
            frames.head().await;
        }
        frames.go_away(first).await;
        frames.ok(first).await;
    })
    .await;
    assert_eq!(sending.answer(&url).await.status, 200);
    // More than fits into the sockets' buffers, so the client is writing when the connection
    // breaks.
    let body = Bytes::from(vec![b'x'; 4 << 20]);
    let attempts = (0..4).map(|_| {
        let outgoing = Outgoing { body: body.clone(), ..outgoing() };
        sending.send_this(&url, outgoing)
    });
    for outcome in join_all(attempts).await {
        assert!(
            matches!(&outcome, Outcome::Answered(answer) if answer.status == 200),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_stream_within_a_goodbye_is_waited_for_and_not_sent_again() {
    let (server, sending, url) = receiving(|mut frames| async move {
        let first = frames.request().await.unwrap();
        frames.ok(first).await;
        let second = frames.request().await.unwrap();
        frames.go_away(second).await;
        // Ends without an answer.
    })
    .await;
    assert_eq!(sending.answer(&url).await.status, 200);
    let closed = failed(FailureCode::Connection, "the connection was closed before the answer");
    assert_eq!(sending.failure(&url).await, closed);
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn a_kept_connection_that_closes_before_an_answer_is_replaced_within_the_attempt() {
    let (server, sending, url) = receiving(|mut frames| async move {
        if frames.number > 1 {
            return frames.answer_all().await;
        }
        let first = frames.request().await.unwrap();
        frames.ok(first).await;
        frames.request().await;
    })
    .await;
    for _ in 0..2 {
        assert_eq!(sending.answer(&url).await.status, 200);
    }
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn a_kept_connection_that_serves_the_host_no_more_is_replaced_within_the_attempt() {
    let (server, sending, url) = receiving(|mut frames| async move {
        let first = frames.request().await.unwrap();
        frames.ok(first).await;
        while let Some(id) = frames.request().await {
            frames.answer(id, "421").await;
        }
    })
    .await;
    for _ in 0..3 {
        assert_eq!(sending.answer(&url).await.status, 200);
    }
    assert_eq!(server.accepted(), 3);
}

#[tokio::test]
async fn a_new_connection_that_closes_before_an_answer_is_a_failure() {
    let (server, sending, url) = receiving(|mut frames| async move {
        frames.request().await;
    })
    .await;
    let closed = failed(FailureCode::Connection, "the connection was closed before the answer");
    assert_eq!(sending.failure(&url).await, closed);
    assert_eq!(server.accepted(), 1);
}

#[tokio::test]
async fn a_receiver_limited_to_one_stream_gets_further_connections() {
    let (asked, mut requests) = mpsc::unbounded_channel();
    let (answer, answering) = tokio::sync::watch::channel(false);
    let (server, sending, url) = receiving(move |mut frames| {
        let (asked, mut answering) = (asked.clone(), answering.clone());
        async move {
            frames.limit_streams(1).await;
            if frames.number > 1 {
                return frames.answer_all().await;
            }
            let first = frames.request().await.unwrap();
            frames.ok(first).await;
            let slow = frames.request().await.unwrap();
            asked.send(()).unwrap();
            answering.wait_for(|answers| *answers).await.unwrap();
            frames.ok(slow).await;
            frames.hold().await;
        }
    })
    .await;
    assert_eq!(sending.answer(&url).await.status, 200);
    let slow = tokio::spawn({
        let (sending, url) = (sending.clone(), url.clone());
        async move { sending.answer(&url).await.status }
    });
    requests.recv().await.unwrap();
    for _ in 0..3 {
        assert_eq!(sending.answer(&url).await.status, 200);
    }
    answer.send(true).unwrap();
    assert_eq!(slow.await.unwrap(), 200);
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn a_connection_that_never_comes_up_holds_up_only_the_request_that_opens_it() {
    let authority = Authority::new();
    let acceptor = authority.acceptor(NAME, &["h2"]);
    let server = Frames::serve_all_but(2, acceptor, |mut frames| async move {
        if frames.number > 1 {
            return frames.answer_all().await;
        }
        let first = frames.request().await.unwrap();
        frames.go_away(first).await;
        frames.ok(first).await;
    })
    .await;
    let (sending, url) = trusting(&authority, &server);
    assert_eq!(sending.answer(&url).await.status, 200);
    let unlucky = tokio::spawn({
        let (sending, url) = (sending.clone(), url.clone());
        async move { sending.send(&url).await }
    });
    while server.accepted() < 2 {
        tokio::task::yield_now().await;
    }
    let lucky = tokio::spawn({
        let (sending, url) = (sending.clone(), url.clone());
        async move { sending.answer(&url).await.status }
    });
    sending.clock.is_waited_for(SILENCE / 2).await;
    sending.clock.advance(SILENCE / 2);
    assert_eq!(lucky.await.unwrap(), 200);
    assert!(!unlucky.is_finished());
}

/// Answers one request, then swallows what comes, as if every packet were lost.
async fn dies_after_one(mut frames: Frames, seen: mpsc::UnboundedSender<Frame>) {
    if frames.number > 1 {
        return frames.answer_all().await;
    }
    let first = frames.request().await.unwrap();
    frames.ok(first).await;
    while let Some(frame) = frames.next().await {
        let _ = seen.send(frame);
    }
}

#[tokio::test]
async fn a_connection_is_not_reused_after_a_silent_time_out() {
    let (seen, mut frames) = mpsc::unbounded_channel();
    let (server, sending, url) = receiving(move |f| dies_after_one(f, seen.clone())).await;
    assert_eq!(sending.answer(&url).await.status, 200);
    let attempt = tokio::spawn({
        let (sending, url) = (sending.clone(), url.clone());
        async move { sending.failure(&url).await }
    });
    while !matches!(frames.recv().await.unwrap(), Frame::End(_)) {}
    sending.clock.advance(Duration::from_secs(15));
    assert_eq!(attempt.await.unwrap().code, FailureCode::Timeout);
    assert_eq!(sending.answer(&url).await.status, 200);
    assert_eq!(server.accepted(), 2);
}

#[tokio::test]
async fn a_connection_that_does_not_answer_a_ping_gets_no_more_requests() {
    let (seen, mut frames) = mpsc::unbounded_channel();
    let (server, sending, url) = receiving(move |f| dies_after_one(f, seen.clone())).await;
    assert_eq!(sending.answer(&url).await.status, 200);
    let attempt = tokio::spawn({
        let (sending, url) = (sending.clone(), url.clone());
        async move { sending.send(&url).await }
    });
    while !matches!(frames.recv().await.unwrap(), Frame::End(_)) {}
    // Something came since the first look; nothing since the second, so the connection is pinged.
    for look in 1..=2 {
        sending.clock.is_waited_for_times(SILENCE, look).await;
        sending.clock.advance(SILENCE);
    }
    while !matches!(frames.recv().await.unwrap(), Frame::Ping(_)) {}
    sending.clock.is_waited_for_times(SILENCE, 3).await;
    sending.clock.advance(SILENCE);
    tokio::task::yield_now().await;
    assert_eq!(sending.answer(&url).await.status, 200);
    assert_eq!(server.accepted(), 2);
    assert!(!attempt.is_finished(), "the attempt under way has its time");
}

#[tokio::test]
async fn a_slow_receiver_that_answers_pings_keeps_its_connection() {
    let (seen, mut ponged) = mpsc::unbounded_channel();
    let (server, sending, url) = receiving(move |mut frames| {
        let seen = seen.clone();
        async move {
            let first = frames.request().await.unwrap();
            frames.ok(first).await;
            let slow = frames.request().await.unwrap();
            seen.send(()).unwrap();
            while let Some(frame) = frames.next().await {
                match frame {
                    Frame::Ping(payload) => {
                        frames.pong(payload).await;
                        seen.send(()).unwrap();
                    }
                    Frame::End(id) if id > slow => frames.ok(id).await,
                    _ => {}
                }
            }
        }
    })
    .await;
    assert_eq!(sending.answer(&url).await.status, 200);
    let attempt = tokio::spawn({
        let (sending, url) = (sending.clone(), url.clone());
        async move { sending.failure(&url).await }
    });
    ponged.recv().await.unwrap();
    for look in 1..=2 {
        sending.clock.is_waited_for_times(SILENCE, look).await;
        sending.clock.advance(SILENCE);
    }
    ponged.recv().await.unwrap();
    // The pong has come once the next look is waited for: one of the waits was for the pong.
    sending.clock.is_waited_for_times(SILENCE, 4).await;
    sending.clock.advance(Duration::from_secs(15));
    assert_eq!(attempt.await.unwrap().code, FailureCode::Timeout);
    assert_eq!(sending.answer(&url).await.status, 200);
    assert_eq!(server.accepted(), 1);
}
