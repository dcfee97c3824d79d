use std::time::Duration;

use tokio::io::AsyncReadExt as _;

use super::client::{Client, LIMITS, MOMENT};

fn post(length: usize) -> Vec<u8> {
    format!("POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n").into_bytes()
}

/// Reads an answer, which must be to a body that was cut off.
async fn is_cut_off(client: &mut Client, reason: &str) {
    let mut read = Vec::new();
    while !read.ends_with(b"cut off") {
        let byte = client.stream.read_u8().await;
        read.push(byte.unwrap_or_else(|why| panic!("{why}: {}", read.escape_ascii())));
    }
    let line = format!("latchhook_http_bodies_refused_total{{reason={reason:?}}} 1");
    let page = client.metrics.page();
    assert!(page.lines().any(|found| found == line), "{line} is not in:\n{page}");
}

#[tokio::test]
async fn a_body_may_take_longer_than_a_head() {
    let mut client = Client::connect();
    client.send(&post(4)).await;
    client.begun.notified().await;
    client.send(b"do").await;
    client.pass_almost(LIMITS.body).await;
    client.send(b"ne").await;
    client.is_answered().await;
}

#[tokio::test]
async fn a_body_has_30_seconds_as_a_whole_however_it_trickles() {
    let mut client = Client::connect();
    client.send(&post(100)).await;
    for _ in 1..LIMITS.body.as_secs() {
        client.send(b"a").await;
        client.pass(Duration::from_secs(1)).await;
    }
    client.pass_almost(Duration::from_secs(1)).await;
    assert_eq!(client.connections.registry.len(), 1);
    client.pass(MOMENT).await;
    is_cut_off(&mut client, "late").await;
}

#[tokio::test]
async fn bodies_that_are_held_at_once_have_a_budget() {
    let mut client = Client::connect();
    let length = LIMITS.body_bytes_each();
    client.send(&post(length)).await;
    client.send(&vec![b'a'; length]).await;
    let mut read = vec![0; 15];
    client.stream.read_exact(&mut read).await.unwrap();
    assert_eq!(read, b"HTTP/1.1 200 OK");

    let mut client = Client::connect();
    client.send(&post(length + 1)).await;
    client.send(&vec![b'a'; length + 1]).await;
    is_cut_off(&mut client, "crowded").await;
}
