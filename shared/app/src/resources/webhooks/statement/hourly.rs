//! Hourly statements: each webhook that subscribes to `webhook.statement` by name is sent its own.
//!
//! The sweep makes them a minute after the hour, when no event is accepted into it any more. A statement is an
//! event of the account whose identifier follows from webhook and hour, so there is one, however many
//! processes make it and whichever dies. The last hour that is done is a document, by which one process at
//! a time makes them; hours that were missed are made up for, a day of them at most. A statement that can't
//! be made keeps its hour from being done, and holds up neither the others nor later hours. The webhooks are
//! an index of their own: where there are none, an hour costs one look.

use std::{sync::Arc, time::Duration};

use domain::{
    PayloadFormat, Timestamp,
    account::Account,
    delivery::Trigger,
    id::{EventId, Ulid, WebhookId},
    webhook::{EventType, Webhook},
};
use futures_util::{StreamExt as _, stream};
use ports::{
    Commit,
    store::{Condition, Document, Order, Query, Range, Write},
};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest as _, Sha256};

use super::{Budget, Window, count};
use crate::{
    App,
    delivery::{accept::accepted, event::AcceptedEvent},
    documents::{Form, Number, Stored, read, state},
    problem::{Code, Problem},
    resources::webhooks::representation::Statement,
    views::{Spread, collections, to_body},
    work::{Halt, Reply, Work, no_refusal},
};

const HOUR: Duration = Duration::from_hours(1);
/// Time after which no event is accepted into an hour any more.
const SETTLED_AFTER: Duration = Duration::from_mins(1);
/// Time for which missed statements are made up for.
const MADE_UP_FOR: Duration = Duration::from_hours(24);
/// Time for which one process sends them alone: twice as long as a function may take.
const TAKEN_FOR: Duration = Duration::from_mins(1);
/// Webhooks read at a time.
const PAGE: usize = 100;
/// Statements that are made at a time.
const AT_ONCE: usize = 8;

/// Progress of the statements through the hours.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StatementProgress {
    format: Number<Self>,
    /// End of the last hour of which they were sent.
    until: Timestamp,
    /// Time until which somebody is sending the next ones, unless they die.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    taken_until: Option<Timestamp>,
}

impl StatementProgress {
    fn of(until: Timestamp, taken_until: Option<Timestamp>) -> Self {
        Self { format: Number::default(), until, taken_until }
    }
}

impl Form for StatementProgress {
    const NAME: &'static str = "statement_progress";
    const NUMBER: u16 = 1;
}

impl Stored for StatementProgress {
    type Form = Self;
}

impl App {
    /// Sends the statements of the hours that have ended since the last time. Can be repeated, and run by
    /// several at once. In a new installation it begins with the hour that goes on.
    ///
    /// # Errors
    /// When the backend is unavailable, or what is stored is damaged. Statements that could be made are sent
    /// even so, and the others with the next call.
    pub async fn send_statements(&self) -> Result<(), Problem> {
        let work = Work::of_the_system(self.backend.clone());
        work.run(|work| async move { catch_up(&work).await }).await
    }
}

async fn catch_up(work: &Work) -> Result<(), Halt> {
    let latest = hour_of(work.now.minus(SETTLED_AFTER));
    let Some(known) = known(work).await? else {
        let begun = StatementProgress::of(latest, None);
        return put(work, &begun, Condition::Absent).await;
    };
    let StatementProgress { until: before, taken_until, .. } = read(&known.body)?;
    if before >= latest || taken_until.is_some_and(|until| until > work.now) {
        return Ok(());
    }
    let taken = StatementProgress::of(before, Some(work.now.plus(TAKEN_FOR)));
    put(work, &taken, Condition::Revision(known.revision)).await?;
    let mut done = before.max(latest.minus(MADE_UP_FOR));
    let mut outcome = Ok(());
    let mut hour = done;
    while hour < latest {
        hour = hour.plus(HOUR);
        outcome = outcome.and(send_all(work, hour).await);
        if outcome.is_ok() {
            done = hour;
        }
    }
    // What could not be made is tried again when the turn of this process ends.
    if done > before {
        let taken_until = outcome.as_ref().err().and(taken.taken_until);
        // Whoever took them over meanwhile says so.
        if let Some(Document { revision, .. }) = known_as(work, &taken).await? {
            let progress = StatementProgress::of(done, taken_until);
            put(work, &progress, Condition::Revision(revision)).await?;
        }
    }
    Ok(outcome?)
}

/// Reads the progress.
async fn known(work: &Work) -> Result<Option<Document>, Problem> {
    let key = [collections::statement_progress()];
    Ok(work.backend.store.get(&key).await?.pop().flatten())
}

/// Reads the progress if it still is `expected`.
async fn known_as(work: &Work, expected: &StatementProgress) -> Result<Option<Document>, Problem> {
    let known = known(work).await?;
    Ok(known.filter(|known| known.body == to_body(expected)))
}

async fn put(work: &Work, progress: &StatementProgress, condition: Condition) -> Result<(), Halt> {
    let (key, body) = (collections::statement_progress(), to_body(progress));
    let put = Write::Put { key, body, expires_at: None, index: vec![], condition };
    let commit = Commit { writes: vec![put], ..Commit::default() };
    work.commit(commit, &Reply::ok(&()), no_refusal).await
}

