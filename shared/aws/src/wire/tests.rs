//! Tests of the HTTP client against a server on loopback.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, Region, SharedCredentialsProvider};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::Wire;
use crate::Clients;

#[tokio::test]
async fn calls_of_all_services_share_one_connection() {
    let (clients, connections) = clients_of_server(usize::MAX).await;
    clients.dynamodb().list_tables().send().await.unwrap();
    clients.sqs().list_queues().send().await.unwrap();
    clients.secrets_manager().list_secrets().send().await.unwrap();
    assert_eq!(connections.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_call_after_the_server_closed_the_connection_takes_a_new_one() {
    let (clients, connections) = clients_of_server(1).await;
    for _ in 0..3 {
        clients.dynamodb().list_tables().send().await.unwrap();
    }
    assert_eq!(connections.load(Ordering::Relaxed), 3);
}

/// Returns clients of a server that closes a connection after `answers`, and the number of
/// connections it got.
async fn clients_of_server(answers: usize) -> (Clients, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::<AtomicUsize>::default();
    let counted = connections.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(serve(stream, answers));
        }
    });
    let credentials = Credentials::new("key", "secret", None, None, "a test");
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(Wire::new())
        .endpoint_url(endpoint)
        .region(Region::new("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    (Clients::new(&config), connections)
}

/// Answers requests, each with an empty object.
async fn serve(mut stream: TcpStream, answers: usize) {
    let mut asked = String::new();
    for _ in 0..answers {
        while !is_whole(&asked) {
            let mut piece = [0; 4096];
            let Ok(read @ 1..) = stream.read(&mut piece).await else { return };
            asked.push_str(str::from_utf8(&piece[..read]).unwrap());
        }
        asked.clear();
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
    }
}

fn is_whole(request: &str) -> bool {
    let Some((head, body)) = request.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() == length.map_or(0, |length| length.parse().unwrap())
}
