use std::time::Duration;

use tokio::io::AsyncReadExt as _;

use super::client::{Client, GET, LIMITS, MOMENT, another, settle};

const POST: &[u8] = b"POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\n";

#[tokio::test]
async fn an_idle_connection_is_kept_for_75_seconds_after_each_answer() {
    assert!(LIMITS.idle > Duration::from_mins(1), "load balancers keep theirs for a minute");
    let mut client = Client::connect();
    for _ in 0..3 {
        client.get().await;
        client.pass_almost(LIMITS.idle).await;
    }
    client.expect_close_after_a_moment("idle").await;
}

#[tokio::test]
async fn a_connection_on_which_nothing_is_ever_sent_is_closed_after_10_seconds() {
    let client = Client::connect();
    client.pass_almost(LIMITS.head).await;
    client.expect_close_after_a_moment("first_byte").await;
}

#[tokio::test]
async fn a_head_has_10_seconds_from_its_first_byte_however_it_trickles() {
    let mut client = Client::connect();
    client.pass_almost(LIMITS.head).await;
    for byte in *b"GET /quic" {
        client.send(&[byte]).await;
        client.pass(Duration::from_secs(1)).await;
    }
    client.send(b"k").await;
    client.pass_almost(Duration::from_secs(1)).await;
    client.expect_close_after_a_moment("head").await;
}

#[tokio::test]
async fn a_later_head_has_10_seconds_of_its_own() {
    let mut client = Client::connect();
    for _ in 0..3 {
        client.send(&GET[..20]).await;
        client.pass_almost(LIMITS.head).await;
        client.send(&GET[20..]).await;
        client.is_answered().await;
        client.pass_almost(LIMITS.idle).await;
    }
    client.send(&GET[..20]).await;
    client.pass_almost(LIMITS.head).await;
    client.expect_close_after_a_moment("head").await;
}

#[tokio::test]
async fn the_server_may_take_longer_to_answer_than_any_client() {
    let mut client = Client::connect();
    client.get().await;
    client.begun.notified().await;
    client.send(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    client.begun.notified().await;
    client.pass(LIMITS.idle * 3).await;
    client.answer.notify_one();
    let mut read = [0; 15];
    client.stream.read_exact(&mut read).await.unwrap();
    assert_eq!(&read, b"HTTP/1.1 200 OK");
}

#[tokio::test]
async fn an_empty_line_after_a_body_does_not_begin_a_head() {
    let mut client = Client::connect();
    client.send(POST).await;
    client.send(b"done\r\n").await;
    client.is_answered().await;
    client.pass_almost(LIMITS.idle).await;
    client.send(b"\r\n").await;
    client.expect_close_after_a_moment("idle").await;
}

#[tokio::test]
async fn a_client_that_does_not_read_its_answer_is_cut_off() {
    let mut client = Client::connect();
    client.send(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    client.pass_almost(LIMITS.answer).await;
    client.expect_end_after_a_moment("answer").await;
}

#[tokio::test]
async fn reading_an_answer_in_sips_gives_no_more_time() {
    let mut client = Client::connect();
    client.send(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    for _ in 1..LIMITS.answer.as_secs() {
        client.stream.read_u8().await.unwrap();
        client.pass(Duration::from_secs(1)).await;
    }
    client.pass_almost(Duration::from_secs(1)).await;
    client.expect_end_after_a_moment("answer").await;
}

#[tokio::test]
async fn a_client_that_reads_its_answer_may_ask_again() {
    let mut client = Client::connect();
    client.send(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await;
    client.pass_almost(LIMITS.answer).await;
    let mut left = 1 << 20;
    while left > 0 {
        let mut read = vec![0; 1 << 16];
        left -= client.stream.read(&mut read).await.unwrap().min(left);
    }
    client.pass_almost(LIMITS.idle).await;
    assert_eq!(client.connections.registry.len(), 1);
}

#[tokio::test]
async fn beyond_the_most_connections_an_idle_one_makes_room() {
    let client = Client::connect();
    let from = |last| [192, 0, 2, last].into();
    let mut loud: Vec<_> =
        (1..LIMITS.connections).map(|_| another(&client.connections, from(1))).collect();
    assert_eq!(client.connections.registry.len(), LIMITS.connections);
    let mut newcomer = another(&client.connections, from(2));
    settle().await;
    assert_eq!(client.connections.registry.len(), LIMITS.connections);
    assert_eq!(loud[0].read(&mut [0]).await.unwrap(), 0, "the oldest of the loud address");
    client.was_closed_for("displaced");
    tokio::io::AsyncWriteExt::write_all(&mut newcomer, GET).await.unwrap();
    assert_eq!(newcomer.read_u8().await.unwrap(), b'H');
    client.pass(MOMENT).await;
}
