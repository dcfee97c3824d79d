//! Hostile receivers: each path but `/fine` misbehaves in its own way while that is ordered.

use std::{cell::Cell, io, rc::Rc, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{LocalSet, spawn_local},
};

use crate::{clock, failure::Failure, report};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
/// Interval between two bytes of a dripping answer: slow, and never silent.
const BETWEEN_DRIPS: Duration = Duration::from_millis(100);

/// Order to a helper that attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Attack from now on.
    Go,
    /// End the attack; a receiver answers everything at once.
    Stop,
    /// Report.
    Tell,
}

/// Report of the receivers.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Received {
    /// Requests that have arrived so far.
    pub(crate) arrived: u64,
}

/// Serves until standard input ends.
///
/// # Errors
/// [`Failure`], when the machine refuses a port.
pub(crate) async fn run() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    LocalSet::new().run_until(serve(listener)).await
}

async fn serve(listener: TcpListener) -> Result<(), Failure> {
    let (attacks, watched) = watch::channel(false);
    let arrived = Rc::new(Cell::new(0));
    let counted = Rc::clone(&arrived);
    spawn_local(async move {
        // A process without a descriptor to spare goes on with the next connection.
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            spawn_local(receive(stream, watched.clone(), Rc::clone(&counted)));
        }
    });
    let mut orders = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = orders.next_line().await? {
        let order: Order = serde_json::from_str(&line).map_err(io::Error::from)?;
        if order != Order::Tell {
            attacks.send_replace(order == Order::Go);
        }
        report::print_json(&Received { arrived: arrived.get() })?;
    }
    Ok(())
}

async fn receive(
    mut stream: TcpStream,
    mut attacks: watch::Receiver<bool>,
    arrived: Rc<Cell<u64>>,
) -> io::Result<()> {
    let mut beginning = [0; 16];
    stream.read_exact(&mut beginning).await?;
    arrived.set(arrived.get() + 1);
    if *attacks.borrow() && !beginning.starts_with(b"POST /fine") {
        tokio::select! {
            ended = misbehave(&mut stream, &beginning) => return ended,
            _ = attacks.wait_for(|attacks| !attacks) => {}
        }
    }
    stream.write_all(OK).await?;
    stream.shutdown().await?;
    // What is left of the request must be read, or the answer would be lost in a reset.
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    Ok(())
}

async fn misbehave(stream: &mut TcpStream, beginning: &[u8]) -> io::Result<()> {
    match &beginning[..10] {
        b"POST /drip" => {
            for byte in OK.iter().cycle() {
                stream.write_all(&[*byte]).await?;
                clock::sleep(BETWEEN_DRIPS).await;
            }
        }
        b"POST /huge" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n").await?;
            let piece = vec![b'x'; 64 * 1024];
            loop {
                stream.write_all(&piece).await?;
            }
        }
        b"POST /rese" => stream.set_zero_linger()?,
        b"POST /redi" => {
            let moved =
                b"HTTP/1.1 302 Found\r\nlocation: /hang\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            stream.write_all(moved).await?;
            stream.shutdown().await?;
            tokio::io::copy(stream, &mut tokio::io::sink()).await?;
        }
        _ => std::future::pending().await,
    }
    Ok(())
}
