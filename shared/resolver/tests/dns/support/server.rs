//! Name server on loopback, by UDP and TCP, that answers each question as the test scripts it. It
//! writes its messages byte by byte, so that it shares no mistake with the code under test.

use std::{
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UdpSocket},
    task::JoinHandle,
};

/// Question as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) name: String,
    /// Record type, `A` or `AAAA`.
    pub(crate) kind: &'static str,
    pub(crate) by_tcp: bool,
    pub(crate) edns: bool,
}

/// Scripted answer to a question.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    /// No answer, ever.
    Silence,
    /// These records.
    Records(Vec<Record>),
    /// No record, and this response code.
    Code(u8),
    /// As much of the answer as fits: nothing.
    Truncated,
    /// An answer with another id, then these records.
    AfterForgery(Vec<Record>),
}

#[derive(Debug, Clone)]
pub(crate) enum Record {
    A(&'static str, u32),
    Aaaa(&'static str, u32),
    /// Alias for this name.
    Cname(&'static str),
}

type Script = Arc<dyn Fn(&Asked) -> Reply + Send + Sync>;

pub(crate) struct NameServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    serving: [JoinHandle<()>; 2],
}

impl NameServer {
    pub(crate) async fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let (udp, tcp) = sockets().await;
        let address = udp.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(vec![]));
        let talk = Talk { script: Arc::new(script), asked: Arc::clone(&asked) };
        let serving = [tokio::spawn(talk.clone().by_udp(udp)), tokio::spawn(talk.by_tcp(tcp))];
        Self { address, asked, serving }
    }

    /// Starts a server that knows the names of `names`, with one IPv4 address each, and nothing
    /// else.
    pub(crate) async fn knowing(names: &'static [(&'static str, &'static str)]) -> Self {
        Self::start(move |asked| {
            let known = names.iter().find(|(name, _)| *name == asked.name);
            match known {
                Some((_, address)) if asked.kind == "A" => {
                    Reply::Records(vec![Record::A(address, 60)])
                }
                Some(_) => Reply::Records(vec![]),
                None => Reply::Code(3),
            }
        })
        .await
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Returns the names and kinds that were asked for, each once, in alphabetical order.
    pub(crate) fn asked_for(&self) -> Vec<(String, &'static str)> {
        let mut asked: Vec<_> =
            self.asked().into_iter().map(|asked| (asked.name, asked.kind)).collect();
        asked.sort();
        asked.dedup();
        asked
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.serving.iter().for_each(JoinHandle::abort);
    }
}

/// Opens a UDP socket and a listener at the same port.
async fn sockets() -> (UdpSocket, TcpListener) {
    for _ in 0..100 {
        let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()).await {
            return (udp, tcp);
        }
    }
    panic!("no port is free for both UDP and TCP");
}

#[derive(Clone)]
struct Talk {
    script: Script,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Talk {
    async fn by_udp(self, socket: UdpSocket) {
        let mut buffer = [0; 4096];
        loop {
            let (length, peer) = socket.recv_from(&mut buffer).await.unwrap();
            for answer in self.answers(&buffer[..length], false) {
                // The client may have gone.
                let _ = socket.send_to(&answer, peer).await;
            }
        }
    }

    async fn by_tcp(self, listener: TcpListener) {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(self.clone().one_by_tcp(stream));
        }
    }

    async fn one_by_tcp(self, mut stream: TcpStream) -> std::io::Result<()> {
        loop {
            let mut query = vec![0; stream.read_u16().await?.into()];
            stream.read_exact(&mut query).await?;
            for answer in self.answers(&query, true) {
                stream.write_u16(answer.len().try_into().unwrap()).await?;
                stream.write_all(&answer).await?;
            }
        }
    }

    fn answers(&self, query: &[u8], by_tcp: bool) -> Vec<Vec<u8>> {
        let (asked, question) = read(query, by_tcp);
        self.asked.lock().unwrap().push(asked.clone());
        let write = |flags, records: &[Record]| write(query, question, flags, records);
        match (self.script)(&asked) {
            Reply::Silence => vec![],
            Reply::Records(records) => vec![write(0, &records)],
            Reply::Code(code) => vec![write(code.into(), &[])],
            Reply::Truncated => vec![write(0x0200, &[])],
            Reply::AfterForgery(records) => {
                let mut forged = write(0, &[Record::A("10.6.6.6", 60)]);
                forged[0] ^= 0xff;
                vec![forged, write(0, &records)]
            }
        }
    }
}

/// Returns the question of `query`, and its bytes.
fn read(query: &[u8], by_tcp: bool) -> (Asked, &[u8]) {
    let mut at = 12;
    let mut labels = vec![];
    while query[at] > 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8(query[at + 1..end].to_vec()).unwrap());
        at = end;
    }
    let kind = match query[at + 1..at + 3] {
        [0, 1] => "A",
        [0, 28] => "AAAA",
        _ => panic!("asked for {:?}", &query[at + 1..at + 3]),
    };
    let edns = query[11] > 0;
    (Asked { name: labels.join("."), kind, by_tcp, edns }, &query[12..at + 5])
}

/// Writes an answer with `records`, of the name in the question or, behind an alias, of the last
/// one.
fn write(query: &[u8], question: &[u8], flags: u16, records: &[Record]) -> Vec<u8> {
    let mut message = query[..2].to_vec();
    message.extend((0x8180 | flags).to_be_bytes());
    for count in [1, records.len(), 0, 0] {
        message.extend(u16::try_from(count).unwrap().to_be_bytes());
    }
    message.extend(question);
    // A pointer to the name in the question.
    let mut owner = vec![0xc0, 12];
    for record in records {
        let (kind, ttl, data): (u16, u32, Vec<u8>) = match record {
            Record::A(address, ttl) => {
                (1, *ttl, address.parse::<Ipv4Addr>().unwrap().octets().into())
            }
            Record::Aaaa(address, ttl) => {
                (28, *ttl, address.parse::<Ipv6Addr>().unwrap().octets().into())
            }
            Record::Cname(target) => (5, 60, wire(target)),
        };
        message.extend(&owner);
        message.extend(kind.to_be_bytes());
        message.extend([0, 1]);
        message.extend(ttl.to_be_bytes());
        message.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        message.extend(&data);
        if kind == 5 {
            owner = data;
        }
    }
    message
}

fn wire(name: &str) -> Vec<u8> {
    let mut bytes: Vec<u8> = name
        .split('.')
        .flat_map(|label| [&[u8::try_from(label.len()).unwrap()], label.as_bytes()].concat())
        .collect();
    bytes.push(0);
    bytes
}
