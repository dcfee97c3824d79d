use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::io::AsyncReadExt as _;

use super::client::{Client, MOMENT};

/// Time for which a refusal is held back.
const HELD: Duration = Duration::from_millis(50);

#[tokio::test]
async fn a_refusal_is_held_back_for_50_milliseconds() {
    let mut client = Client::connect();
    client.send(b"GET /refused HTTP/1.1\r\nhost: a\r\n\r\n").await;
    client.begun.notified().await;
    client.pass_almost(HELD).await;
    assert_eq!(client.stream.read_u8().now_or_never().map(Result::ok), None);
    client.pass(MOMENT).await;
    let mut head = [0; 12];
    client.stream.read_exact(&mut head).await.unwrap();
    assert_eq!(head.escape_ascii().to_string(), "HTTP/1.1 429");
}
