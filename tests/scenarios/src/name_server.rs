//! Name server for the product.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use tokio::{net::UdpSocket, task::JoinHandle};

/// Name server on loopback, by UDP; stopped when dropped.
#[derive(Debug)]
pub struct NameServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
    serving: JoinHandle<()>,
}

/// Answer to a question for the IPv4 addresses of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Answers this address, with a lifetime of a minute.
    Address(Ipv4Addr),
    /// Answers that there is no such name.
    Missing,
    /// Never answers, nor for IPv6 addresses.
    Silent,
}

impl NameServer {
    /// Starts a server that answers what `names` says, and that nothing has an IPv6 address.
    pub async fn start(names: impl Fn(&str) -> Names + Send + 'static) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(vec![]));
        let serving = tokio::spawn(serve(socket, Arc::clone(&asked), names));
        Self { address, asked, serving }
    }

    /// Address of the server.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Names that were asked for so far, in lower case, each once.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.sort();
        asked.dedup();
        asked
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(
    socket: UdpSocket,
    asked: Arc<Mutex<Vec<String>>>,
    names: impl Fn(&str) -> Names + Send + 'static,
) {
    let mut query = [0; 1500];
    loop {
        let (length, peer) = socket.recv_from(&mut query).await.unwrap();
        let (name, question, is_ipv4) = read(&query[..length]);
        asked.lock().unwrap().push(name.clone());
        if let Some(answer) = answer(&query[..2], question, is_ipv4, names(&name)) {
            // The client may be gone.
            let _ = socket.send_to(&answer, peer).await;
        }
    }
}

/// Parses a query: the name, the bytes of the question, and whether it is for IPv4 addresses.
fn read(query: &[u8]) -> (String, &[u8], bool) {
    let (mut at, mut labels) = (12, vec![]);
    while query[at] > 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_lowercase());
        at = end;
    }
    (labels.join("."), &query[12..at + 5], query[at + 1..at + 3] == [0, 1])
}

fn answer(id: &[u8], question: &[u8], is_ipv4: bool, names: Names) -> Option<Vec<u8>> {
    let address = match names {
        Names::Silent => return None,
        Names::Address(address) if is_ipv4 => Some(address),
        _ => None,
    };
    let code = if names == Names::Missing { 3 } else { 0 };
    let count = u8::from(address.is_some());
    let head = [0x81, 0x80 | code, 0, 1, 0, count, 0, 0, 0, 0];
    let mut answer = [id, &head, question].concat();
    if let Some(address) = address {
        // A pointer to the name in the question, and an A record with a lifetime of a minute.
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        answer.extend(address.octets());
    }
    Some(answer)
}
