//! Hostile name server: answers for the neighbour, and for others late or never.

use std::{io, net::SocketAddr, rc::Rc, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    net::UdpSocket,
    sync::watch,
    task::{LocalSet, spawn_local},
};

use super::hostile::{Order, Received};
use crate::{clock, failure::Failure, report};

/// Delay of an answer for a name that is slow: just before most resolvers ask again.
const LATE: Duration = Duration::from_millis(1900);

/// Serves until standard input ends.
///
/// # Errors
/// [`Failure`], when the machine refuses a port.
pub(crate) async fn run() -> Result<(), Failure> {
    let socket = UdpSocket::bind("127.0.0.1:0").await?;
    println!("{}", socket.local_addr()?.port());
    LocalSet::new().run_until(serve(Rc::new(socket))).await
}

async fn serve(socket: Rc<UdpSocket>) -> Result<(), Failure> {
    let (attacks, watched) = watch::channel(false);
    spawn_local(async move {
        let mut query = [0; 1500];
        loop {
            let Ok((length, peer)) = socket.recv_from(&mut query).await else { continue };
            let query = query[..length].to_vec();
            spawn_local(answer(Rc::clone(&socket), query, peer, *watched.borrow()));
        }
    });
    let mut orders = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = orders.next_line().await? {
        let order: Order = serde_json::from_str(&line).map_err(io::Error::from)?;
        attacks.send_replace(order == Order::Go);
        report::print_json(&Received { arrived: 0 })?;
    }
    Ok(())
}

async fn answer(socket: Rc<UdpSocket>, query: Vec<u8>, peer: SocketAddr, attacks: bool) {
    let Some((name, question, is_ipv4)) = read(&query) else { return };
    if attacks && name.ends_with(".never.test") {
        return;
    }
    if attacks && name.ends_with(".slow.test") {
        clock::sleep(LATE).await;
    }
    let head = [0x81, 0x80, 0, 1, 0, u8::from(is_ipv4), 0, 0, 0, 0];
    let mut answer = [&query[..2], &head, question].concat();
    if is_ipv4 {
        // A pointer to the name in the question, and an A record with a lifetime of a minute.
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    }
    // The client may be gone.
    let _ = socket.send_to(&answer, peer).await;
}

/// Parses a query: the name in lower case, the bytes of the question, and whether it is for IPv4
/// addresses.
fn read(query: &[u8]) -> Option<(String, &[u8], bool)> {
    let (mut at, mut labels) = (12, vec![]);
    while *query.get(at)? > 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8_lossy(query.get(at + 1..end)?).to_lowercase());
        at = end;
    }
    Some((labels.join("."), query.get(12..at + 5)?, query[at + 1..at + 3] == [0, 1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_and_half_of_one_is_not() {
        let head = [7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        let query = [&head[..], b"\x01A\x04test\0", &[0, 1, 0, 1]].concat();
        let (name, question, is_ipv4) = read(&query).unwrap();
        assert_eq!((name.as_str(), question, is_ipv4), ("a.test", &query[12..], true));
        assert!(read(&query[..15]).is_none());
    }
}
