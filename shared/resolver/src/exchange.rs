//! One question to one name server.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpStream, UdpSocket},
};

use crate::message::{Answer, MOST_UDP_BYTES, Question, Reading};

/// A question on its way to one server. Its sockets are its own and close with it.
pub(crate) struct Exchange<'a> {
    pub(crate) server: SocketAddr,
    pub(crate) question: &'a Question,
    pub(crate) id: u16,
    pub(crate) tcp_only: bool,
}

impl Exchange<'_> {
    /// Asks; by TCP when the answer does not fit, and without EDNS when the server is too old for
    /// it (RFC 6891, section 7). None when the server fails; silence lasts for ever.
    pub(crate) async fn answer(&self) -> Option<Answer> {
        let reading = match self.ask(true).await {
            Ok(Reading::NotUnderstood) => self.ask(false).await,
            reading => reading,
        };
        match reading {
            Ok(Reading::Answer(answer)) => Some(answer),
            Ok(_) => None,
            Err(why) => {
                tracing::debug!(server = %self.server, %why, "a name server can't be asked");
                None
            }
        }
    }

    async fn ask(&self, edns: bool) -> io::Result<Reading> {
        let message = self.question.write(self.id, edns);
        let message = message.ok_or_else(|| io::Error::other("the name can't be asked about"))?;
        if !self.tcp_only {
            let reading = self.by_udp(&message).await?;
            if reading != Reading::Truncated {
                return Ok(reading);
            }
        }
        self.by_tcp(&message).await
    }

    /// From a port of its own, chosen at random by the system, and connected: so an answer from
    /// elsewhere is not even received, and a server that is not there is noticed at once.
    async fn by_udp(&self, message: &[u8]) -> io::Result<Reading> {
        let any = if self.server.is_ipv4() {
            SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0))
        } else {
            SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0))
        };
        let socket = UdpSocket::bind(any).await?;
        socket.connect(self.server).await?;
        socket.send(message).await?;
        let mut buffer = [0; MOST_UDP_BYTES as usize];
        loop {
            let length = socket.recv(&mut buffer).await?;
            let reading = self.question.read(self.id, &buffer[..length]);
            if reading != Reading::NotOurs {
                return Ok(reading);
            }
        }
    }

    /// RFC 1035, section 4.2.2: each message after its length.
    async fn by_tcp(&self, message: &[u8]) -> io::Result<Reading> {
        let mut stream = TcpStream::connect(self.server).await?;
        let length = u16::try_from(message.len()).map_err(io::Error::other)?;
        stream.write_all(&[&length.to_be_bytes(), message].concat()).await?;
        let mut answer = vec![0; stream.read_u16().await?.into()];
        stream.read_exact(&mut answer).await?;
        Ok(match self.question.read(self.id, &answer) {
            Reading::NotOurs | Reading::Truncated => Reading::Failed,
            reading => reading,
        })
    }
}
