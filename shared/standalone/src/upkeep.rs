//! Housekeeping: removes expired documents, a few at a time, and secrets that nothing names, writes
//! what was counted, tells of keys that are about to expire, sends hourly statements, and checks the
//! database once a day.

use std::{sync::Arc, time::Duration};

use app::App;
use domain::Timestamp;
use embedded::Embedded;
use ports::{Chain, Clock};

/// Interval between two rounds.
const PERIOD: Duration = Duration::from_mins(1);
/// Number of documents removed in one transaction: few enough not to delay other commits
/// noticeably.
const BATCH: usize = 250;
/// Number of sweeps between two checks: a day.
const SWEEPS: u32 = 24 * 60;
/// Largest number of problems that are written to the log.
const MOST: usize = 20;

/// Keeps house until it is dropped.
pub(crate) async fn keep(app: Arc<App>, store: Embedded, clock: Arc<dyn Clock>) {
    let mut is_past_counted = false;
    for sweeps in 0_u32.. {
        clock.sleep(PERIOD).await;
        if !is_past_counted {
            is_past_counted = count_past(&store, clock.now()).await;
        }
        app.write_counts().await;
        sweep(&store, clock.now()).await;
        sweep_secrets(&app).await;
        tell_of_expiring_keys(&app).await;
        send_statements(&app).await;
        if sweeps.is_multiple_of(SWEEPS) {
            check(&store).await;
        }
    }
}

/// Counts the attempts of before attempts were counted; returns whether that is done.
async fn count_past(store: &Embedded, now: Timestamp) -> bool {
    match app::count_past(store, now).await {
        Ok(counted) => {
            if counted > 0 {
                tracing::info!(counted, "counted the attempts of an earlier version");
            }
            true
        }
        Err(problem) => {
            let why = problem.message;
            tracing::error!(%why, "attempts of an earlier version could not be counted");
            false
        }
    }
}

#[tracing::instrument(skip_all)]
async fn sweep(store: &Embedded, now: Timestamp) {
    match store.sweep(now, BATCH).await {
        Ok(0) => {}
        Ok(removed) => tracing::debug!(removed, "swept expired documents"),
        Err(why) => tracing::error!(error = %Chain(&why), "sweeping failed"),
    }
}

/// Destroys the secrets of keys that have ended, and of replaced signing secrets.
#[tracing::instrument(skip_all)]
async fn sweep_secrets(app: &App) {
    match app.sweep_secrets().await {
        Ok(swept) if swept.done + swept.left == 0 => {}
        Ok(swept) => tracing::debug!(swept.done, swept.left, "swept secrets"),
        Err(why) => tracing::error!(why = %why.message, "sweeping secrets failed"),
    }
}

/// Tells the operator of API keys that are about to expire.
#[tracing::instrument(skip_all)]
async fn tell_of_expiring_keys(app: &App) {
    if let Err(why) = app.tell_of_expiring_keys().await {
        tracing::error!(why = %why.message, "the operator could not be told of keys that are about to expire");
    }
}

/// Sends webhooks the statements of the hours that have ended.
#[tracing::instrument(skip_all)]
async fn send_statements(app: &App) {
    if let Err(why) = app.send_statements().await {
        tracing::error!(why = %why.message, "some hourly statements could not be sent yet");
    }
}

/// Checks the whole database. Damage is told and not mended: what is damaged is refused wherever it is
/// read, and the rest goes on.
#[tracing::instrument(skip_all)]
async fn check(store: &Embedded) {
    match store.check_again().await {
        Ok(checked) => {
            for problem in checked.problems.iter().take(MOST) {
                tracing::error!(%problem, "the database is damaged: restore a backup");
            }
        }
        Err(why) => tracing::error!(error = %Chain(&why), "checking the database failed"),
    }
}
