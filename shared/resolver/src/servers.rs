//! One question to the name servers, until one answers.

use std::{collections::VecDeque, net::SocketAddr, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use ports::{Clock, Ids, resolve::Unresolved};

use crate::{
    exchange::Exchange,
    message::{Answer, Question},
    resolv_conf::Config,
};

/// How long a server may be silent before the question is asked once more, of the next one if there
/// is one. The earlier try goes on: a packet may be lost, and an answer may only be slow.
const SILENCE: Duration = Duration::from_secs(1);

/// What asking takes.
pub(crate) struct Servers<'a> {
    pub(crate) config: &'a Config,
    pub(crate) clock: &'a Arc<dyn Clock>,
    pub(crate) ids: &'a Arc<dyn Ids>,
}

impl Servers<'_> {
    /// The first answer. Each server is tried as often as the configuration says, in its order; the
    /// next try begins when one fails or has been silent for a while.
    ///
    /// No try is told by another's failure: whose name is asked about decides who is silent, so what
    /// one account's names do to a server's record must not count for other accounts.
    pub(crate) async fn ask(&self, question: &Question) -> Result<Answer, Unresolved> {
        let Config { servers, attempts, .. } = self.config;
        let turns = std::iter::repeat_n(servers, *attempts).flatten();
        let mut ahead: VecDeque<SocketAddr> = turns.copied().collect();
        let mut tries = FuturesUnordered::new();
        let pause = SILENCE.min(self.config.timeout);
        loop {
            tries.extend(ahead.pop_front().map(|server| self.attempt(server, question)));
            let ended = tokio::select! {
                biased;
                ended = tries.next() => ended,
                () = self.clock.sleep(pause), if !ahead.is_empty() => continue,
            };
            match ended {
                Some(Some(answer)) => return Ok(answer),
                None if ahead.is_empty() => return Err(Unresolved::NoAnswer),
                _ => {}
            }
        }
    }

    async fn attempt(&self, server: SocketAddr, question: &Question) -> Option<Answer> {
        let mut id = [0; 2];
        self.ids.fill(&mut id);
        let (id, tcp_only) = (u16::from_be_bytes(id), self.config.tcp_only);
        let exchange = Exchange { server, question, id, tcp_only };
        tokio::select! {
            biased;
            answer = exchange.answer() => answer,
            () = self.clock.sleep(self.config.timeout) => None,
        }
    }
}