/// Returns the beginning of the hour in which that time is.
fn hour_of(at: Timestamp) -> Timestamp {
    let hour = i64::try_from(HOUR.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millis(at.as_millis().div_euclid(hour) * hour)
}

/// Sends the statements of the hour that ended at `until`.
///
/// # Errors
/// When one of them could not be sent; the others are.
async fn send_all(work: &Work, until: Timestamp) -> Result<(), Problem> {
    let store = &*work.backend.store;
    let mut query = Query {
        partition: collections::statement_webhooks(),
        index: true,
        range: Range::default(),
        order: Order::Ascending,
        limit: PAGE,
    };
    let mut outcome = Ok(());
    loop {
        let rows = store.query(&query).await?;
        let mut webhooks = Vec::new();
        for row in &rows {
            match state::<Webhook>(store, &row.document).await {
                Ok(webhook) => webhooks.extend(webhook.map(|webhook| Arc::new(webhook.state))),
                Err(why) => outcome = outcome.and(Err(why)),
            }
        }
        let sent = stream::iter(webhooks).map(|webhook| send(work, webhook, until));
        let mut sent = sent.buffer_unordered(AT_ONCE);
        while let Some(sent) = sent.next().await {
            outcome = outcome.and(sent);
        }
        match rows.last() {
            // Continue right after the last sort key.
            Some(last) if rows.len() == PAGE => query.range.from = Some(format!("{}\0", last.sort)),
            _ => return outcome,
        }
    }
}

/// Sends the statement of a webhook, unless that is done, or nothing may be sent to it any more.
async fn send(work: &Work, webhook: Arc<Webhook>, until: Timestamp) -> Result<(), Problem> {
    if !webhook.hears_statements() || webhook.created_at >= until {
        return Ok(());
    }
    let webhook = &webhook;
    work.run(|work| async move {
        let event = id_of(webhook.id, until);
        let store = &*work.backend.store;
        let list = collections::events(webhook.account, webhook.environment);
        if Spread::of(store).find(store, &list, event).await?.is_some() {
            return Ok(());
        }
        let owner = work.find::<Account>(&[collections::accounts().key(webhook.account)]).await?;
        let Some(owner) = owner.map(|owner| owner.state).filter(|owner| is_open(owner, webhook))
        else {
            return Ok(());
        };
        let window = Window { since: until.minus(HOUR), until };
        let counted = count(&work.backend, &owner, webhook, window, Budget::ALL).await?;
        let statement = Statement::new(webhook.id, window, &counted);
        let data = data_of(webhook.id, window, statement, work.backend.settings.envelope.format)?;
        let event = statement_event(&work, webhook, (event, until), data);
        let webhooks = [Arc::clone(webhook)];
        let mut commit = accepted(&work, event, &webhooks, Trigger::Schedule).commit;
        work.announce(&mut commit).await?;
        work.commit(commit, &Reply::ok(&()), no_refusal).await
    })
    .await
}

fn is_open(owner: &Account, webhook: &Webhook) -> bool {
    !owner.is_closed() && owner.has(webhook.environment)
}

/// Returns the identifier of the statement of a webhook for the hour that ended at `until`: that time, and a
/// hash in place of what is random.
fn id_of(webhook: WebhookId, until: Timestamp) -> EventId {
    let hash = Sha256::digest(format!("statement {webhook} {until}"));
    let mut digits = [0; 16];
    digits.copy_from_slice(&hash[..16]);
    let at = u64::try_from(until.as_millis()).unwrap_or_default();
    EventId(Ulid::from_parts(at, u128::from_be_bytes(digits)))
}

/// Makes the data of the event: the statement as the API shows it, named by its webhook and the path that
/// shows it again.
fn data_of(
    webhook: WebhookId,
    Window { since, until }: Window,
    statement: Statement,
    format: PayloadFormat,
) -> Result<Box<RawValue>, Problem> {
    #[derive(Serialize)]
    struct Named {
        id: WebhookId,
        uri: String,
        #[serde(flatten)]
        statement: Statement,
    }
    #[derive(Serialize)]
    struct Data {
        object: Named,
    }
    let uri = format!("/v1/webhooks/{webhook}/statement?since={since}&until={until}");
    let object = Named { id: webhook, uri, statement };
    let data =
        if format.needs_object() { to_raw_value(&Data { object }) } else { to_raw_value(&object) };
    Ok(data.map_err(|_| Code::Unavailable)?)
}

fn statement_event(
    work: &Work,
    webhook: &Webhook,
    (id, until): (EventId, Timestamp),
    data: Box<RawValue>,
) -> AcceptedEvent {
    AcceptedEvent {
        format: Number::default(),
        id,
        account: webhook.account,
        event_type: EventType::statement(),
        environment: webhook.environment,
        jurisdiction: webhook.jurisdiction,
        created_at: until,
        accepted_at: work.now,
        data,
        erased_at: None,
        is_of_former_form: false,
        is_test: false,
        about: None,
        deliveries: vec![],
    }
}
