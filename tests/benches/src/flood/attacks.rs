//! Attacks: one for each way in which a caller can do its worst.

mod customer;
mod operator;
mod receiver;
mod stranger;

use std::net::SocketAddr;

use clap::ValueEnum;

use super::{attacker::Work, parties::Loud};
use crate::{
    failure::Failure,
    processes::{Program, Server},
};

/// Attack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Attack {
    Requests,
    Lists,
    LargeBodies,
    Public,
    Writes,
    History,
    Storms,
    Pages,
    RequestLogs,
    Events,
    LargeEvents,
    Verify,
    Guesses,
    SlowBodies,
    SilentSockets,
    Http2Streams,
    Http2Resets,
    Http2Pings,
    HangingReceivers,
    DrippingReceivers,
    HugeAnswers,
    Resets,
    Redirects,
    SilentNames,
    SlowNames,
}

/// Everything that an attack has at its disposal.
pub(super) struct Means<'a> {
    pub(super) program: &'a Program,
    pub(super) server: &'a Server,
    pub(super) loud: &'a Loud,
    /// Address of the hostile receivers.
    pub(super) receivers: SocketAddr,
    /// Length of the history that is made, in events.
    pub(super) reveals: usize,
    /// Number of events that wait behind a hostile receiver.
    pub(super) backlog: usize,
}

/// Attack that is ready to go.
pub(super) struct Prepared {
    pub(super) works: Vec<Work>,
    /// True if whatever is answered 202 is an event, so that none may be missing afterwards.
    pub(super) posts_events: bool,
}

impl Attack {
    /// Returns who attacks, and with what.
    pub(super) const fn described(self) -> (&'static str, &'static str) {
        const SECRET: &str = "secret key";
        const PORTAL: &str = "portal session";
        const OPERATOR: &str = "operator token";
        const NOBODY: &str = "stranger";
        const RECEIVER: &str = "receiver";
        const NAMES: &str = "name server";
        match self {
            Self::Requests => (SECRET, "requests past every limit, 64 connections"),
            Self::Lists => (SECRET, "lists of 100 large rows and events, past the limits"),
            Self::LargeBodies => (SECRET, "bodies of 250 KB, a gigabit a second"),
            Self::Public => ("publishable key", "forbidden and allowed routes, and an expired key"),
            Self::Writes => (PORTAL, "keys, settings and secrets changed without end"),
            Self::History => (PORTAL, "a long history, `as_of` and searches in it"),
            Self::Storms => (PORTAL, "`ping`, `resend` and `recover` without end"),
            Self::Pages => ("portal cookie", "pages past the limits, 32 connections"),
            Self::RequestLogs => {
                (OPERATOR, "500 large rows for the API log at once, 8 connections")
            }
            Self::Events => (OPERATOR, "one account's events as fast as they go"),
            Self::LargeEvents => (OPERATOR, "one account's events of 200 KiB"),
            Self::Verify => (OPERATOR, "verifications of one account's keys, 32 connections"),
            Self::Guesses => (NOBODY, "guessed keys, codes and tokens, 64 connections"),
            Self::SlowBodies => (NOBODY, "1,000 bodies, a byte each second"),
            Self::SilentSockets => (NOBODY, "2,000 connections that say nothing"),
            Self::Http2Streams => (SECRET, "HTTP/2: 16 connections of 100 streams"),
            Self::Http2Resets => (NOBODY, "HTTP/2: requests cancelled at once"),
            Self::Http2Pings => (NOBODY, "HTTP/2: pings and settings"),
            Self::HangingReceivers => (RECEIVER, "20 hang, with a backlog"),
            Self::DrippingReceivers => (RECEIVER, "20 answer a byte at a time, with a backlog"),
            Self::HugeAnswers => (RECEIVER, "endless answers, with a backlog"),
            Self::Resets => (RECEIVER, "connections reset, with a backlog"),
            Self::Redirects => (RECEIVER, "redirects, with a backlog"),
            Self::SilentNames => (NAMES, "never answers for 20 webhooks with a backlog"),
            Self::SlowNames => (NAMES, "answers late for 20 webhooks with a backlog"),
        }
    }

    /// Name on the command line.
    pub(super) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Makes what the attack needs.
    pub(super) async fn prepare(self, means: &Means<'_>) -> Result<Prepared, Failure> {
        let works = match self {
            Self::Requests => customer::requests(means),
            Self::Lists => customer::lists(means).await?,
            Self::LargeBodies => customer::large_bodies(means),
            Self::Public => customer::public(means),
            Self::Writes => customer::writes(means).await?,
            Self::History => customer::history(means).await?,
            Self::Storms => customer::storms(means).await?,
            Self::Pages => customer::pages(means).await?,
            Self::RequestLogs => operator::request_logs(means),
            Self::Events => operator::events(means).await?,
            Self::LargeEvents => operator::large_events(means).await?,
            Self::Verify => operator::verify(means),
            Self::Guesses => stranger::guesses(),
            Self::SlowBodies => stranger::slow_bodies(means),
            Self::SilentSockets => stranger::silent_sockets(),
            Self::Http2Streams => stranger::streams(means),
            Self::Http2Resets => stranger::resets(),
            Self::Http2Pings => stranger::pings(),
            Self::HangingReceivers => receiver::hostile(means, "hang").await?,
            Self::DrippingReceivers => receiver::hostile(means, "drip").await?,
            Self::HugeAnswers => receiver::hostile(means, "huge").await?,
            Self::Resets => receiver::hostile(means, "reset").await?,
            Self::Redirects => receiver::hostile(means, "redirect").await?,
            Self::SilentNames => receiver::names(means, "never").await?,
            Self::SlowNames => receiver::names(means, "slow").await?,
        };
        Ok(Prepared { works, posts_events: self.posts_events() })
    }

    const fn posts_events(self) -> bool {
        matches!(
            self,
            Self::Events
                | Self::LargeEvents
                | Self::HangingReceivers
                | Self::DrippingReceivers
                | Self::HugeAnswers
                | Self::Resets
                | Self::Redirects
                | Self::SilentNames
                | Self::SlowNames
        )
    }
}
