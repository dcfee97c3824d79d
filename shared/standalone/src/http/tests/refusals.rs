use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::io::AsyncReadExt as _;

use super::client::{Client, MOMENT};

#[tokio::test]
async fn a_refusal_is_held_back_for_50_milliseconds() {
    is_held_back("/refused", "429", Duration::from_millis(50)).await;
}

#[tokio::test]
async fn that_there_is_no_room_is_held_back_for_a_second() {
    is_held_back("/full", "503", Duration::from_secs(1)).await;
}

/// Asserts that the answer of `path`, which has that status, is held back for so long.
async fn is_held_back(path: &str, status: &str, held: Duration) {
    let mut client = Client::connect();
    client.send(format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").as_bytes()).await;
    client.begun.notified().await;
    client.pass_almost(held).await;
    assert_eq!(client.stream.read_u8().now_or_never().map(Result::ok), None);
    client.pass(MOMENT).await;
    let mut line = [0; 12];
    client.stream.read_exact(&mut line).await.unwrap();
    assert_eq!(line.escape_ascii().to_string(), format!("HTTP/1.1 {status}"));
}
