//! HTTP server of the API.
//!
//! Walk-through of a connection: [`serve`] accepts it → `registry` finds a place for it →
//! `connections` serves it, and each request on it → `activity` hears of every step from `stream`
//! below Hyper and `body` above it, and says when the client has taken too long.

mod activity;
mod body;
mod budget;
mod connections;
mod limits;
mod protocol;
mod registry;
mod stream;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use ports::Clock;
use tokio::{net::TcpListener, sync::watch};

use self::connections::Connections;
pub(crate) use self::{activity::Closed, limits::Limits};
use crate::metrics::Metrics;

/// Time limit of requests under way once the server is ending.
const LAST_REQUESTS: Duration = Duration::from_secs(10);
/// Pause after the machine had no room for a connection.
const FULL: Duration = Duration::from_millis(50);
/// Time limit of connections after their last answer: the answer is on its way, and only an
/// incomplete request can keep a connection open.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// Answers requests until `ending` completes; then lets those under way finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: axum::Router,
    metrics: Arc<Metrics>,
    (clock, limits): (Arc<dyn Clock>, Limits),
    mut ending: watch::Receiver<bool>,
) {
    let (connections, mut all_answered) =
        Connections::new(router, metrics, Arc::clone(&clock), limits, ending.clone());
    let mut is_full = false;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = ending.wait_for(|ending| *ending) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                is_full = false;
                // Answers are small and complete; waiting to fill a packet would only delay them.
                let _ = stream.set_nodelay(true);
                connections.begin(stream, peer.ip().to_canonical());
            }
            Err(why) => {
                if !std::mem::replace(&mut is_full, true) {
                    tracing::warn!(%why, "a connection could not be taken");
                }
                clock.sleep(FULL).await;
            }
        }
    }
    drop(listener);
    let finished = async {
        tokio::select! {
            () = connections.registry.emptied() => {}
            () = async {
                let _ = all_answered.wait_for(|answering| *answering == 0).await;
                clock.sleep(LAST_WORDS).await;
            } => {}
        }
    };
    tokio::select! {
        () = finished => {}
        () = clock.sleep(LAST_REQUESTS) => tracing::warn!("some requests did not finish"),
    }
}
