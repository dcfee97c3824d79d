//! Receiver of webhooks whose answers the test gives.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
};

/// Endpoint on this machine.
pub(crate) struct Endpoint(TcpListener);

/// Headers of a delivery.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Delivered {
    /// Value of `webhook-id`.
    pub(crate) id: String,
    /// Value of `webhook-timestamp`, in seconds.
    pub(crate) at: u64,
}

impl Endpoint {
    /// Creates an endpoint on a free port.
    pub(crate) fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    /// Returns its URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/hooks", self.0.local_addr().unwrap())
    }

    /// Waits for the next delivery and answers it with `status`.
    pub(crate) fn answer(&self, status: u16) -> Delivered {
        let (mut stream, _) = self.0.accept().unwrap();
        let mut request = BufReader::new(stream.try_clone().unwrap());
        let (mut id, mut at, mut length) = (String::new(), 0, 0);
        loop {
            let mut line = String::new();
            request.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else {
                if line.trim_end().is_empty() {
                    break;
                }
                continue;
            };
            match name.to_ascii_lowercase().as_str() {
                "webhook-id" => value.clone_into(&mut id),
                "webhook-timestamp" => at = value.parse().unwrap(),
                "content-length" => length = value.parse().unwrap(),
                _ => {}
            }
        }
        request.read_exact(&mut vec![0; length]).unwrap();
        let answer =
            format!("HTTP/1.1 {status} So be it\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
        Delivered { id, at }
    }
}
