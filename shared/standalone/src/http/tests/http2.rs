use std::time::Duration;

use super::client::{Client, LIMITS};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Frame of settings: none are changed.
const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
/// Frame of settings: the window of each stream is closed.
const CLOSED_WINDOW: &[u8] = &[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0];
const PING: &[u8] = &[0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8];
/// Names of the static table: method, scheme and path; the path's value follows.
const QUICK: &[u8] = &[0x82, 0x86, 0x04, 6, b'/', b'q', b'u', b'i', b'c', b'k'];
const BODY: &[u8] = &[0x83, 0x86, 0x04, 5, b'/', b'b', b'o', b'd', b'y'];
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn headers(flags: u8, block: &[u8]) -> Vec<u8> {
    let length = u8::try_from(block.len()).unwrap();
    [&[0, 0, length, 1, flags, 0, 0, 0, 1], block].concat()
}

async fn connected(settings: &[u8]) -> Client {
    let mut client = Client::connect();
    client.send(PREFACE).await;
    client.send(settings).await;
    client
}

#[tokio::test]
async fn the_preface_has_10_seconds() {
    let mut client = Client::connect();
    client.send(&PREFACE[..18]).await;
    client.pass_almost(LIMITS.head).await;
    client.expect_end_after_a_moment("head").await;
}

#[tokio::test]
async fn a_connection_may_idle_as_long_as_one_of_http_1() {
    let client = connected(SETTINGS).await;
    client.pass_almost(LIMITS.idle).await;
    client.expect_end_after_a_moment("idle").await;
}

#[tokio::test]
async fn pings_do_not_keep_an_idle_connection_open() {
    let mut client = connected(SETTINGS).await;
    for _ in 1..LIMITS.idle.as_secs() {
        client.send(PING).await;
        client.pass(Duration::from_secs(1)).await;
    }
    client.pass_almost(Duration::from_secs(1)).await;
    client.expect_end_after_a_moment("idle").await;
}

#[tokio::test]
async fn a_head_that_does_not_end_has_10_seconds() {
    let mut client = connected(SETTINGS).await;
    client.send(&headers(END_STREAM, QUICK)).await;
    client.pass_almost(LIMITS.head).await;
    client.expect_end_after_a_moment("head").await;
}

#[tokio::test]
async fn a_body_that_stops_has_30_seconds_and_the_connection_goes_on() {
    let mut client = connected(SETTINGS).await;
    client.send(&headers(END_HEADERS, BODY)).await;
    client.begun.notified().await;
    client.pass(LIMITS.body).await;
    let page = client.metrics.page();
    assert!(page.contains("latchhook_http_bodies_refused_total{reason=\"late\"} 1"), "{page}");
    client.pass_almost(LIMITS.idle).await;
    client.expect_end_after_a_moment("idle").await;
}

#[tokio::test]
async fn an_answer_whose_window_is_never_opened_is_given_up() {
    let mut client = connected(CLOSED_WINDOW).await;
    client.send(&headers(END_STREAM | END_HEADERS, QUICK)).await;
    client.begun.notified().await;
    for _ in 1..LIMITS.answer.as_secs() {
        client.send(PING).await;
        client.pass(Duration::from_secs(1)).await;
    }
    client.pass_almost(Duration::from_secs(1)).await;
    client.expect_end_after_a_moment("answer").await;
}

#[tokio::test]
async fn pings_without_end_close_the_connection() {
    let mut client = connected(SETTINGS).await;
    client.send(&PING.repeat(99)).await;
    assert_eq!(client.connections.registry.len(), 1);
    client.send(PING).await;
    assert_eq!(client.connections.registry.len(), 0);
    client.was_closed_for("flood");
}

#[tokio::test]
async fn a_connection_has_16_requests_answered_at_a_time() {
    let mut client = connected(SETTINGS).await;
    let slow: &[u8] = &[0x82, 0x86, 0x04, 5, b'/', b's', b'l', b'o', b'w'];
    let frames = (0..17_u8).flat_map(|number| {
        let length = u8::try_from(slow.len()).unwrap();
        let start = [0, 0, length, 1, END_STREAM | END_HEADERS, 0, 0, 0, 2 * number + 1];
        [&start, slow].concat()
    });
    client.send(&frames.collect::<Vec<u8>>()).await;
    assert_eq!(client.begun_so_far(), 16);
    client.answer.notify_one();
    client.pass(Duration::ZERO).await;
    assert_eq!(client.begun_so_far(), 17);
}
